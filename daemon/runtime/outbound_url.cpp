#include "daemon/runtime/outbound_url.h"

#include <curl/curl.h>
#include <string.h>  // explicit_bzero is not in <cstring>

#include <algorithm>
#include <new>

#include "core/base/secret.h"

namespace ipaas::daemon {

namespace {

// A reference may hold what people type (spaces, letters beyond ASCII); it is encoded. Only http and https are spoken.
constexpr unsigned kParseFlags = CURLU_DISALLOW_USER | CURLU_URLENCODE | CURLU_ALLOW_SPACE;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

std::string part(CURLU* handle, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(handle, which, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  ::explicit_bzero(text, copy.size());
  curl_free(text);
  return copy;
}

// What curl's parser would let pass but two programs could read differently. Empty where all is well.
std::string_view shape_problem(std::string_view text) {
  if (text.size() > OutboundUrl::kMaxBytes) return "the URL is longer than 64 KiB";
  if (std::any_of(text.begin(), text.end(), is_control)) return "the URL holds a control character";
  const bool http = starts_with_ignoring_case(text, "http://");
  if (!http && !starts_with_ignoring_case(text, "https://")) return "the URL is not an absolute http or https address";
  const std::string_view rest = text.substr(http ? 7 : 8);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.empty()) return "the URL names no host";
  if (authority.find('@') != std::string_view::npos) {
    return "the URL holds user info (user:password@); use a credential instead";
  }
  if (authority.find_first_of("\\ ") != std::string_view::npos) return "the host of the URL is malformed";
  return {};
}

}  // namespace

void OutboundUrl::Deleter::operator()(CURLU* handle) const {
  curl_url_cleanup(handle);
}

OutboundUrl::OutboundUrl(Handle handle)
    : handle_(std::move(handle)),
      scheme_(part(handle_.get(), CURLUPART_SCHEME)),
      host_(part(handle_.get(), CURLUPART_HOST)),
      port_(part(handle_.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT)) {
  std::transform(host_.begin(), host_.end(), host_.begin(), lower);
  if (host_.starts_with('[') && host_.ends_with(']')) host_ = host_.substr(1, host_.size() - 2);
}

OutboundUrl::OutboundUrl(const OutboundUrl& other)
    : handle_(curl_url_dup(other.handle_.get())), scheme_(other.scheme_), host_(other.host_), port_(other.port_) {
  if (!handle_) throw std::bad_alloc();
}

OutboundUrl& OutboundUrl::operator=(const OutboundUrl& other) {
  return *this = OutboundUrl(other);
}

tl::expected<OutboundUrl, std::string> OutboundUrl::parse(std::string_view text) {
  if (const auto problem = shape_problem(text); !problem.empty()) return tl::unexpected(std::string(problem));
  Handle handle(curl_url());
  if (!handle) throw std::bad_alloc();
  std::string terminated(text);
  const CURLUcode parsed = curl_url_set(handle.get(), CURLUPART_URL, terminated.c_str(), kParseFlags);
  wipe(terminated);
  if (parsed != CURLUE_OK) return tl::unexpected(std::string("the URL is malformed"));
  OutboundUrl url(std::move(handle));
  if (url.host_.empty()) return tl::unexpected(std::string("the URL names no host"));
  if (url.port_ == "0") return tl::unexpected(std::string("port 0 cannot be connected to"));
  return url;
}

tl::expected<OutboundUrl, std::string> OutboundUrl::resolve(std::string_view reference) const {
  if (std::any_of(reference.begin(), reference.end(), is_control)) {
    return tl::unexpected(std::string("the location holds a control character"));
  }
  const Handle base(curl_url_dup(handle_.get()));
  if (!base) throw std::bad_alloc();
  if (curl_url_set(base.get(), CURLUPART_URL, std::string(reference).c_str(), kParseFlags) != CURLUE_OK) {
    return tl::unexpected(std::string("the location is malformed"));
  }
  return parse(part(base.get(), CURLUPART_URL));
}

bool OutboundUrl::same_origin(const OutboundUrl& other) const {
  return scheme_ == other.scheme_ && host_ == other.host_ && port_ == other.port_;
}

bool OutboundUrl::has_query_key(std::string_view encoded_name) const {
  const std::string query = part(handle_.get(), CURLUPART_QUERY);
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    if (pair.substr(0, pair.find('=')) == encoded_name) return true;
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
  }
  return false;
}

void OutboundUrl::append_query(std::string_view encoded_name, std::string_view encoded_value) {
  std::string pair(encoded_name);
  pair.append("=").append(encoded_value);
  if (curl_url_set(handle_.get(), CURLUPART_QUERY, pair.c_str(), CURLU_APPENDQUERY) != CURLUE_OK) {
    throw std::bad_alloc();
  }
  wipe(pair);
}

std::string OutboundUrl::text() const {
  return part(handle_.get(), CURLUPART_URL);
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string encoded;
  encoded.reserve(text.size() * 3);
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      encoded.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
  }
  return encoded;
}

}  // namespace ipaas::daemon
