// Random workflows, as the text that a person could have written.
#pragma once

#include <string>

#include "tests/simulation/dice.h"

namespace ipaas::simulation {

/// One to four workflows in one text: every kind of step, nested, with conditions, retries, timeouts, handlers and
/// concurrency groups. A workflow calls only those that follow it, so that calls end; ends of workflows start others.
/// Groups of the same name have the same limit.
[[nodiscard]] std::string generate_workflows(Dice& dice);

}  // namespace ipaas::simulation
