// The one pure decision: what follows from a fact.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/domain/execution.h"
#include "core/language/workflow.h"

namespace ipaas::engine {

/// Decisions of an older engine are replayed as that engine took them.
inline constexpr int kEngineVersion = 1;

/// How much of an attempt came through; the safe retry of the language rests on it.
enum class FailureClass {
  kNotSent,   ///< surely not received: connect, TLS, DNS
  kRejected,  ///< received and refused; 408, 425 are `kUnknown`, 429 is `kDeferred`
  kDeferred,  ///< the receiver asks to wait; uses no attempt
  kUnknown,   ///< may have happened
};

/// The execution begins (also the fact of a `start` effect).
struct Begin {};

struct CallSucceeded {
  EffectId effect;
  Json outputs;
};

struct CallFailed {
  EffectId effect;
  FailureClass failure_class = FailureClass::kUnknown;
  std::string code;     ///< error code of executions
  std::string message;
  std::optional<Duration> retry_after;
  bool repeatable = false;    ///< repeating the action is harmless
  bool worth_retrying = true; ///< false where the same request can only fail again (a local refusal, 4xx)
};

struct Cancel {
  std::string by;  ///< who asked, for the log
};

/// Deciding or calling threw: a defect of ours ends this execution and no other.
struct Broke {
  std::string what;
};

using Fact = std::variant<Begin, CallSucceeded, CallFailed, Cancel, Broke>;

struct DecideLimits {
  language::EvalLimits evaluation = {};
};

struct Decision {
  domain::ExecutionChange change;
  /// An expression ran out of its budget; under a smaller budget than usual the caller decides again elsewhere.
  bool over_budget = false;
  /// Texts that expressions gave to `mask()`: they are to be registered with the masker before anything of the change is
  /// shown or logged.
  std::vector<std::string> masked;
};

/// What follows from `fact` for an execution of `workflow`. Pure: the same arguments give the same decision; no clock,
/// thread, socket or random number. A fact that no longer matters (the answer of a call that was cancelled, a second
/// Begin) gives an empty optional. Never fails: whatever goes wrong in a workflow is itself a decision.
[[nodiscard]] std::optional<Decision> decide(const language::Workflow& workflow,
                                             const domain::ExecutionSnapshot& execution, const Fact& fact, Instant now,
                                             const DecideLimits& limits = {});

}  // namespace ipaas::engine
