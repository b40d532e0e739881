// Which results of a failed execution its retry takes over.
#pragma once

#include <map>
#include <string>

#include "core/domain/execution.h"
#include "core/language/workflow.h"

namespace ipaas::service {

struct KeptResults {
  /// Records of steps that need not run again, and of loops, branches and cases that go on where they failed.
  KeyedList<domain::Step> steps;
  /// By path: under which key the call was sent of which nobody knows whether it happened.
  std::map<std::string, std::string> idempotency_keys;
};

/// Of the steps of `workflow`, which may be a newer version than the one that failed: a step is known by its id and kind,
/// and what is inside another step only if that is. Handlers run anew. Pure.
[[nodiscard]] KeptResults kept_results(const language::Workflow& workflow, const domain::ExecutionSnapshot& failed);

/// Only the keys, for a retry of the whole.
[[nodiscard]] std::map<std::string, std::string> unknown_keys(const domain::ExecutionSnapshot& failed);

}  // namespace ipaas::service
