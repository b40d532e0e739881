#include "core/service/kept_results.h"

#include "core/engine/doubt.h"

namespace ipaas::service {
namespace {

/// What need not happen again: it succeeded, or the workflow went on as if it had.
bool done(const domain::Step& record) {
  return record.status == domain::StepStatus::kSucceeded ||
         (record.status == domain::StepStatus::kFailed && record.softened);
}

class Keeper {
 public:
  Keeper(const domain::ExecutionSnapshot& failed, KeyedList<domain::Step>& kept) : failed_(failed), kept_(kept) {}

  /// A list of steps, or the branches of `parallel`, of which none is in front of another.
  void keep(const language::Steps& block, const std::string& prefix, bool branches) {
    bool broken = false;
    for (const language::Step& step : block) {
      const bool whole = keep(step, prefix, broken && !branches);
      broken = broken || !whole;
    }
  }

 private:
  /// False where the step, or a part of it, has to run again. What was skipped behind a failure is looked at anew: it was
  /// most likely skipped for that.
  bool keep(const language::Step& step, const std::string& prefix, bool behind_failure) {
    const std::string path = prefix + step.id;
    const domain::Step* record = failed_.steps.find(path);
    if (record == nullptr || record->kind != step.kind()) return false;
    if (record->status == domain::StepStatus::kSkipped) {
      if (!behind_failure) kept_.put(*record);
      return !behind_failure;
    }
    if (done(*record)) {
      keep_as_it_is(step, *record, prefix);
      return true;
    }
    if (!holds_steps(step)) return false;
    kept_.put(reopened(*record));
    const bool branches = std::holds_alternative<language::ParallelStep>(step.action);
    each_block(step, *record, prefix, [&](const language::Steps& block, const std::string& inside) { keep(block, inside, branches); });
    return false;
  }

  /// With everything inside, also what failed there: others may look at it.
  void keep_as_it_is(const language::Step& step, const domain::Step& record, const std::string& prefix) {
    kept_.put(record);
    each_block(step, record, prefix, [&](const language::Steps& block, const std::string& inside) {
      for (const language::Step& inner : block) {
        const domain::Step* within = failed_.steps.find(inside + inner.id);
        const bool known = within != nullptr && domain::is_final(within->status) && within->kind == inner.kind();
        if (known) keep_as_it_is(inner, *within, inside);
      }
    });
  }

  /// Of a loop, the same block for each round that was begun.
  template <typename Visit>
  static void each_block(const language::Step& step, const domain::Step& record, const std::string& prefix, const Visit& visit) {
    const auto* loop = std::get_if<language::ForEachStep>(&step.action);
    if (loop == nullptr) {
      for (const language::Steps* block : step.blocks()) visit(*block, prefix);
      return;
    }
    for (int round = 0; round < record.begun; ++round) {
      visit(loop->steps, record.path + "[" + std::to_string(round) + "].");
    }
  }

  /// Of a wait that nobody answered, everything happens again, also what told of it.
  static bool holds_steps(const language::Step& step) {
    return !step.blocks().empty() && !std::holds_alternative<language::WaitForStep>(step.action);
  }

  /// It goes over what it went over; the engine counts its rounds and branches anew.
  static domain::Step reopened(domain::Step record) {
    record.status = domain::StepStatus::kRunning;
    record.ended_at.reset();
    record.error.reset();
    record.outputs = nullptr;
    record.begun = record.open = 0;
    return record;
  }

  const domain::ExecutionSnapshot& failed_;
  KeyedList<domain::Step>& kept_;
};

}  // namespace

KeptResults kept_results(const language::Workflow& workflow, const domain::ExecutionSnapshot& failed) {
  KeptResults kept;
  Keeper(failed, kept.steps).keep(workflow.steps, "", false);
  kept.idempotency_keys = unknown_keys(failed);
  return kept;
}

std::map<std::string, std::string> unknown_keys(const domain::ExecutionSnapshot& failed) {
  domain::Execution before = failed.execution;
  engine::begin_without_doubt(before);
  std::map<std::string, std::string> keys = std::move(before.idempotency_keys);
  std::erase_if(keys, [&](const auto& entry) {
    const domain::Step* step = failed.steps.find(entry.first);
    return step != nullptr && step->status == domain::StepStatus::kSucceeded;
  });
  for (const domain::Step& step : failed.steps) {
    const bool unknown = step.status == domain::StepStatus::kFailed && step.error && step.error->code == "outcome_unknown" &&
                         step.error->step == step.path;
    if (unknown) keys.try_emplace(step.path, failed.execution.id.str() + "/" + step.path);
  }
  return keys;
}

}  // namespace ipaas::service
