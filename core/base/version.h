// Which ipaas this is.
#pragma once

#include <string_view>

namespace ipaas {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace ipaas
