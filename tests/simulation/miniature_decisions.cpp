// Facts of one execution, one after the other.
#include "tests/simulation/miniature.h"

#include <algorithm>

#include "tests/support/fact_json.h"

namespace ipaas::simulation {
namespace {

/// The end of whoever has the slot wakes the next one anyway; one whose `finally` waits for a day is not asked every second.
constexpr Duration kLookAgain = std::chrono::hours(12);

}  // namespace

void Miniature::deliver(const ExecutionId& execution, engine::Fact fact, Decided decided) {
  parts_.trace.add([&] { return execution.str() + " <- " + dump_json(test::to_json(fact)); });
  Mailbox& mailbox = mailboxes_[execution];
  mailbox.letters.push_back({std::move(fact), std::move(decided), {}});
  if (mailbox.busy && parts_.mutation != Mutation::kRevisionNotCompared) return;
  mailbox.busy = true;
  post([this, execution] { take_next(execution); });
}

std::optional<domain::ExecutionSnapshot> Miniature::read(const ExecutionId& execution) {
  store::Reader* reader = parts_.disk.reader();
  if (reader == nullptr) return std::nullopt;
  auto snapshot = reader->execution(TenantId(std::string(store::kDefaultTenantId)), execution);
  if (!snapshot) throw Violation(execution.str() + " cannot be read: " + to_string(snapshot.error()));
  if (parts_.mutation == Mutation::kFinishedStepForgotten) {
    const auto finished = std::find_if(snapshot->steps.begin(), snapshot->steps.end(),
                                       [](const domain::Step& step) { return step.status == domain::StepStatus::kSucceeded; });
    if (finished != snapshot->steps.end()) snapshot->steps.erase(std::string(finished->path));
  }
  return *std::move(snapshot);
}

void Miniature::take_next(const ExecutionId& execution) {
  const auto found = mailboxes_.find(execution);
  if (found == mailboxes_.end() || found->second.letters.empty()) return;  // where a mutation lets several decide at once
  Mailbox& mailbox = found->second;
  Letter letter = std::move(mailbox.letters.front());
  mailbox.letters.pop_front();
  auto snapshot = std::exchange(mailbox.snapshot, std::nullopt);
  if (!snapshot) snapshot = read(execution);
  if (!snapshot) return put_back(execution, std::move(letter), true);
  parts_.witness.knows_all_of(execution);
  if (letter.unsure) {
    const Aftermath aftermath = *std::exchange(letter.unsure, std::nullopt);
    if (snapshot->execution.revision >= aftermath.revision) return committed(*std::move(snapshot), aftermath, letter);
  }
  decide(execution, *std::move(snapshot), std::move(letter));
}

void Miniature::decide(const ExecutionId& execution, domain::ExecutionSnapshot snapshot, Letter letter) {
  const Instant now = parts_.clock.now();
  const language::Workflow& workflow = *parts_.definitions.at(snapshot.execution.workflow_name).workflow;
  auto decision = parts_.brain.decide(workflow, snapshot, letter.fact, now);
  if (!decision) {
    release(execution, std::move(snapshot));
    if (letter.decided) letter.decided();
    return;
  }
  Cause cause{letter.fact, now};
  for (const domain::Effect& effect : snapshot.effects) cause.dues.emplace_back(effect.id, effect.due_at);
  commit(std::move(snapshot), std::move(decision->change), std::move(letter), std::move(cause));
}

void Miniature::commit(domain::ExecutionSnapshot snapshot, domain::ExecutionChange change, Letter letter, Cause cause) {
  announce_end(change, cause.now);
  const bool any_due = std::any_of(change.effects.begin(), change.effects.end(),
                                   [&](const domain::Effect& effect) { return effect.due_at <= cause.now; });
  Aftermath aftermath{change.finished, change.effects, cause.now, any_due && parts_.dice.percent(60), change.execution.revision};
  store::AdvanceExecution write;
  write.tenant = snapshot.execution.tenant;
  write.now = cause.now;
  if (aftermath.leased) write.lease = parts_.boot;
  if (std::holds_alternative<engine::Begin>(letter.fact) && domain::own_group(snapshot.execution)) {
    write.claim = true;
    const auto& concurrency = parts_.definitions.at(snapshot.execution.workflow_name).workflow->concurrency;
    if (concurrency->on_limit == language::Concurrency::OnLimit::kCancelRunning) write.look_again = cause.now + kLookAgain;
  }
  domain::apply(snapshot, change);
  write.change = std::move(change);
  if (parts_.mutation == Mutation::kSentBeforeLease && aftermath.leased) {
    for (const domain::Effect& effect : aftermath.effects) carry_out(effect, false);
  }
  submit({std::move(write), std::move(cause)}, [this, snapshot = std::move(snapshot), aftermath = std::move(aftermath),
                                                letter = std::move(letter)](const Result<store::Outcome>& outcome) mutable {
    const ExecutionId id = snapshot.execution.id;
    if (!outcome) {
      letter.unsure = std::move(aftermath);
      put_back(id, std::move(letter), true);
    } else if (outcome->kind == store::Outcome::Kind::kDone) {
      committed(std::move(snapshot), aftermath, letter);
    } else if (outcome->kind == store::Outcome::Kind::kBusy) {
      no_slot(snapshot.execution, std::move(letter), *outcome);
    } else {
      put_back(id, std::move(letter), false);
    }
  });
}

void Miniature::no_slot(const domain::Execution& execution, Letter letter, const store::Outcome& outcome) {
  using OnLimit = language::Concurrency::OnLimit;
  parts_.trace.add([&] { return execution.id.str() + " finds no slot in " + execution.group.value_or("no group"); });
  const language::Concurrency& concurrency = *parts_.definitions.at(execution.workflow_name).workflow->concurrency;
  const auto waiting = static_cast<int>(outcome.count);
  const bool too_many = concurrency.queue_limit && waiting >= *concurrency.queue_limit;
  if (concurrency.on_limit == OnLimit::kSkip || (concurrency.on_limit == OnLimit::kQueue && too_many)) {
    letter.fact = engine::GroupFull{waiting};
    put_back(execution.id, std::move(letter), false);
    return;
  }
  if (concurrency.on_limit == OnLimit::kCancelRunning) {
    if (!outcome.oldest.empty()) deliver(outcome.oldest, engine::Cancel{"a newer execution"});
    wake_at(parts_.clock.now() + kLookAgain);
  }
  release(execution.id, std::nullopt);
  if (letter.decided) letter.decided();
}

void Miniature::committed(domain::ExecutionSnapshot snapshot, const Aftermath& aftermath, const Letter& letter) {
  const ExecutionId execution = snapshot.execution.id;
  parts_.trace.add([&] { return execution.str() + " is " + std::string(status_name(snapshot.execution.status)) + " after " + test::fact_name(letter.fact); });
  Mailbox& mailbox = mailboxes_[execution];
  for (const EffectId& id : aftermath.finished) mailbox.calls.erase(id);
  for (const domain::Step& step : snapshot.steps) {
    if (!domain::is_final(step.status)) parts_.asks(snapshot.execution, step);
  }
  for (const domain::Effect& effect : aftermath.effects) {
    if (aftermath.leased && effect.due_at <= aftermath.decided_at) {
      if (parts_.mutation != Mutation::kSentBeforeLease) carry_out(effect, false);
    } else {
      wake_at(effect.due_at);
    }
  }
  // Its end may have freed a slot, for which the store has woken somebody.
  if (domain::has_ended(snapshot.execution)) wake_at(Instant::min());
  release(execution, std::move(snapshot));
  if (letter.decided) letter.decided();
}

void Miniature::release(const ExecutionId& execution, std::optional<domain::ExecutionSnapshot> snapshot) {
  Mailbox& mailbox = mailboxes_[execution];
  const bool keep = snapshot && !domain::has_ended(snapshot->execution) && parts_.dice.percent(50);
  mailbox.snapshot = keep ? std::move(snapshot) : std::nullopt;
  mailbox.busy = !mailbox.letters.empty();
  if (mailbox.busy) {
    post([this, execution] { take_next(execution); });
  } else if (!keep && mailbox.calls.empty()) {
    mailboxes_.erase(execution);
  }
}

void Miniature::put_back(const ExecutionId& execution, Letter letter, bool pause) {
  Mailbox& mailbox = mailboxes_[execution];
  mailbox.snapshot.reset();
  mailbox.letters.push_front(std::move(letter));
  const auto again = [this, execution] { take_next(execution); };
  if (pause) {
    later(again);
  } else {
    post(again);
  }
}

}  // namespace ipaas::simulation
