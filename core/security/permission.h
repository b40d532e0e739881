// Who may do what: one table.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ipaas::security {

/// In rising order: every role may do all that the roles before it may.
/// `kOwner` is the owner of the instance, not of one tenant.
enum class Role : std::uint8_t { kViewer, kOperator, kEditor, kAdmin, kOwner };

/// What a route or a command needs.
enum class Permission : std::uint8_t {
  kPublic,  ///< nobody has to be known: health, webhooks (their signature is their proof)
  kWorkflowRead,
  kExecutionRead,
  kLogRead,
  kConnectorRead,
  kScheduleRead,
  kWorkflowRun,
  kExecutionControl,  ///< cancel, retry, discard, approve
  kExecutionPurge,  ///< delete history
  kWebhookReplay,
  kWorkflowWrite,
  kScheduleWrite,
  kVariableWrite,
  kCredentialRead,  ///< names, types and times; the secret fields are shown to nobody
  kCredentialWrite,
  kUserRead,
  kUserWrite,
  kTokenWrite,  ///< one's own access tokens
  kAuditRead,
  kTenantRead,
  kTenantWrite,
  kInstanceRead,   ///< `admin status`
  kInstanceWrite,  ///< backup, restore, key rotation, drain
};

inline constexpr std::size_t kRoleCount = 5;
inline constexpr std::size_t kPermissionCount = 23;

/// One row a permission: its name, and the lowest role that has it; nothing means everybody, known or not.
struct PermissionRow {
  Permission permission;
  std::string_view name;
  std::optional<Role> lowest;
};

inline constexpr std::array<PermissionRow, kPermissionCount> kPermissions{{
    {Permission::kPublic, "public", std::nullopt},
    {Permission::kWorkflowRead, "workflow:read", Role::kViewer},
    {Permission::kExecutionRead, "execution:read", Role::kViewer},
    {Permission::kLogRead, "log:read", Role::kViewer},
    {Permission::kConnectorRead, "connector:read", Role::kViewer},
    {Permission::kScheduleRead, "schedule:read", Role::kViewer},
    {Permission::kWorkflowRun, "workflow:run", Role::kOperator},
    {Permission::kExecutionControl, "execution:control", Role::kOperator},
    {Permission::kExecutionPurge, "execution:purge", Role::kAdmin},
    {Permission::kWebhookReplay, "webhook:replay", Role::kOperator},
    {Permission::kWorkflowWrite, "workflow:write", Role::kEditor},
    {Permission::kScheduleWrite, "schedule:write", Role::kEditor},
    {Permission::kVariableWrite, "variable:write", Role::kEditor},
    {Permission::kCredentialRead, "credential:read", Role::kEditor},
    {Permission::kCredentialWrite, "credential:write", Role::kAdmin},
    {Permission::kUserRead, "user:read", Role::kAdmin},
    {Permission::kUserWrite, "user:write", Role::kAdmin},
    {Permission::kTokenWrite, "token:write", Role::kViewer},
    {Permission::kAuditRead, "audit:read", Role::kAdmin},
    {Permission::kTenantRead, "tenant:read", Role::kOwner},
    {Permission::kTenantWrite, "tenant:write", Role::kOwner},
    {Permission::kInstanceRead, "instance:read", Role::kOwner},
    {Permission::kInstanceWrite, "instance:write", Role::kOwner},
}};

[[nodiscard]] constexpr const PermissionRow& row_of(Permission permission) {
  return kPermissions[static_cast<std::size_t>(permission)];
}

/// May somebody in this role do that? A permission out of the table is nobody's.
[[nodiscard]] constexpr bool permits(Role role, Permission permission) {
  if (static_cast<std::size_t>(permission) >= kPermissions.size()) return false;
  const std::optional<Role> lowest = row_of(permission).lowest;
  return !lowest || role >= *lowest;
}

/// May somebody who has not said who they are?
[[nodiscard]] constexpr bool permits_anybody(Permission permission) { return permission == Permission::kPublic; }

/// `viewer`, `operator`, `editor`, `admin`, `owner`.
[[nodiscard]] std::string_view role_name(Role role);
[[nodiscard]] std::optional<Role> role_from_name(std::string_view name);

}  // namespace ipaas::security
