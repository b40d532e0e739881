// A workflow and its immutable versions, as they are kept.
#pragma once

#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/domain/trigger.h"

namespace ipaas::domain {

struct Workflow {
  WorkflowId id;
  TenantId tenant;
  std::string name;  ///< unique in the tenant
  std::string description;
  bool enabled = true;
  int version = 1;  ///< the newest
  Instant created_at{};
  Instant updated_at{};
  std::vector<TriggerKind> triggers = {};  ///< of the newest version, in rising order
  std::string set = {};                    ///< under which it was last applied; empty for none
};

/// Never changed once it is stored; a running execution keeps the version it began with.
struct WorkflowVersion {
  WorkflowId workflow;
  int number = 1;
  std::string source;  ///< the YAML document as it was applied
  std::string digest;  ///< hex SHA-256 of `source`
  std::string author;
  std::string message;
  Instant created_at{};
};

}  // namespace ipaas::domain
