// What a well-formed request is, beyond what Beast's parser asks: pure functions over its head.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "daemon/http/refusal.h"
#include "daemon/http/request.h"

namespace ipaas::daemon::http {

/// Where a request's body ends (RFC 9112, section 6).
struct Framing {
  std::uint64_t content_length = 0;
  bool chunked = false;
  bool expects_continue = false;
};

/// Refuses everything by which two servers in a row could disagree about where a request ends: Content-Length beside
/// Transfer-Encoding or twice, other codings than `chunked`, no Host or several; also what we do not do
/// (Content-Encoding, Expect other than 100-continue). `minor_version` is that of HTTP/1.
[[nodiscard]] tl::expected<Framing, Refusal> check_fields(int minor_version, const std::vector<Request::Field>& fields);

/// Splits a target (RFC 9112, section 3.2: origin-form, or absolute-form, of which only the path counts) into the
/// request's path, query_text and segments. Decoded segments lie in `decoded`, which must live as long as the request.
[[nodiscard]] std::optional<Refusal> read_target(std::string_view target, Request& request, std::string& decoded);

/// Is there a line feed from position `from` on without a carriage return before it?
[[nodiscard]] bool has_bare_line_feed(std::string_view head, std::size_t from);

/// Is `value` unfolded (RFC 9112, section 5.2), the text that stands in the line of the field `name`?
[[nodiscard]] bool stands_in_line(std::string_view name, std::string_view value);

/// May a client's X-Request-Id be used as ours? Only letters, digits, `_` and `-`, 1 to 64 of them.
[[nodiscard]] bool is_request_id(std::string_view text);

}  // namespace ipaas::daemon::http
