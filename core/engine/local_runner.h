// Runs one execution to its end in memory: the engine's own decisions, a clock that jumps, no store and no network.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/engine/decide.h"

namespace ipaas::engine {

/// What a call came to.
struct Answer {
  std::variant<Json, CallFailed> result;  ///< the outputs, or the failure, whose `effect` need not be set
  Duration after{};                       ///< how long the call was under way
};

/// What somebody answers to a `wait-for`.
struct WaitAnswer {
  Signal signal;
  Duration after{};
};

/// Stands in for everything that an execution reaches: connectors, called workflows, people.
class Receiver {
 public:
  virtual ~Receiver() = default;
  /// Asked once for each call that is sent, to a connector (kCall) or another workflow (kChild), in the order of sending.
  /// Nothing where nobody can answer: the run stops.
  [[nodiscard]] virtual std::optional<Answer> answer(const domain::Effect& call, Instant now) = 0;
  /// Asked once for each `wait-for` that begins. Nothing: nobody ever answers.
  [[nodiscard]] virtual std::optional<WaitAnswer> answer_wait(const domain::Step& step, Instant now) {
    static_cast<void>(step), static_cast<void>(now);
    return std::nullopt;
  }
};

/// Something that happens to the execution from outside.
struct TimedFact {
  Instant at{};
  Fact fact;
};

struct LocalRunLimits {
  int decisions = 100'000;
  DecideLimits decide = {};
};

struct LocalRun {
  enum class End {
    kEnded,
    kUnanswered,  ///< the receiver had no answer to the last of `sent`
    kStuck,       ///< nothing is due any more, and yet it has not ended
    kTooLong,     ///< the number of decisions ran out
  };
  End end = End::kEnded;
  domain::ExecutionSnapshot snapshot;     ///< as it is then
  std::vector<domain::Attempt> attempts;  ///< ended tries, in order
  std::vector<domain::LogEntry> logs;     ///< in order, not masked
  std::vector<domain::Effect> sent;       ///< every call, its `due_at` the time it was sent
  Instant now{};                          ///< what the clock shows in the end
};

/// Begins the execution of the snapshot, or goes on with it, and carries out what is decided until it has ended. Time
/// passes only by jumping to what is due next; of two things due at once a fact comes before a call, and the older
/// before the newer. Deterministic as long as the receiver is.
[[nodiscard]] LocalRun run_locally(const language::Workflow& workflow, domain::ExecutionSnapshot snapshot, Instant now,
                                   Receiver& receiver, std::vector<TimedFact> interventions = {},
                                   const LocalRunLimits& limits = {});

}  // namespace ipaas::engine
