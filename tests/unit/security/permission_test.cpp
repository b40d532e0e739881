#include "core/security/permission.h"

#include <set>

#include "tests/support/catch.h"

using namespace ipaas::security;

namespace {
constexpr std::array kRoles = {Role::kViewer, Role::kOperator, Role::kEditor, Role::kAdmin, Role::kOwner};
}

TEST_CASE("every permission has its own row, in the order of the enumeration") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kPermissions.size(); ++i) {
    CHECK(static_cast<std::size_t>(kPermissions[i].permission) == i);
    CHECK(names.insert(kPermissions[i].name).second);
  }
  CHECK(static_cast<std::size_t>(Permission::kInstanceWrite) + 1 == kPermissionCount);
}

TEST_CASE("a higher role may all that a lower one may") {
  for (const PermissionRow& row : kPermissions) {
    bool allowed = false;
    for (const Role role : kRoles) {
      CAPTURE(row.name, role_name(role));
      CHECK((!allowed || permits(role, row.permission)));
      allowed = permits(role, row.permission);
    }
    CHECK(allowed);
  }
}

TEST_CASE("each role adds something to the one before") {
  for (std::size_t i = 1; i < kRoles.size(); ++i) {
    const auto adds = [&](const PermissionRow& row) {
      return permits(kRoles[i], row.permission) && !permits(kRoles[i - 1], row.permission);
    };
    CHECK(std::any_of(kPermissions.begin(), kPermissions.end(), adds));
  }
}

TEST_CASE("who reads cannot change, and only the owner touches the instance") {
  CHECK(permits(Role::kViewer, Permission::kLogRead));
  CHECK_FALSE(permits(Role::kViewer, Permission::kWorkflowRun));
  CHECK_FALSE(permits(Role::kOperator, Permission::kWorkflowWrite));
  CHECK_FALSE(permits(Role::kEditor, Permission::kCredentialWrite));
  CHECK_FALSE(permits(Role::kAdmin, Permission::kInstanceRead));
  CHECK(permits(Role::kOwner, Permission::kInstanceWrite));
}

TEST_CASE("only the public permission needs nobody, and an unknown one is nobody's") {
  for (const PermissionRow& row : kPermissions) CHECK(permits_anybody(row.permission) == !row.lowest.has_value());
  CHECK_FALSE(permits(Role::kOwner, static_cast<Permission>(200)));
}

TEST_CASE("roles are read by the names they are written with") {
  for (const Role role : kRoles) CHECK(role_from_name(role_name(role)) == role);
  CHECK_FALSE(role_from_name("root"));
  CHECK_FALSE(role_from_name("Admin"));
}
