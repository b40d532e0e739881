// The schedules that a name means.
#pragma once

#include <string>
#include <vector>

#include "core/service/context.h"

namespace ipaas::service {

/// All of the workflow of that name, or the one with that id; never none. Needs Permission::kScheduleRead.
[[nodiscard]] Result<std::vector<domain::Schedule>> named_schedules(const Context& context, const std::string& name);

}  // namespace ipaas::service
