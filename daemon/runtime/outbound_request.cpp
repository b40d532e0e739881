#include "daemon/runtime/outbound_request.h"

#include <algorithm>
#include <array>

#include "core/base/secret.h"

namespace ipaas::daemon {

namespace {

using connectors::HeaderList;
using connectors::HttpCall;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), lower(name)) != names.end();
}

// They frame the message or speak to the next hop only; a caller who set them could make two programs disagree about
// where the request ends.
constexpr std::array<std::string_view, 10> kOurs = {"host",       "content-length",  "transfer-encoding", "connection",
                                                    "te",         "trailer",         "upgrade",           "expect",
                                                    "keep-alive", "proxy-connection"};
constexpr std::array<std::string_view, 4> kIdentity = {"authorization", "proxy-authorization", "cookie", "cookie2"};
constexpr std::array<std::string_view, 4> kAboutBody = {"content-type", "content-encoding", "content-language",
                                                        "content-location"};

// RFC 9110 section 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kSymbols = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kSymbols.find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string header_problem(std::string_view name, std::string_view value) {
  if (!is_token(name)) return "a header name holds a character that is not allowed in one";
  if (is_one_of(name, kOurs)) return "the header " + std::string(name) + " is set by ipaas itself";
  if (!is_field_value(value)) return "the value of the header " + std::string(name) + " holds a control character";
  return {};
}

std::string headers_problem(const HttpCall& call) {
  std::size_t bytes = 0;
  const auto check = [&](std::string_view name, std::string_view value) {
    bytes += name.size() + value.size() + 4;
    return header_problem(name, value);
  };
  for (const auto& [name, value] : call.headers) {
    if (auto problem = check(name, value); !problem.empty()) return problem;
  }
  for (const auto& [name, value] : call.credential_headers) {
    if (auto problem = check(name, value.reveal()); !problem.empty()) return problem;
  }
  return bytes > OutboundRequest::kMaxHeaderBytes ? "the headers are longer than 256 KiB" : "";
}

std::string method_problem(const HttpCall& call) {
  if (!is_token(call.method) || call.method.size() > 32) return "the method is not a word";
  if (call.method == "CONNECT") return "the method CONNECT is for proxies";
  if (call.method == "HEAD" && !call.body.empty()) return "a HEAD request cannot have a body";
  return {};
}

bool has_header(const HeaderList& headers, std::string_view lower_name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& header) { return lower(header.first) == lower_name; });
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

HeaderLines::~HeaderLines() {
  for (std::string& line : lines_) wipe(line);
}

void HeaderLines::add(std::string_view name, std::string_view value) {
  const std::string_view content = trim(value);
  std::string& line = lines_.emplace_back();
  line.reserve(name.size() + content.size() + 2);
  line.append(name);
  // To curl "Name:" means "leave it out" and "Name;" means "send it empty".
  if (content.empty()) {
    line.append(";");
  } else {
    line.append(": ").append(content);
  }
}

void HeaderLines::leave_out(std::string_view name) {
  lines_.emplace_back(name).append(":");
}

curl_slist* HeaderLines::list() {
  nodes_.resize(lines_.size());
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    nodes_[i] = {lines_[i].data(), i + 1 < lines_.size() ? &nodes_[i + 1] : nullptr};
  }
  return nodes_.empty() ? nullptr : nodes_.data();
}

OutboundRequest::OutboundRequest(HttpCall call, OutboundUrl target)
    : call_(std::move(call)), target_(std::move(target)) {}

tl::expected<OutboundRequest, std::string> OutboundRequest::from(HttpCall call) {
  if (auto problem = method_problem(call); !problem.empty()) return tl::unexpected(std::move(problem));
  if (auto problem = headers_problem(call); !problem.empty()) return tl::unexpected(std::move(problem));
  if (!call.url.empty() && !call.credential_url.empty()) {
    return tl::unexpected(std::string("the URL is given twice, in the call and by the credential"));
  }
  auto target = OutboundUrl::parse(call.url.empty() ? call.credential_url.reveal() : std::string_view(call.url));
  if (!target) return tl::unexpected(std::move(target.error()));
  OutboundRequest request(std::move(call), std::move(*target));
  if (request.wire_url().size() > OutboundUrl::kMaxBytes) {
    return tl::unexpected(std::string("the URL is longer than 64 KiB"));
  }
  return request;
}

std::string OutboundRequest::wire_url() const {
  if (call_.credential_query.empty()) return target_.text();
  OutboundUrl url = target_;
  for (const auto& [name, value] : call_.credential_query) {
    const std::string encoded_name = percent_encode(name);
    // A server that only adds a slash sends the query back in its Location.
    if (hop_ > 0 && url.has_query_key(encoded_name)) continue;
    std::string encoded_value = percent_encode(value.reveal());
    url.append_query(encoded_name, encoded_value);
    wipe(encoded_value);
  }
  return url.text();
}

std::unique_ptr<HeaderLines> OutboundRequest::wire_headers() const {
  auto lines = std::make_unique<HeaderLines>(call_.headers.size() + call_.credential_headers.size() + 2);
  for (const auto& [name, value] : call_.headers) lines->add(name, value);
  for (const auto& [name, value] : call_.credential_headers) lines->add(name, value.reveal());
  // With it curl waits a second for a "100 Continue" that few servers send.
  lines->leave_out("Expect");
  if (has_body() && !has_header(call_.headers, "content-type")) lines->leave_out("Content-Type");
  return lines;
}

bool OutboundRequest::has_body() const {
  return !call_.body.empty() || call_.method == "POST" || call_.method == "PUT" || call_.method == "PATCH";
}

bool OutboundRequest::is_safe() const {
  return call_.method == "GET" || call_.method == "HEAD" || call_.method == "OPTIONS";
}

bool OutboundRequest::follow(int status, std::string_view location) {
  if (!call_.follow_redirects || !is_redirect(status) || location.empty() || hop_ == kMaxRedirects) return false;
  auto next = target_.resolve(location);
  if (!next || (target_.is_https() && !next->is_https())) return false;
  if (!next->same_origin(target_)) leave_credentials_behind();
  if (status == 303 ? call_.method != "HEAD" : status <= 302 && call_.method == "POST") become_get();
  target_ = std::move(*next);
  ++hop_;
  return true;
}

void OutboundRequest::leave_credentials_behind() {
  call_.credential_headers.clear();
  call_.credential_query.clear();
  std::erase_if(call_.headers, [](const auto& header) { return is_one_of(header.first, kIdentity); });
}

void OutboundRequest::become_get() {
  call_.method = "GET";
  call_.body.clear();
  std::erase_if(call_.headers, [](const auto& header) { return is_one_of(header.first, kAboutBody); });
}

}  // namespace ipaas::daemon
