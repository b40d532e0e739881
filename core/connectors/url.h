// The addresses that connectors put together (RFC 3986), as texts. What goes onto the wire is parsed again by the sender.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"

namespace ipaas::connectors {

using QueryPairs = std::vector<std::pair<std::string, std::string>>;

/// An absolute http or https address without user info. Its fragment is dropped: it is never sent.
struct Url {
  std::string scheme;  ///< lower case
  std::string host;    ///< lower case; IPv6 keeps its brackets
  int port = 0;        ///< the scheme's own where none is written
  std::string path;    ///< from the first slash on, without the query; may be empty
  std::string query;   ///< without `?`
  bool has_written_port = false;

  [[nodiscard]] std::string text() const;
  /// Scheme, host and port agree (RFC 6454).
  [[nodiscard]] bool same_origin(const Url& other) const;
};

/// Strict about the host, since it decides who gets a credential: letters, digits, `.-_` or an address in brackets.
/// Errors (`input_invalid`) never quote the text, which may hold a secret.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

/// Begins with a scheme, or with the `//` of a host: not for joining to a base.
[[nodiscard]] bool names_its_host(std::string_view text);

/// The base with the relative text behind it: one slash between the paths, queries joined. The base's host stays.
[[nodiscard]] Result<Url> join_url(const Url& base, std::string_view relative);

/// Appends to the path as one segment each, percent-encoded. Empty segments, `.` and `..` would lead elsewhere: refused.
[[nodiscard]] Result<void> append_segments(Url& url, const std::vector<std::string>& segments);

/// Appends to the query, percent-encoded.
void append_query(Url& url, const QueryPairs& pairs);

/// Everything but the unreserved characters of RFC 3986 becomes %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// application/x-www-form-urlencoded (URL Standard section 5.2).
[[nodiscard]] std::string form_encode(const QueryPairs& pairs);

}  // namespace ipaas::connectors
