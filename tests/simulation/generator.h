// Random workflows, as the text that a person could have written.
#pragma once

#include <string>

#include "tests/simulation/dice.h"

namespace ipaas::simulation {

/// One to four workflows in one text: every kind of step, nested, with conditions, retries, timeouts, handlers and
/// concurrency groups. A workflow calls only those that follow it, and the last may wait for the ends of others, so that
/// no text starts executions for ever.
[[nodiscard]] std::string generate_workflows(Dice& dice);

}  // namespace ipaas::simulation
