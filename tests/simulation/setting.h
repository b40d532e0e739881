// What a run of the simulation is made with.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/language/workflow.h"

namespace ipaas::simulation {

/// A promise was broken. The message says which, and where.
class Violation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What may go wrong. Each throws dice of its own, so that leaving one out changes the others as little as can be.
struct Adversity {
  bool crashes = true;
  bool disk_faults = true;
  bool clock_steps = true;
  bool cancels = true;
  bool stray_answers = true;  ///< a second time, or after the call was cancelled
  bool bad_answers = true;    ///< of any kind but success
  int arrivals = 6;           ///< events from outside, at most
};

/// A defect that is put in on purpose, to see that it is found.
enum class Mutation {
  kNone,
  kSentBeforeLease,
  kOrphanTakenForUnsent,
  kRevisionNotCompared,  ///< and facts of one execution are decided side by side
  kCancelKeepsEffects,
  kAttemptsNotCounted,
  kSlotFreeBeforeFinally,
  kBegunWithoutClaim,
  kTimerStays,
  kUnknownRetriedBlindly,
  kChildStartedWithoutClaim,
  kReportForgotten,
  kLogLineLost,
  kFinishedStepForgotten,
  kKeyChangesWithAttempt,
  kOrphansNotReleased,
  kCallSentTwice,
  kDoubtForgotten,
  kLostBehindRefused,  ///< the facts of decisions that were made upon a refused one
};

struct MutationRow {
  Mutation mutation;
  std::string_view name;
};
inline constexpr std::array kMutations = {
    MutationRow{Mutation::kSentBeforeLease, "sent-before-lease"},
    MutationRow{Mutation::kOrphanTakenForUnsent, "orphan-taken-for-unsent"},
    MutationRow{Mutation::kRevisionNotCompared, "revision-not-compared"},
    MutationRow{Mutation::kCancelKeepsEffects, "cancel-keeps-effects"},
    MutationRow{Mutation::kAttemptsNotCounted, "attempts-not-counted"},
    MutationRow{Mutation::kSlotFreeBeforeFinally, "slot-free-before-finally"},
    MutationRow{Mutation::kBegunWithoutClaim, "begun-without-claim"},
    MutationRow{Mutation::kTimerStays, "timer-stays"},
    MutationRow{Mutation::kUnknownRetriedBlindly, "unknown-retried-blindly"},
    MutationRow{Mutation::kChildStartedWithoutClaim, "child-started-without-claim"},
    MutationRow{Mutation::kReportForgotten, "report-forgotten"},
    MutationRow{Mutation::kLogLineLost, "log-line-lost"},
    MutationRow{Mutation::kFinishedStepForgotten, "finished-step-forgotten"},
    MutationRow{Mutation::kKeyChangesWithAttempt, "key-changes-with-attempt"},
    MutationRow{Mutation::kOrphansNotReleased, "orphans-not-released"},
    MutationRow{Mutation::kCallSentTwice, "call-sent-twice"},
    MutationRow{Mutation::kDoubtForgotten, "doubt-forgotten"},
    MutationRow{Mutation::kLostBehindRefused, "lost-behind-refused"},
};

/// One workflow of the run, and what the witness asks of it.
struct Definition {
  WorkflowId id;
  language::WorkflowPtr workflow;
  std::map<std::string, const language::Step*, std::less<>> steps;  ///< by id
  std::set<std::string, std::less<>> finally;                       ///< ids of the steps in it, nested ones too
};

/// Of `a[1].b[2].c` that is `c`.
[[nodiscard]] inline std::string_view id_in(std::string_view path) {
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

/// The workflows of a run, by name. Immutable.
class Definitions {
 public:
  /// Throws where the text is no workflow.
  explicit Definitions(const std::string& text);

  [[nodiscard]] const Definition* find(std::string_view name) const;
  [[nodiscard]] const Definition& at(std::string_view name) const { return *find(name); }
  [[nodiscard]] const std::vector<Definition>& all() const { return all_; }

 private:
  std::vector<Definition> all_;
};

/// What happened, line by line; nothing is kept unless somebody will read it.
class Trace {
 public:
  explicit Trace(bool kept) : kept_(kept) {}
  template <typename Line>
  void add(Line&& line) {
    if (kept_) lines_.push_back(line());
  }
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

 private:
  const bool kept_;
  std::vector<std::string> lines_;
};

}  // namespace ipaas::simulation
