// The steps of an execution, those of a loop's rounds below their loop.
#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"

namespace ipaas::cli {

struct StepRow {
  std::string label;    ///< indented: `  [3] send` is the step `notify[3].send` below `notify`
  const Json* step = nullptr;  ///< borrowed from the list; none where the row is a title, or stands for rows left out
  bool nested = false;
};

/// Rounds in their order, and the steps of a round in the order they began; branches, cases and `notify` below their
/// step, as `within` says, and the steps of a handler below its title, as `handler` says.
[[nodiscard]] std::vector<StepRow> step_rows(const Json& steps);

/// At most `room` rows: steps of rounds that have ended well go first, then others that have, then what waits, what runs,
/// and last what failed; of equals the oldest. Where rows are missing stands one that counts them.
void fit_rows(std::vector<StepRow>& rows, std::size_t room);

}  // namespace ipaas::cli
