#include "core/security/permission.h"

#include <algorithm>

namespace ipaas::security {
namespace {

constexpr std::array<std::string_view, kRoleCount> kRoleNames{"viewer", "operator", "editor", "admin", "owner"};

}  // namespace

std::string_view role_name(Role role) { return kRoleNames.at(static_cast<std::size_t>(role)); }

std::optional<Role> role_from_name(std::string_view name) {
  const auto* const found = std::find(kRoleNames.begin(), kRoleNames.end(), name);
  if (found == kRoleNames.end()) return std::nullopt;
  return static_cast<Role>(found - kRoleNames.begin());
}

}  // namespace ipaas::security
