// One execution and its steps, for a person.
#pragma once

#include <string>

#include "cli/output/style.h"
#include "cli/output/view.h"
#include "core/base/clock.h"
#include "core/base/json.h"

namespace ipaas::cli {

/// The columns of `execution list`.
[[nodiscard]] View executions_view(Instant now);

/// What it is, how it goes, what failed, and its steps as a table. With a width, no line is longer.
[[nodiscard]] std::string execution_text(const Json& execution, const Style& style, Instant now, std::size_t width = 0);

/// `rejected: 404 from shop.example (step orders)`; empty when nothing failed.
[[nodiscard]] std::string failure_text(const Json& error);

}  // namespace ipaas::cli
