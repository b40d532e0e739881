// Compares what was promised with what is in the database and at the sink.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/e2e/crash/ledger.h"

namespace ipaas::test {

/// Executions that have not ended, and effects that are not done, read while the daemon runs; -1 when the database
/// cannot be read.
[[nodiscard]] std::int64_t unfinished(const std::filesystem::path& database);

/// One workflow's row of the table, or all of a run together.
struct Tally {
  std::uint64_t sent = 0;
  std::uint64_t accepted = 0;   ///< complete 202s
  std::uint64_t executed = 0;   ///< of these: the execution has ended, as it may end
  std::uint64_t effects = 0;    ///< that these should have had
  std::uint64_t delivered = 0;  ///< of these effects: the sink has seen it
  std::uint64_t unknown = 0;    ///< of these: failed as `outcome_unknown`
  std::uint64_t repeated = 0;   ///< deliveries beyond the first, where repeating is allowed
  std::uint64_t lost = 0;       ///< accepted, and not executed or not delivered
  std::uint64_t doubled = 0;    ///< delivered twice where that is not allowed

  void add(const Tally& other);
};

struct Verdict {
  std::map<Kind, Tally> tallies;
  std::uint64_t refused = 0;          ///< webhooks that got another answer, or none
  std::uint64_t executions = 0;       ///< in the database
  std::uint64_t ticks = 0;            ///< instants of schedules that were delivered
  std::vector<std::string> problems;  ///< at most a few of each sort
};

[[nodiscard]] Tally total(const Verdict& verdict);

/// The daemon has been stopped.
[[nodiscard]] Verdict judge(const Ledger::Facts& facts, const std::filesystem::path& database);

/// A row for each workflow, and what is wrong.
void print(const Verdict& verdict);

}  // namespace ipaas::test
