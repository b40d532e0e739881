// Which ipaas this is.
#pragma once

#include <string_view>

namespace ipaas {

/// `1.2.3`, as CMakeLists.txt names it.
[[nodiscard]] std::string_view version();

}  // namespace ipaas
