// Staying with an execution until it has ended: used by run and by execution.
#pragma once

#include <string>

#include "cli/api/client.h"
#include "cli/context.h"

namespace ipaas::cli {

/// Waits (for ever with a timeout of zero), prints the execution and exits 0, 7 or 8.
[[nodiscard]] Outcome wait_and_print(const Context& context, const Client& client, const std::string& id,
                                     Duration timeout);

/// Its log lines as they come, then the execution. With structured output the lines go to standard error.
[[nodiscard]] Outcome follow_execution(const Context& context, const Client& client, const std::string& id);

/// Its steps as they change: redrawn in place on a terminal, a line for each change elsewhere.
[[nodiscard]] Outcome watch_execution(const Context& context, const Client& client, const std::string& id);

/// In the format that was asked for.
void print_execution(const Context& context, const Json& execution);

}  // namespace ipaas::cli
