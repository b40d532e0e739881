// Who asks, and what a service needs to answer.
#pragma once

#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/connectors/catalog.h"
#include "core/security/masker.h"
#include "core/security/permission.h"
#include "core/service/runtime.h"
#include "core/store/store.h"

namespace ipaas::service {

struct Caller {
  TenantId tenant;
  std::string actor;  ///< for the audit log: `uid:0`
  security::Role role = security::Role::kViewer;
};

/// One request's view of the instance. Borrows everything; as thread-safe as the reader, that is for one thread.
struct Context {
  const Caller& caller;
  store::Reader& reader;
  store::Writer& writer;
  Runtime& runtime;
  const connectors::Catalog& catalog;
  const security::Masker& masker;  ///< the tenant's
  IdSource& ids;
  const Clock& clock;
  std::string_view public_url = {};  ///< how senders reach this instance; empty when it is not configured
};

/// Every service asks this first.
[[nodiscard]] Result<void> require(const Caller& caller, security::Permission permission);

[[nodiscard]] domain::AuditRecord audit(const Context& context, std::string action, std::string target,
                                        Json details = Json::object());

}  // namespace ipaas::service
