// When a failed attempt may be repeated, and how long to wait.
#pragma once

#include <optional>
#include <string>

#include "core/domain/step.h"
#include "core/engine/decide.h"
#include "core/language/workflow.h"

namespace ipaas::engine {

/// What to do after an attempt failed.
struct RetryVerdict {
  bool again = false;
  Duration wait{};         ///< before the next try, when `again`
  bool deferred = false;   ///< the try used no attempt
  std::string code = {};   ///< the error of the step, when not `again`
  std::string message = {};
};

/// The safe retry of the language. `step` counts the failed try already unless it was deferred. Pure: jitter follows
/// from `seed`, the step's path and its send number.
[[nodiscard]] RetryVerdict judge(const language::RetryPolicy& policy, const domain::Step& step,
                                 const CallFailed& failure, std::uint64_t seed, Instant now);

}  // namespace ipaas::engine
