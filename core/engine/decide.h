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
inline constexpr int kEngineVersion = 2;

/// How much of an attempt came through; the safe retry of the language rests on it.
enum class FailureClass {
  kNotSent,   ///< surely not received: connect, TLS, DNS
  kRejected,  ///< received and refused; 408, 425 are `kUnknown`, 429 is `kDeferred`
  kDeferred,  ///< the receiver asks to wait; uses no attempt
  kUnknown,   ///< may have happened
};

/// The execution begins (also the fact of a `start` effect).
struct Begin {};

/// It could not begin, as its concurrency group has no slot for it; it stays queued, or `on-limit` ends it.
struct GroupFull {
  int queued_before = 0;  ///< executions of the group that wait and came earlier
  bool too_long = false;  ///< it was called by one that has a slot itself, and has waited for as long as it may
};

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

/// A sleep is over, or a wait has lasted long enough.
struct TimerFired {
  EffectId effect;
};

struct ChildStarted {
  EffectId effect;
  ExecutionId child;
  int version = 1;  ///< of the called workflow
};

/// The child could not be started at all.
struct ChildRefused {
  EffectId effect;
  std::string code;  ///< error code of executions
  std::string message;
};

struct ChildEnded {
  EffectId effect;
  ExecutionId child;
  domain::ExecutionStatus status = domain::ExecutionStatus::kSucceeded;
  Json outputs;
  std::optional<domain::Failure> error;
  bool in_doubt = false;  ///< as in_doubt() says of the child
};

/// Somebody answered what a `wait-for` waits for. The first answer counts.
struct Signal {
  enum class Kind { kApprove, kReject, kCallback };
  std::string path;  ///< of the step
  Kind kind = Kind::kCallback;
  std::string by;       ///< who decided; empty for a callback
  std::string comment;
  Json payload;         ///< of a callback: what came with it
};

struct Cancel {
  std::string by;  ///< who asked, for the log
  /// It is cancelled already, and its `finally` is to end as well. Only who has seen that asks for it: a cancellation that
  /// comes a second time by itself must not cut a `finally` short.
  bool finally = false;
};

/// Deciding or calling threw, or brought the daemon down: a defect of ours ends this execution and no other.
struct Broke {
  std::string what;
  std::string code = "internal";
};

using Fact = std::variant<Begin, GroupFull, CallSucceeded, CallFailed, TimerFired, ChildStarted, ChildRefused, ChildEnded,
                          Signal, Cancel, Broke>;

/// Makes the links that people and programs answer a `wait-for` with. The same arguments give the same link.
class WaitLinks {
 public:
  virtual ~WaitLinks() = default;
  /// Empty where this installation has no public address.
  [[nodiscard]] virtual std::string link(const domain::Execution& execution, std::string_view path) const = 0;
};

struct DecideLimits {
  language::EvalLimits evaluation = {};
  int steps = 256;  ///< that one decision begins or skips; a longer loop goes on in the next one
  /// Of all expressions of one decision together; once they are spent it begins nothing more, and the next one goes on.
  std::size_t operations = 1'000'000;
  std::size_t bytes = 8 * 1024 * 1024;  ///< of values that one decision makes; likewise
  const WaitLinks* links = nullptr;  ///< without them `wait.url` is null; borrowed
  /// kept_bytes() of the snapshot, where the caller keeps count; else it is counted when it is needed.
  std::optional<std::size_t> kept = {};
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

/// What of its workflow an execution carries from the first: its priority, and the concurrency group in which it takes a
/// slot. To be called once, before its first decision. Where the expression of the group fails there is no group; the
/// execution begins, and fails with that error.
void enrol(const language::Workflow& workflow, domain::ExecutionSnapshot& execution, Instant now);

/// What the sender of a webhook is answered with once the execution has ended, where the workflow shapes its answers.
struct ShapedAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<Json> body;
};

/// Fails with the expression's error.
[[nodiscard]] Result<ShapedAnswer> shape_answer(const language::Workflow& workflow,
                                                const domain::ExecutionSnapshot& execution, Instant now);

}  // namespace ipaas::engine
