// Reading JSON that somebody else wrote: what is missing or of another type is empty, never an exception.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/json.h"

namespace ipaas::cli {

/// The member, or null.
[[nodiscard]] const Json& member_of(const Json& object, std::string_view key);

/// A text as it is; numbers and booleans as JSON; empty for everything else.
[[nodiscard]] std::string text_of(const Json& object, std::string_view key);
[[nodiscard]] std::int64_t number_of(const Json& object, std::string_view key);
[[nodiscard]] bool flag_of(const Json& object, std::string_view key);

/// The array, or an empty one.
[[nodiscard]] const Json& items_of(const Json& object, std::string_view key);

/// The texts of an array, joined by ", ".
[[nodiscard]] std::string joined(const Json& array);

/// How long ago an RFC 3339 instant was, in its largest unit: `45s`, `3m`, `5h`, `12d`; `-` when there is none.
[[nodiscard]] std::string age(std::string_view instant, Instant now);

/// How long until an RFC 3339 instant: `45s`, `2h5m`; `0ms` once it has passed.
[[nodiscard]] std::string time_until(std::string_view instant, Instant now);

/// The time between two RFC 3339 instants: `120ms`, `3.4s`, `2m10s`; until now when there is no end.
[[nodiscard]] std::string elapsed(std::string_view from, std::string_view to, Instant now);

/// A duration to two digits of interest.
[[nodiscard]] std::string short_duration(Duration duration);

}  // namespace ipaas::cli
