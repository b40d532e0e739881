#include "tests/simulation/witness.h"

#include <algorithm>

#include "tests/support/change_json.h"
#include "tests/support/fact_json.h"

namespace ipaas::simulation {
namespace {

using domain::EffectKind;
using domain::ExecutionStatus;

bool is_harmless_to_repeat(const Json& inputs, const language::UsesStep& step) {
  const std::string method = inputs.value("method", std::string("GET"));
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" ||
         step.idempotency_key.has_value() || step.retry.retry_unknown;
}

/// What may still lie in the outbox of an execution that has ended.
bool may_outlive(EffectKind kind) {
  return kind == EffectKind::kReport || kind == EffectKind::kAnnounce || kind == EffectKind::kCancelChild;
}

bool takes_slot(const domain::Execution& execution, const std::string& group) {
  return domain::own_group(execution) == group && execution.started_at && !domain::has_ended(execution);
}

/// The dispatcher adds the announcement of an end to what the engine has decided.
std::string engine_part(const domain::ExecutionChange& change) {
  if (change.effects.empty() || change.effects.back().kind != EffectKind::kAnnounce) return dump_json(test::to_json(change));
  domain::ExecutionChange part = change;
  part.effects.pop_back();
  return dump_json(test::to_json(part));
}

}  // namespace

void Witness::broken(const ExecutionId& execution, const std::string& what) const {
  throw Violation(execution.str() + ": " + what);
}

void Witness::committed(const store::Write& write, const Cause* cause, const domain::ExecutionSnapshot* base,
                        const store::Outcome& outcome) {
  if (outcome.kind != store::Outcome::Kind::kDone) return;
  if (const auto* accept = std::get_if<store::AcceptEvent>(&write)) {
    if (accept->first) accepted(*accept, cause, base);
  } else if (const auto* advance = std::get_if<store::AdvanceExecution>(&write)) {
    advanced(*advance, cause);
  } else if (const auto* finish = std::get_if<store::FinishEffects>(&write)) {
    Record& record = records_.at(finish->execution);
    for (const EffectId& id : finish->effects) record.now.effects.erase(id.str());
  } else if (std::holds_alternative<store::LeaseEffects>(write)) {
    for (const store::LeasedEffect& leased : outcome.leased) leased_.insert(leased.effect.id);
  }
}

void Witness::left_in_doubt(const store::Write& write) {
  if (const auto* advance = std::get_if<store::AdvanceExecution>(&write)) records_.at(advance->change.execution.id).in_doubt = true;
}

void Witness::knows_all_of(const ExecutionId& execution) { records_.at(execution).in_doubt = false; }

void Witness::accepted(const store::AcceptEvent& write, const Cause* cause, const domain::ExecutionSnapshot* base) {
  const domain::ExecutionChange& first = *write.first;
  const ExecutionId& id = first.execution.id;
  if (first.execution.parent) {
    const domain::Parent& parent = *first.execution.parent;
    const auto [known, fresh] = started_by_.emplace(parent.effect, id);
    if (!fresh) broken(id, "is the second child of " + parent.effect.str() + ", after " + known->second.str());
    Record& caller = records_.at(parent.execution);
    if (caller.now.effects.find(parent.effect.str()) == nullptr) broken(id, "was started for a call that is over");
    ++caller.children;
    check_called_again(parent);
  }
  const auto [place, fresh] = records_.try_emplace(id);
  if (!fresh) broken(id, "was accepted twice");
  Record& record = place->second;
  record.definition = definitions_.find(first.execution.workflow_name);
  record.base = *base;
  record.now = *base;
  if (write.lease) note_lease(first.effects);
  take(record, first, cause);
}

/// A workflow that may have done what must not happen twice is called again only by who says that twice is fine.
void Witness::check_called_again(const domain::Parent& parent) const {
  const std::string& effect = parent.effect.str();
  const std::size_t slash = effect.rfind('/');
  const int number = std::stoi(effect.substr(slash + 1));
  const auto before = started_by_.find(EffectId(effect.substr(0, slash + 1) + std::to_string(number - 1)));
  if (before == started_by_.end()) return;
  if (may_be_called_twice(parent)) return;
  const std::string doubt = doubt_of(before->second);
  if (!doubt.empty()) broken(parent.execution, effect + " calls again, and " + doubt + " may have happened");
}

bool Witness::may_be_called_twice(const domain::Parent& parent) const {
  const std::string path(parent.effect.str(), parent.execution.str().size() + 1);
  const std::string_view id = id_in(std::string_view(path).substr(0, path.rfind('/')));
  const auto& steps = records_.at(parent.execution).definition->steps;
  const auto& call = std::get<language::CallStep>(steps.find(id)->second->action);
  return !call.wait || (call.retry && call.retry->retry_unknown);
}

/// What of it, or of what it has called, may have happened; empty where nothing has.
std::string Witness::doubt_of(const ExecutionId& execution) const {
  const Record& record = records_.at(execution);
  for (const auto& [path, sends] : record.sends) {
    const bool unknown = !sends.succeeded && (!sends.failure || *sends.failure == engine::FailureClass::kUnknown);
    const auto& uses = std::get<language::UsesStep>(record.definition->steps.at(std::string(id_in(path)))->action);
    if (unknown && !is_harmless_to_repeat(Json::parse(sends.inputs), uses)) return execution.str() + " " + path;
  }
  const std::string prefix = execution.str() + "/";
  for (auto child = started_by_.lower_bound(EffectId(prefix)); child != started_by_.end(); ++child) {
    if (!child->first.str().starts_with(prefix)) break;
    if (may_be_called_twice({execution, child->first})) continue;
    if (std::string doubt = doubt_of(child->second); !doubt.empty()) return doubt;
  }
  return "";
}

void Witness::advanced(const store::AdvanceExecution& write, const Cause* cause) {
  Record& record = records_.at(write.change.execution.id);
  if (write.lease) {
    std::vector<domain::Effect> due;
    std::copy_if(write.change.effects.begin(), write.change.effects.end(), std::back_inserter(due),
                 [&](const domain::Effect& effect) { return effect.due_at <= write.now; });
    note_lease(due);
  }
  take(record, write.change, cause);
}

void Witness::note_lease(const std::vector<domain::Effect>& effects) {
  for (const domain::Effect& effect : effects) leased_.insert(effect.id);
}

void Witness::take(Record& record, const domain::ExecutionChange& change, const Cause* cause) {
  check_head(record, change);
  check_steps(record, change);
  check_effects(record, change);
  if (cause != nullptr && std::holds_alternative<engine::ChildEnded>(cause->fact)) ++record.told;
  for (const domain::LogEntry& line : change.logs) log_.emplace_back(change.execution.id, line.text);
  for (const domain::Effect& effect : change.effects) record.effects.insert(effect.id);
  record.decisions.push_back({*cause, engine_part(change), {}});
  if (!cause->decided) record.decisions.back().given = change;
  domain::apply(record.now, change);
  ++decisions_;
  if (domain::has_ended(change.execution)) {
    for (const domain::Effect& effect : record.now.effects) {
      if (!may_outlive(effect.kind)) broken(change.execution.id, "has ended with " + effect.id.str() + " in the outbox");
    }
    for (const domain::Step& step : record.now.steps) {
      if (!domain::is_final(step.status)) broken(change.execution.id, "has ended while its step " + step.path + " is open");
    }
  }
  if (record.base.execution.group) check_slots(*record.base.execution.group);
}

void Witness::check_head(const Record& record, const domain::ExecutionChange& change) const {
  const domain::Execution& before = record.now.execution;
  const domain::Execution& after = change.execution;
  if (domain::has_ended(before)) broken(after.id, "changed after it had ended");
  if (after.revision != before.revision + 1) {
    broken(after.id, "went from revision " + std::to_string(before.revision) + " to " + std::to_string(after.revision));
  }
  if (domain::is_final(before.status) && after.status != before.status) {
    broken(after.id, "was " + std::string(status_name(before.status)) + " and is " + std::string(status_name(after.status)));
  }
  if (after.phase < before.phase) broken(after.id, "went back to an earlier phase");
  if (domain::has_ended(after) && !domain::is_final(after.status)) broken(after.id, "ended without a result");
}

void Witness::check_steps(const Record& record, const domain::ExecutionChange& change) const {
  for (const domain::Step& step : change.steps) {
    const domain::Step* before = record.now.steps.find(step.path);
    if (before != nullptr && domain::is_final(before->status) && test::to_json(*before) != test::to_json(step)) {
      broken(change.execution.id, "the step " + step.path + " was finished and changed");
    }
    const language::Step* defined = record.definition->steps.at(std::string(id_in(step.path)));
    const auto* uses = std::get_if<language::UsesStep>(&defined->action);
    if (uses != nullptr && step.attempts > uses->retry.max_attempts) {
      broken(change.execution.id, "the step " + step.path + " had more attempts than its policy has");
    }
  }
}

void Witness::check_effects(const Record& record, const domain::ExecutionChange& change) const {
  for (const EffectId& id : change.finished) {
    if (record.now.effects.find(id.str()) == nullptr) broken(change.execution.id, id.str() + " was finished twice");
  }
  for (const domain::Effect& effect : change.effects) {
    if (record.effects.contains(effect.id)) broken(change.execution.id, effect.id.str() + " was decided twice");
    const domain::Step* step = change.steps.find(effect.path);
    if (step == nullptr) step = record.now.steps.find(effect.path);
    if (effect.kind == EffectKind::kCall && (step == nullptr || domain::is_final(step->status))) {
      broken(change.execution.id, "a call was decided for " + effect.path + ", which is not open");
    }
  }
}

void Witness::check_slots(const std::string& group) const {
  int taken = 0;
  int limit = 1;
  for (const auto& [id, record] : records_) {
    // The group is that of the enrolment: nobody leaves it before the end.
    domain::Execution execution = record.now.execution;
    execution.group = record.base.execution.group;
    if (!takes_slot(execution, group)) continue;
    ++taken;
    limit = std::max(limit, record.base.execution.group_limit);
  }
  if (taken > limit) throw Violation("the group " + group + " has " + std::to_string(taken) + " executions in " + std::to_string(limit) + " slots");
}

void Witness::carried_out(const domain::Effect& effect, bool orphaned) {
  Record& record = records_.at(effect.execution);
  if (leased_.erase(effect.id) == 0) broken(effect.execution, effect.id.str() + " was carried out without a lease");
  if (effect.kind != EffectKind::kCall || orphaned) return;
  if (record.in_doubt) return check_call(record, effect);
  if (record.now.effects.find(effect.id.str()) == nullptr) {
    broken(effect.execution, effect.id.str() + " was sent and is not in the outbox");
  }
  if (record.now.execution.status == ExecutionStatus::kCancelled && !record.definition->finally.contains(id_in(effect.path))) {
    broken(effect.execution, "is cancelled, and " + effect.id.str() + " was sent");
  }
  check_call(record, effect);
}

void Witness::check_call(Record& record, const domain::Effect& effect) {
  Sends& sends = record.sends[effect.path];
  const std::string owner = effect.execution.str() + " " + effect.path;
  const auto [known, fresh] = owner_of_key_.emplace(effect.call.idempotency_key, owner);
  if (known->second != owner) broken(effect.execution, "the key of " + effect.path + " is that of " + known->second);
  if (sends.count > 0) {
    check_repeat(record, effect, sends);
  } else {
    sends.key = effect.call.idempotency_key;
    sends.inputs = dump_json(effect.call.inputs);
  }
  ++sends.count;
  ++calls_;
  sends.last = effect.id;
  sends.failure.reset();
  const auto& policy = std::get<language::UsesStep>(record.definition->steps.at(std::string(id_in(effect.path)))->action).retry;
  if (sends.count - sends.deferred > policy.max_attempts) {
    broken(effect.execution, effect.path + " was sent more often than its policy allows");
  }
}

void Witness::check_repeat(const Record& record, const domain::Effect& effect, const Sends& sends) const {
  const ExecutionId& id = effect.execution;
  if (sends.key != effect.call.idempotency_key) broken(id, effect.path + " was sent with another key than before");
  if (sends.inputs != dump_json(effect.call.inputs)) broken(id, effect.path + " was sent with other inputs than before");
  if (sends.last == effect.id && !sends.failure) broken(id, effect.id.str() + " was sent twice");
  if (sends.succeeded) broken(id, effect.path + " was sent again after it had succeeded");
  if (!sends.failure) broken(id, effect.path + " was sent again while its answer was out");
  if (*sends.failure == engine::FailureClass::kRejected) broken(id, effect.path + " was sent again after it was refused");
  const auto& step = std::get<language::UsesStep>(record.definition->steps.at(std::string(id_in(effect.path)))->action);
  if (*sends.failure == engine::FailureClass::kUnknown && !is_harmless_to_repeat(effect.call.inputs, step)) {
    broken(id, effect.path + " may have happened, and was sent again");
  }
}

void Witness::answered(const EffectId& effect, const engine::Fact& fact) {
  Record& record = records_.at(ExecutionId(effect.str().substr(0, effect.str().find('/'))));
  for (auto& [path, sends] : record.sends) {
    if (sends.last != effect || sends.failure || sends.succeeded) continue;
    if (const auto* failed = std::get_if<engine::CallFailed>(&fact)) {
      sends.failure = failed->failure_class;
      if (failed->failure_class == engine::FailureClass::kDeferred) ++sends.deferred;
    } else {
      sends.succeeded = std::holds_alternative<engine::CallSucceeded>(fact);
    }
  }
}

void Witness::restarted() {
  leased_.clear();
  for (auto& [id, record] : records_) {
    record.in_doubt = false;
    for (auto& [path, sends] : record.sends) {
      // Whatever was answered and not decided is forgotten: nobody can know any more what became of it.
      if (record.now.effects.find(sends.last.str()) == nullptr) continue;
      if (sends.failure == engine::FailureClass::kDeferred) --sends.deferred;
      sends.failure = engine::FailureClass::kUnknown;
      sends.succeeded = false;
    }
  }
}

std::vector<ExecutionId> Witness::live() const {
  std::vector<ExecutionId> live;
  for (const auto& [id, record] : records_) {
    if (!domain::has_ended(record.now.execution)) live.push_back(id);
  }
  return live;
}

}  // namespace ipaas::simulation
