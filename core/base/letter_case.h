// Letter case of ASCII: names of protocols and of our own, whatever the locale is.
#pragma once

#include <string>
#include <string_view>

namespace ipaas {

/// ASCII only; other bytes stay.
[[nodiscard]] std::string lower_case(std::string_view text);
[[nodiscard]] std::string upper_case(std::string_view text);

/// Are they the same but for letter case?
[[nodiscard]] bool equal_letters(std::string_view a, std::string_view b);

}  // namespace ipaas
