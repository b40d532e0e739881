#include "daemon/http/request_check.h"

#include <algorithm>
#include <charconv>

#include "daemon/http/percent.h"

namespace ipaas::daemon::http {
namespace {

/// The fields that decide about framing, gathered in one pass.
struct Found {
  int hosts = 0;
  int lengths = 0;
  int codings = 0;
  std::string_view host;
  std::string_view length;
  std::string_view coding;
  std::string_view encoding;
  std::string_view expect;
};

Found gather(const std::vector<Request::Field>& fields) {
  Found found;
  for (const auto& [name, value] : fields) {
    // The length sorts out nearly every field before its letters are compared.
    switch (name.size()) {
      case 4:
        if (equals_without_case(name, "Host")) ++found.hosts, found.host = value;
        break;
      case 6:
        if (equals_without_case(name, "Expect")) found.expect = value;
        break;
      case 14:
        if (equals_without_case(name, "Content-Length")) ++found.lengths, found.length = value;
        break;
      case 16:
        if (equals_without_case(name, "Content-Encoding") && !equals_without_case(value, "identity"))
          found.encoding = value;
        break;
      case 17:
        if (equals_without_case(name, "Transfer-Encoding")) ++found.codings, found.coding = value;
        break;
      default:
        break;
    }
  }
  return found;
}

bool is_host(std::string_view host) {
  return std::none_of(host.begin(), host.end(), [](char c) {
    return c <= ' ' || c == ',' || c == '/' || c == '@' || c == '\\' || c == '?' || c == '#';
  });
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
  std::uint64_t length = 0;
  const char* const end = text.data() + text.size();
  // from_chars takes neither sign nor space in front of an unsigned number.
  const auto [stop, error] = std::from_chars(text.data(), end, length);
  if (error != std::errc() || stop != end) return std::nullopt;
  return length;
}

bool is_target_text(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c == 0x7f || c == '#'; });
}

/// The part of an absolute-form target from its path on; nothing where it is none of http.
std::optional<std::string_view> path_of_absolute(std::string_view target) {
  for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
    if (!equals_without_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t end = target.find_first_of("/?");
    if (end == 0) return std::nullopt;
    return end == std::string_view::npos ? std::string_view("/") : target.substr(end);
  }
  return std::nullopt;
}

bool split_path(std::string_view path, std::vector<std::string_view>& segments, std::string& decoded) {
  // Decoding never lengthens, so views into `decoded` stay where they are.
  decoded.clear();
  decoded.reserve(path.size());
  std::string_view rest = path.substr(1);
  for (;;) {
    const std::size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    if (segment.find('%') == std::string_view::npos) {
      segments.push_back(segment);
    } else {
      const std::size_t start = decoded.size();
      if (!decode_percent(segment, decoded)) return false;
      segments.push_back(std::string_view(decoded).substr(start));
    }
    if (slash == std::string_view::npos) return true;
    rest.remove_prefix(slash + 1);
  }
}

}  // namespace

tl::expected<Framing, Refusal> check_fields(int minor_version, const std::vector<Request::Field>& fields) {
  const auto refuse = [](Refusal refusal) { return tl::unexpected<Refusal>(refusal); };
  const Found found = gather(fields);
  if (found.hosts > 1) return refuse(malformed("more than one Host"));
  if (found.hosts == 0 && minor_version >= 1) return refuse(malformed("no Host"));
  if (!is_host(found.host)) return refuse(malformed("Host is not a host"));
  if (found.lengths > 1) return refuse(malformed("more than one Content-Length"));

  Framing framing;
  if (found.codings > 0) {
    if (found.lengths > 0) return refuse(malformed("Content-Length beside Transfer-Encoding"));
    if (minor_version == 0) return refuse(malformed("Transfer-Encoding in HTTP/1.0"));
    if (found.codings > 1 || !equals_without_case(found.coding, "chunked")) {
      return refuse(malformed("Transfer-Encoding is not `chunked`"));
    }
    framing.chunked = true;
  } else if (found.lengths == 1) {
    const std::optional<std::uint64_t> length = parse_length(found.length);
    if (!length) return refuse(malformed("Content-Length is not a number"));
    framing.content_length = *length;
  }
  if (!found.encoding.empty()) {
    return refuse(
        {415, "unsupported_encoding", "a request's body must not be compressed: send it without Content-Encoding"});
  }
  // RFC 9110, section 10.1.1: a server ignores what a 1.0 client expects.
  if (!found.expect.empty() && minor_version >= 1) {
    if (!equals_without_case(found.expect, "100-continue")) {
      return refuse({417, "invalid_request", "only `100-continue` can be expected"});
    }
    framing.expects_continue = true;
  }
  return framing;
}

std::optional<Refusal> read_target(std::string_view target, Request& request, std::string& decoded) {
  if (!is_target_text(target)) return malformed("the request target holds a character that must be percent-encoded");
  if (!target.starts_with('/')) {
    const std::optional<std::string_view> path = path_of_absolute(target);
    if (!path) return malformed("the request target is not a path");
    target = *path;
  }
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (request.path.empty()) request.path = "/";
  request.query_text = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  request.segments.clear();
  if (!split_path(request.path, request.segments, decoded))
    return malformed("the path is not percent-encoded correctly");
  if (request.query_text.find('%') != std::string_view::npos) {
    std::string scratch;
    if (!decode_percent(request.query_text, scratch)) return malformed("the query is not percent-encoded correctly");
  }
  return std::nullopt;
}

bool has_bare_line_feed(std::string_view head, std::size_t from) {
  for (std::size_t at = head.find('\n', from); at != std::string_view::npos; at = head.find('\n', at + 1)) {
    if (at == 0 || head[at - 1] != '\r') return true;
  }
  return false;
}

bool stands_in_line(std::string_view name, std::string_view value) {
  const char* at = name.data() + name.size() + 1;  // behind the colon
  while (*at == ' ' || *at == '\t') ++at;
  return at == value.data();
}

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
}

}  // namespace ipaas::daemon::http
