// What reading and writing times share.
#pragma once

#include <array>
#include <string_view>

#include "core/base/error.h"

namespace ipaas::language {

inline constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
/// As date::weekday::c_encoding counts them.
inline constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                              "Thursday", "Friday", "Saturday"};

[[nodiscard]] inline Error bad_format() {
  return {ErrorKind::kInvalid, "the format of the time is not one",
          "formats are written as in strftime, such as '%Y-%m-%d %H:%M': `ipaas eval --functions` lists them",
          "bad_format"};
}

}  // namespace ipaas::language
