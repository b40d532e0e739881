#include "core/service/context.h"

namespace ipaas::service {

Result<void> require(const Caller& caller, security::Permission permission) {
  if (security::permits(caller.role, permission)) return {};
  return fail(ErrorKind::kForbidden,
              "the role " + std::string(security::role_name(caller.role)) + " does not have the permission " +
                  std::string(security::row_of(permission).name),
              "ask an administrator of the tenant");
}

domain::AuditRecord audit(const Context& context, std::string action, std::string target, Json details) {
  return {context.caller.tenant, context.clock.now(), context.caller.actor,
          std::move(action),     std::move(target),   std::move(details)};
}

}  // namespace ipaas::service
