// How long a receiver asks to be left alone.
#pragma once

#include <optional>
#include <string_view>

#include "core/base/clock.h"

namespace ipaas::connectors {

/// All three forms of RFC 9110 section 5.6.7. A two-digit year that seems more than 50 years ahead of `now` is of the
/// last century. Names of days are not compared with the date.
[[nodiscard]] std::optional<Instant> parse_http_date(std::string_view text, Instant now);

/// The value of Retry-After (RFC 9110 section 10.2.3): seconds or a date. Never negative, at most a week; nothing where
/// the text is neither.
[[nodiscard]] std::optional<Duration> parse_retry_after(std::string_view text, Instant now);

/// Seconds, with the same bounds. NaN is nothing.
[[nodiscard]] std::optional<Duration> bounded_wait(double seconds);

}  // namespace ipaas::connectors
