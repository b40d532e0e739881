// Percent-encoding (RFC 3986, section 2.1) and comparing names without case.
#pragma once

#include <string>
#include <string_view>

namespace ipaas::daemon::http {

/// Appends the decoded text to `out`. False, with `out` partly written, when a `%` is not followed by two hexadecimal
/// digits or stands for NUL.
[[nodiscard]] bool decode_percent(std::string_view text, std::string& out);

/// ASCII only, as field names are.
[[nodiscard]] bool equals_without_case(std::string_view a, std::string_view b);

}  // namespace ipaas::daemon::http
