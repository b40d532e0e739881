// What executions gave to mask() is masked wherever they are shown, as long as they are kept.
#pragma once

#include <vector>

#include "core/domain/execution.h"
#include "core/service/context.h"

namespace ipaas::service {

/// Each value is known in some forty forms; nobody masks a text of more than this to hide a secret. Of a longer one the
/// beginning is known.
inline constexpr std::size_t kLongestMasked = 16 * 1024;

/// A masker that knows what `base` knows and what these executions have registered themselves, or what somebody has read of
/// that. The one of a tenant forgets old values for new ones, so that others could make it forget them.
[[nodiscard]] security::Masker masker_with(const security::Masker& base, const std::vector<std::string>& registered);
[[nodiscard]] Result<security::Masker> masker_for(store::TenantReader& reader, const security::Masker& base,
                                                  const TenantId& tenant, const std::vector<ExecutionId>& executions);

/// Everything of the execution that is shown.
void mask(const security::Masker& masker, domain::ExecutionSnapshot& snapshot);

}  // namespace ipaas::service
