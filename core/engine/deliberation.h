// One decision in the making.
#pragma once

#include <cstdint>
#include <string>

#include "core/engine/decide.h"
#include "core/engine/draft.h"
#include "core/engine/route.h"
#include "core/engine/retry.h"
#include "core/engine/scope.h"

namespace ipaas::engine {

/// Gathers the change that follows from one fact: the execution before it stays untouched, the change grows.
///
/// A route leads through the lists of steps to the one that is being looked at. A fact puts the route where its step
/// stands; from there the walk goes on, list by list outwards, and never looks at what the fact has nothing to do with:
/// so a loop of ten thousand rounds costs as much for each answer as one of ten.
class Deliberation {
 public:
  Deliberation(const language::Workflow& workflow, const domain::ExecutionSnapshot& before, Instant now,
               const DecideLimits& limits);

  // What follows from the fact; false where it does not matter (any more), and then nothing has changed.
  [[nodiscard]] bool take_in(const Begin& fact);
  [[nodiscard]] bool take_in(const GroupFull& fact);
  [[nodiscard]] bool take_in(const CallSucceeded& fact);
  [[nodiscard]] bool take_in(const CallFailed& fact);
  [[nodiscard]] bool take_in(const TimerFired& fact);
  [[nodiscard]] bool take_in(const ChildStarted& fact);
  [[nodiscard]] bool take_in(const ChildRefused& fact);
  [[nodiscard]] bool take_in(const ChildEnded& fact);
  [[nodiscard]] bool take_in(const Signal& fact);
  [[nodiscard]] bool take_in(const Cancel& fact);
  [[nodiscard]] bool take_in(const Broke& fact);

  [[nodiscard]] Decision take() &&;

 private:
  /// What became of a list of steps that was run as far as it goes.
  struct BlockEnd {
    bool ended = false;
    std::optional<domain::Failure> failure = {};  ///< of the first step in it that failed hard
  };

  // walk.cpp: from step to step
  [[nodiscard]] bool run_rest();
  [[nodiscard]] BlockEnd run_block(const language::Steps& block, std::size_t index, std::string prefix, bool alone);
  [[nodiscard]] BlockEnd leave_block();
  void go_on();
  void begin_step(domain::Step record);
  [[nodiscard]] bool has_enough() const;
  void park(domain::Step record);
  void begin_parked(const std::string& path);
  [[nodiscard]] bool wanted(domain::Step& record);
  void evaluate_step(const language::TemplateTree& tree, domain::Step record);

  // containers.cpp: steps that hold steps
  void begin_parallel(const language::ParallelStep& parallel, domain::Step record);
  void begin_loop(const language::ForEachStep& loop, domain::Step record);
  void begin_switch(const language::SwitchStep& choice, domain::Step record);
  void run_rounds(const language::ForEachStep& loop, const std::string& path);
  void go_on_later(const domain::Step& loop);
  /// One of the container's lists has ended; true when the container has, too.
  [[nodiscard]] bool close_block(const language::Steps& block, const BlockEnd& end);
  void close_branch(const language::ParallelStep& parallel, const std::string& path, const BlockEnd& end);
  void count_off(const std::string& path, const BlockEnd& end);
  void end_container(const std::string& path, Json outputs);
  [[nodiscard]] Json outputs_of_rounds(const language::ForEachStep& loop, const std::string& path) const;
  [[nodiscard]] Json last_output(const language::Steps& block, const std::string& prefix) const;

  // calls.cpp: connectors
  void begin_call(const language::UsesStep& uses, domain::Step record);
  [[nodiscard]] bool may_happen_twice(const domain::Effect& effect) const;
  [[nodiscard]] Result<domain::CallRequest> request_of(const language::UsesStep& uses, const std::string& path);
  void send(domain::CallRequest call, domain::Step record, Instant due);

  // waits.cpp: time, people and other workflows
  void begin_sleep(const language::SleepStep& sleep, domain::Step record);
  void begin_wait(const language::WaitForStep& wait, domain::Step record);
  void begin_child(const language::CallStep& call, domain::Step record);
  void start_child(const language::CallStep& call, domain::ChildRequest child, domain::Step record, Instant due);
  void child_failed(const domain::Effect& effect, CallFailed failure);
  void add_timer(domain::Step& record, Instant due, std::string_view purpose);

  // ending.cpp: from the main part to the handlers to the end
  void phase_ended(const BlockEnd& end);
  void main_ended(std::optional<domain::Failure> failure);
  void enter_finally();
  [[nodiscard]] bool run_handler(domain::Phase phase, const language::Steps& block);
  [[nodiscard]] std::optional<domain::Failure> evaluate_outputs();
  void conclude();
  void end(domain::ExecutionStatus status);
  [[nodiscard]] Instant busy_since(Instant counting) const;
  [[nodiscard]] Duration spent() const;
  [[nodiscard]] bool overdue() const;
  void time_out();
  void close_open_steps(domain::StepStatus status);
  void close_open_steps_within(const language::Step& container, const std::string& prefix);
  void close(const domain::Step& open, domain::StepStatus status);
  void drop_effects(std::string_view path);
  void keep_time();
  [[nodiscard]] std::optional<Instant> busy_from() const;

  /// The step at the end of the route has ended by the fact.
  void settled();
  void succeed(domain::Step record, Json outputs);
  void fail_step(domain::Step record, domain::Failure failure);
  /// Counts what the step is to keep. False where that is too much, and the step has failed for it.
  [[nodiscard]] bool keep_or_fail(const Json& value, const domain::Step& record);
  /// By the execution, with all that this decision has added.
  [[nodiscard]] std::size_t& kept();

  template <typename Evaluable>
  [[nodiscard]] Result<Json> evaluate(const Evaluable& expression, std::size_t most = SIZE_MAX);
  /// Nothing where the step has failed for it.
  template <typename Evaluable>
  [[nodiscard]] std::optional<Json> evaluate_or_fail(const Evaluable& expression, const domain::Step& record);

  /// Null where it is not waited for any more; else the route leads to its step.
  [[nodiscard]] const domain::Effect* expected(const EffectId& id, domain::EffectKind kind);
  [[nodiscard]] bool go_to(std::string_view path);
  [[nodiscard]] const language::Step& here() const { return route_.back().step(); }
  void save(domain::Step record) { draft_.change.steps.put(std::move(record)); }
  [[nodiscard]] domain::Effect effect_of(const domain::Step& record, domain::EffectKind kind, Instant due) const;
  void finish(const EffectId& effect) { draft_.change.finished.push_back(effect); }
  void log(domain::LogLevel level, std::string_view path, std::string text);
  [[nodiscard]] std::string took(Instant since) const;
  [[nodiscard]] domain::Execution& execution() { return draft_.change.execution; }

  const language::Workflow& workflow_;
  const Instant now_;
  const DecideLimits& limits_;
  Draft draft_;
  Route route_;
  Scope scope_;
  bool over_budget_ = false;
  int begun_ = 0;  ///< steps that this decision has begun or skipped
  std::size_t made_ = 0;             ///< bytes of values that this decision has made
  std::optional<std::size_t> kept_;  ///< by the execution, as far as it was asked for
};

}  // namespace ipaas::engine
