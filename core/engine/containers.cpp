// Steps that hold steps: `parallel`, `for-each`, `switch`, and the `notify` of a wait.
#include <algorithm>

#include "core/engine/evaluate.h"
#include "core/engine/keeping.h"

namespace ipaas::engine {
namespace {

constexpr std::size_t kMostItems = 10'000;

/// An array as it is; of an object its entries. Nothing for anything else.
std::optional<Json> items_of(Json value) {
  if (value.is_array()) return value;
  if (!value.is_object()) return std::nullopt;
  Json entries = Json::array();
  for (auto& [key, member] : value.items()) entries.push_back({{"key", key}, {"value", std::move(member)}});
  return entries;
}

}  // namespace

void Deliberation::begin_parallel(const language::ParallelStep& parallel, domain::Step record) {
  const std::string path = record.path;
  const std::string prefix = route_.back().prefix;
  record.attempts = 1;
  record.begun = record.open = static_cast<int>(parallel.branches.size());
  save(std::move(record));
  for (std::size_t i = 0; i < parallel.branches.size(); ++i) {
    const domain::Step* known = draft_.step(prefix + parallel.branches[i].id);
    if (known != nullptr && known->status == domain::StepStatus::kCancelled) continue;  // by one that failed at once
    const BlockEnd end = run_block(parallel.branches, i, prefix, true);
    if (end.ended) close_branch(parallel, path, end);
  }
  if (draft_.step(path)->open == 0) end_container(path, nullptr);
}

/// Counts a branch that has ended; with `fail-fast` one that failed ends the others, too.
void Deliberation::close_branch(const language::ParallelStep& parallel, const std::string& path, const BlockEnd& end) {
  const bool first = end.failure && !draft_.step(path)->error;
  count_off(path, end);
  if (!first || !parallel.fail_fast) return;
  const std::string prefix = route_.back().prefix;
  close_open_steps_within(here(), prefix);
  for (const language::Step& branch : parallel.branches) {
    if (draft_.step(prefix + branch.id) != nullptr) continue;
    domain::Step never;
    never.path = prefix + branch.id;
    never.kind = branch.kind();
    never.status = domain::StepStatus::kCancelled;
    never.started_at = now_;
    never.ended_at = now_;
    save(std::move(never));
  }
  domain::Step record = *draft_.step(path);
  record.open = 0;
  save(std::move(record));
}

/// One round or branch fewer is open; the first failure of them is the container's.
void Deliberation::count_off(const std::string& path, const BlockEnd& end) {
  domain::Step record = *draft_.step(path);
  --record.open;
  if (end.failure && !record.error) record.error = end.failure;
  save(std::move(record));
}

void Deliberation::begin_loop(const language::ForEachStep& loop, domain::Step record) {
  const std::string path = record.path;
  record.attempts = 1;
  if (!record.items) {
    auto value = evaluate_or_fail(loop.items, record);
    if (!value) return;
    const std::string kind = value->type_name();
    auto items = items_of(*std::move(value));
    if (!items || items->size() > kMostItems) {
      const std::string why = items ? std::to_string(items->size()) + " items are too many: a loop goes over at most " +
                                          std::to_string(kMostItems)
                                    : "`for-each` goes over an array or an object, and this is " + kind;
      fail_step(std::move(record), {"expression_failed", why, path});
      return;
    }
    if (!keep_or_fail(*items, record)) return;
    record.items = std::make_shared<const Json>(*std::move(items));
  }
  record.begun = record.open = 0;
  save(std::move(record));
  run_rounds(loop, path);
}

/// Begins rounds as long as there is room for them, and ends the loop when the last one has ended. After a round that
/// failed no other is begun.
void Deliberation::run_rounds(const language::ForEachStep& loop, const std::string& path) {
  for (;;) {
    domain::Step record = *draft_.step(path);
    if (!record.items) {
      fail_step(std::move(record), {"internal", "what the loop goes over was not kept", path});
      return;
    }
    const bool all = static_cast<std::size_t>(record.begun) == record.items->size();
    if (record.error || all) break;
    if (record.open >= loop.max_parallel) return;
    if (begun_ >= limits_.steps || has_enough()) {
      go_on_later(record);
      return;
    }
    if (kept() > kMostKept) {
      record.error = domain::Failure{"response_too_large", "the execution has more steps than fit into " +
                                                               std::to_string(kMostKept >> 20U) + " MiB", path};
      save(std::move(record));
      continue;
    }
    const auto round = static_cast<std::size_t>(record.begun++);
    ++record.open;
    save(std::move(record));
    const BlockEnd end = run_block(loop.steps, 0, round_prefix(path, round), false);
    if (end.ended) count_off(path, end);
  }
  if (draft_.step(path)->open > 0) return;
  drop_effects(path);
  end_container(path, outputs_of_rounds(loop, path));
}

/// A decision is committed whole, and must not become so large that others wait for it. Rounds that are open go on with
/// the loop when they end, and that may be in a year; so a timer does.
void Deliberation::go_on_later(const domain::Step& loop) {
  domain::Effect timer = effect_of(loop, domain::EffectKind::kTimer, now_);
  timer.id = EffectId(execution().id.str() + "/" + loop.path + "/go/" + std::to_string(loop.begun));
  const auto& fresh = draft_.change.effects;
  const auto known = [&](const domain::Effect& effect) { return effect.id == timer.id; };
  if (draft_.before.effects.find(timer.id.str()) != nullptr || std::any_of(fresh.begin(), fresh.end(), known)) return;
  draft_.change.effects.push_back(std::move(timer));
}

void Deliberation::begin_switch(const language::SwitchStep& choice, domain::Step record) {
  const std::string path = record.path;
  record.attempts = 1;
  const auto value = evaluate_or_fail(choice.value, record);
  if (!value) return;
  const std::string text = language::to_text(*value);
  const language::Steps* chosen = &choice.otherwise;
  for (const language::SwitchStep::Case& one : choice.cases) {
    if (one.value != text) continue;
    chosen = &one.steps;
    break;
  }
  save(std::move(record));
  const std::string prefix = route_.back().prefix;
  const BlockEnd end = run_block(*chosen, 0, prefix, false);
  if (end.ended) static_cast<void>(close_block(*chosen, end));
}

bool Deliberation::close_block(const language::Steps& block, const BlockEnd& end) {
  const std::string path = route_.back().path();
  if (const auto* parallel = std::get_if<language::ParallelStep>(&here().action)) {
    close_branch(*parallel, path, end);
    if (draft_.step(path)->open == 0) end_container(path, nullptr);
  } else if (const auto* loop = std::get_if<language::ForEachStep>(&here().action)) {
    count_off(path, end);
    run_rounds(*loop, path);
  } else if (end.failure) {
    domain::Step record = *draft_.step(path);
    drop_effects(path);  // of a wait that nobody could be told of
    fail_step(std::move(record), *end.failure);
  } else if (std::holds_alternative<language::SwitchStep>(here().action)) {
    end_container(path, last_output(block, route_.back().prefix));
  }
  return domain::is_final(draft_.step(path)->status);
}

void Deliberation::end_container(const std::string& path, Json outputs) {
  domain::Step record = *draft_.step(path);
  if (record.error) {
    domain::Failure failure = *record.error;
    fail_step(std::move(record), std::move(failure));
  } else {
    succeed(std::move(record), std::move(outputs));
  }
}

Json Deliberation::outputs_of_rounds(const language::ForEachStep& loop, const std::string& path) const {
  Json outputs = Json::array();
  const int rounds = draft_.step(path)->begun;
  for (int round = 0; round < rounds; ++round) {
    outputs.push_back(last_output(loop.steps, round_prefix(path, static_cast<std::size_t>(round))));
  }
  return outputs;
}

Json Deliberation::last_output(const language::Steps& block, const std::string& prefix) const {
  if (block.empty()) return nullptr;
  const domain::Step* last = draft_.step(prefix + block.back().id);
  return last == nullptr ? Json() : last->outputs;
}

}  // namespace ipaas::engine
