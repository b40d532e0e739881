// From step to step: the part of a decision that knows in which order they run.
#include <algorithm>

#include "core/base/overloaded.h"
#include "core/engine/evaluate.h"
#include "core/engine/keeping.h"

namespace ipaas::engine {
namespace {

/// What a container gives is made of what its steps give.
bool holds_sensitive(const language::Step& step) {
  const auto blocks = step.blocks();
  return step.sensitive || std::any_of(blocks.begin(), blocks.end(), [](const language::Steps* block) {
           return std::any_of(block->begin(), block->end(), holds_sensitive);
         });
}

}  // namespace

/// Runs the list at the end of the route from its place on; true when all of it has ended.
bool Deliberation::run_rest() {
  const std::size_t depth = route_.size() - 1;
  for (;;) {
    {
      Place& place = route_[depth];
      if (!place.failed) place.failed = scope_.failed_before(place);
      if (place.index == place.block->size()) return true;
    }
    const std::string path = route_[depth].path();
    const domain::Step* known = draft_.step(path);
    if (known == nullptr || !domain::is_final(known->status)) {
      domain::Step record;
      if (known != nullptr) {
        record = *known;  // of an execution that is retried: what has ended in it is kept, and what has not is begun again
      } else {
        record.path = path;
        record.kind = here().kind();
        record.sensitive = holds_sensitive(here()) || std::any_of(route_.begin(), route_.end(), [](const Place& place) {
                             return place.index < place.block->size() && place.step().sensitive;
                           });
        record.started_at = now_;
        kept() += record_bytes(path);
      }
      if (has_enough()) {
        park(std::move(record));
        return false;
      }
      begin_step(std::move(record));
      known = draft_.step(path);
      if (!domain::is_final(known->status)) return false;
    }
    Place& place = route_[depth];
    place.failed = *place.failed || failed_hard(*known);
    if (place.alone) return true;
    ++place.index;
  }
}

/// Runs a list inside of the step at the end of the route, which is the end of the route again afterwards.
Deliberation::BlockEnd Deliberation::run_block(const language::Steps& block, std::size_t index, std::string prefix,
                                               bool alone) {
  const std::size_t depth = route_.size();
  route_.push_back({&block, index, std::move(prefix), alone, {}});
  BlockEnd end;
  if (run_rest()) {
    end = leave_block();
  } else {
    route_.resize(depth);
  }
  return end;
}

/// The list at the end of the route has ended.
Deliberation::BlockEnd Deliberation::leave_block() {
  const Place place = std::move(route_.back());
  route_.pop_back();
  BlockEnd end{true, {}};
  if (!*place.failed) return end;
  const std::size_t from = place.alone ? place.index : 0;
  for (std::size_t i = from; i < place.block->size() && !end.failure; ++i) {
    const domain::Step* step = draft_.step(place.prefix + (*place.block)[i].id);
    if (step != nullptr && failed_hard(*step)) end.failure = step->error;
  }
  return end;
}

/// The step at the end of the route has ended: on with what follows it, list by list outwards.
void Deliberation::go_on() {
  for (;;) {
    Place& place = route_.back();
    if (!place.failed) place.failed = scope_.failed_before(place);
    place.failed = *place.failed || failed_hard(*draft_.step(place.path()));
    if (!place.alone) {
      ++place.index;
      if (!run_rest()) return;
    }
    const language::Steps& block = *route_.back().block;
    const BlockEnd end = leave_block();
    if (route_.empty()) {
      phase_ended(end);
      return;
    }
    if (!close_block(block, end)) return;
  }
}

/// One decision must not keep a thread, and whoever waits for the next one, for as long as a workflow likes.
bool Deliberation::has_enough() const {
  return begun_ > 0 && (scope_.operations() >= limits_.operations || made_ >= limits_.bytes);
}

/// The step begins in the next decision.
void Deliberation::park(domain::Step record) {
  add_timer(record, now_, kBegin);
  save(std::move(record));
}

void Deliberation::begin_parked(const std::string& path) {
  Place& place = route_.back();
  place.failed = scope_.failed_before(place);
  begin_step(*draft_.step(path));
  if (domain::is_final(draft_.step(path)->status)) settled();
}

void Deliberation::begin_step(domain::Step record) {
  ++begun_;
  if (!wanted(record)) return;
  scope_.turn_to(record.path);
  std::visit(Overloaded{
                 [&](const language::UsesStep& uses) { begin_call(uses, std::move(record)); },
                 [&](const language::SetStep& set) { evaluate_step(set.value, std::move(record)); },
                 [&](const language::LogStep& log) { evaluate_step(log.message, std::move(record)); },
                 [&](const language::FailStep& fail) { evaluate_step(fail.message, std::move(record)); },
                 [&](const language::ParallelStep& parallel) { begin_parallel(parallel, std::move(record)); },
                 [&](const language::ForEachStep& loop) { begin_loop(loop, std::move(record)); },
                 [&](const language::SwitchStep& choice) { begin_switch(choice, std::move(record)); },
                 [&](const language::CallStep& call) { begin_child(call, std::move(record)); },
                 [&](const language::SleepStep& sleep) { begin_sleep(sleep, std::move(record)); },
                 [&](const language::WaitForStep& wait) { begin_wait(wait, std::move(record)); },
             },
             here().action);
}

/// As GitHub Actions has it: a condition that asks for no status means `success() && (condition)`. What stands right in
/// `finally` is to happen whatever happened before.
bool Deliberation::wanted(domain::Step& record) {
  const language::Step& step = here();
  scope_.turn_to(record.path + "/if");
  const bool by_default = !step.condition || !step.condition->uses_status_function();
  const bool always = execution().phase == domain::Phase::kFinally && route_.size() == 1;
  bool wanted = !(by_default && *route_.back().failed && !always);
  if (wanted && step.condition) {
    const auto value = evaluate_or_fail(*step.condition, record);
    if (!value) return false;
    wanted = language::is_truthy(*value);
  }
  if (wanted) return true;
  record.status = domain::StepStatus::kSkipped;
  record.ended_at = now_;
  save(record);
  return false;
}

/// `set`, `log` and `fail`: they are over as soon as their value is known.
void Deliberation::evaluate_step(const language::TemplateTree& tree, domain::Step record) {
  record.attempts = 1;
  auto value = evaluate_or_fail(tree, record);
  if (!value) return;
  const auto* line = std::get_if<language::LogStep>(&here().action);
  const std::string path = record.path;
  if (std::holds_alternative<language::FailStep>(here().action)) {
    // Of the published codes `rejected` is the one that says: somebody looked at it and refused it.
    fail_step(std::move(record), {"rejected", language::to_text(*value), path});
  } else if (line != nullptr) {
    log(line->level, path, record.sensitive ? std::string(kConcealed) : language::to_text(*value));
    succeed(std::move(record), nullptr);
  } else {
    succeed(std::move(record), *std::move(value));
  }
}

}  // namespace ipaas::engine
