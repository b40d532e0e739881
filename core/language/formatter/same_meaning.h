// Do two texts say the same?
#pragma once

#include <vector>

#include "core/language/yaml/layout.h"

namespace ipaas::language::formatter {

/// The same values of the same types, anchors of the same names and aliases of the same anchors; the keys of a mapping
/// in any order, since they have none. Keys must be unique.
[[nodiscard]] bool same_meaning(const std::vector<yaml::LaidOutDocument>& a,
                                const std::vector<yaml::LaidOutDocument>& b);

}  // namespace ipaas::language::formatter
