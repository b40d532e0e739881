// Failed executions that nobody has looked after, as filters select them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/api/client.h"
#include "core/base/clock.h"

namespace ipaas::cli {

struct DeadLetterFilter {
  std::string workflow = {};          ///< name; empty for all
  std::string code = {};              ///< error code; empty for all
  std::optional<Instant> since = {};  ///< ended then or later
  std::size_t limit = 0;              ///< the oldest so many; 0 for all
};

/// The ids, oldest first: what happened first is repeated first.
[[nodiscard]] ResultOrErrors<std::vector<std::string>> find_dead_letters(const Client& client,
                                                                         const DeadLetterFilter& filter);

}  // namespace ipaas::cli
