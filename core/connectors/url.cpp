#include "core/connectors/url.h"

#include <algorithm>
#include <charconv>

#include "core/connectors/http_text.h"

namespace ipaas::connectors {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

tl::unexpected<Error> bad_url(std::string what, std::string hint = "write https://host/path") {
  return fail(ErrorKind::kInvalid, std::move(what), std::move(hint), "input_invalid");
}

std::string encode(std::string_view text, std::string_view kept, bool space_as_plus) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || kept.find(c) != std::string_view::npos) {
      encoded.push_back(c);
    } else if (c == ' ' && space_as_plus) {
      encoded.push_back('+');
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
    }
  }
  return encoded;
}

/// The scheme before `:`, lower case; empty where there is none.
std::string scheme_of(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text.front())) return {};
  const auto scheme = text.substr(0, colon);
  const bool shaped = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
  return shaped ? lower_case(scheme) : std::string();
}

bool is_host_name(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
  });
}

bool is_bracketed_address(std::string_view host) {
  if (host.size() < 4 || host.front() != '[' || host.back() != ']') return false;
  host = host.substr(1, host.size() - 2);
  return std::all_of(host.begin(), host.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
  });
}

Result<int> read_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool shaped = error == std::errc() && end == text.data() + text.size() && is_digit(text.front());
  if (!shaped || port < 1 || port > 65535) return bad_url("the port of the URL is not a number from 1 to 65535");
  return port;
}

Result<void> read_authority(Url& url, std::string_view authority) {
  if (authority.find('@') != std::string_view::npos) {
    return bad_url("the URL holds user info (user:password@)", "put the password into a credential");
  }
  const auto bracket = authority.rfind(']');
  const auto colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  const auto host = has_port ? authority.substr(0, colon) : authority;
  if (!is_host_name(host) && !is_bracketed_address(host)) return bad_url("the URL names no proper host");
  url.host = lower_case(host);
  url.port = url.scheme == "https" ? 443 : 80;
  if (!has_port) return {};
  const auto port = read_port(authority.substr(colon + 1));
  if (!port) return tl::unexpected(port.error());
  url.port = *port;
  url.has_written_port = true;
  return {};
}

void add_to_query(std::string& query, std::string_view more) {
  if (!query.empty() && !more.empty() && !query.ends_with('&')) query += '&';
  query += more;
}

std::string encode_pairs(const QueryPairs& pairs, std::string (*encode_one)(std::string_view)) {
  std::string text;
  for (const auto& [name, value] : pairs) {
    if (!text.empty()) text += '&';
    text += encode_one(name) + '=' + encode_one(value);
  }
  return text;
}

}  // namespace

std::string Url::text() const {
  std::string text = scheme + "://" + host;
  if (has_written_port) text += ":" + std::to_string(port);
  text += path;
  if (!query.empty()) text += "?" + query;
  return text;
}

bool Url::same_origin(const Url& other) const {
  return scheme == other.scheme && host == other.host && port == other.port;
}

Result<Url> parse_url(std::string_view text) {
  text = text.substr(0, text.find('#'));
  if (has_control_character(text)) return bad_url("the URL holds a control character");
  Url url;
  url.scheme = scheme_of(text);
  if (url.scheme != "http" && url.scheme != "https") return bad_url("the URL is not an http or https address");
  std::string_view rest = text.substr(url.scheme.size() + 1);
  if (!rest.starts_with("//")) return bad_url("the URL is not an http or https address");
  rest.remove_prefix(2);
  const auto end = std::min(rest.find_first_of("/?\\"), rest.size());
  const auto authority = read_authority(url, rest.substr(0, end));
  if (!authority) return tl::unexpected(authority.error());
  rest.remove_prefix(end);
  const auto question = std::min(rest.find('?'), rest.size());
  url.path = rest.substr(0, question);
  if (url.path.find('\\') != std::string::npos) return bad_url("the path of the URL holds a backslash");
  if (question < rest.size()) url.query = rest.substr(question + 1);
  return url;
}

bool names_its_host(std::string_view text) { return !scheme_of(text).empty() || text.starts_with("//"); }

Result<Url> join_url(const Url& base, std::string_view relative) {
  relative = relative.substr(0, relative.find('#'));
  if (has_control_character(relative)) return bad_url("the URL holds a control character");
  const auto question = std::min(relative.find('?'), relative.size());
  std::string_view path = relative.substr(0, question);
  if (path.find('\\') != std::string_view::npos) return bad_url("the path of the URL holds a backslash");
  Url joined = base;
  if (!path.empty()) {
    while (joined.path.ends_with('/')) joined.path.pop_back();
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    joined.path.append("/").append(path);
  }
  if (question < relative.size()) add_to_query(joined.query, relative.substr(question + 1));
  return joined;
}

Result<void> append_segments(Url& url, const std::vector<std::string>& segments) {
  for (const auto& segment : segments) {
    if (segment.empty() || segment == "." || segment == "..") {
      return bad_url("a part of the path is empty, `.` or `..`", "check the inputs that name what is called");
    }
    while (url.path.ends_with('/')) url.path.pop_back();
    url.path.append("/").append(percent_encode(segment));
  }
  return {};
}

void append_query(Url& url, const QueryPairs& pairs) { add_to_query(url.query, encode_pairs(pairs, percent_encode)); }

std::string percent_encode(std::string_view text) { return encode(text, "-._~", false); }

std::string form_encode(const QueryPairs& pairs) {
  return encode_pairs(pairs, [](std::string_view text) { return encode(text, "*-._", true); });
}

}  // namespace ipaas::connectors
