// Nouns as the API and `-o json` show them.
#pragma once

#include <string>
#include <vector>

#include "core/service/context.h"
#include "core/service/executions.h"
#include "core/service/retries.h"
#include "core/service/schedules.h"
#include "core/service/waits.h"
#include "core/service/workflows.h"

namespace ipaas::service {

[[nodiscard]] Json view(const store::SavedWorkflow& saved);
[[nodiscard]] Json view(const domain::Workflow& workflow);
[[nodiscard]] Json view(const WorkflowDetails& details);
/// Without its source.
[[nodiscard]] Json view(const domain::WorkflowVersion& version);
[[nodiscard]] Json view(const domain::Schedule& schedule, Instant now);
[[nodiscard]] Json view(const Backfill& backfill);
[[nodiscard]] Json view(const domain::Credential& credential);
/// The value masked, as a member of that name would be.
[[nodiscard]] Json view(const domain::Variable& variable, const security::Masker& masker);
[[nodiscard]] Json view(const domain::LogLine& line);
[[nodiscard]] Json view(const connectors::Connector& connector);
[[nodiscard]] Json view(const Started& started);
[[nodiscard]] Json view(const domain::Delivery& delivery);
/// Masked.
[[nodiscard]] Json view(const Wait& wait, const security::Masker& masker);

[[nodiscard]] Json view(const Retried& retried);
[[nodiscard]] Json view(const LeftOut& left_out);
[[nodiscard]] Json view(const domain::Attempt& attempt, const security::Masker& masker);

/// Without steps, inputs and outputs; for lists.
[[nodiscard]] Json view(const domain::Execution& execution, const security::Masker& masker);
/// Everything, masked.
[[nodiscard]] Json view(const domain::ExecutionSnapshot& snapshot, const security::Masker& masker);

}  // namespace ipaas::service
