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
  if (!snapshot) return put_back(execution, {std::move(letter)}, true);
  parts_.witness.knows_all_of(execution);
  if (letter.unsure) {
    Aftermath aftermath = *std::exchange(letter.unsure, std::nullopt);
    if (snapshot->execution.revision >= aftermath.revision) {
      std::erase_if(aftermath.effects, [&](const auto& effect) { return snapshot->effects.find(effect.id.str()) == nullptr; });
      committed(execution, aftermath, letter);
      release(execution, std::move(snapshot));
      return;
    }
    for (Letter& behind : mailbox.letters) behind.unsure.reset();  // it was made upon what was not committed
  }
  decide(std::make_shared<Chain>(Chain{*std::move(snapshot)}), std::move(letter));
}

void Miniature::go_on(const ChainPtr& chain) {
  Mailbox& mailbox = mailboxes_[chain->execution()];
  if (mailbox.letters.empty() || mailbox.letters.front().unsure) return complete(*chain);
  Letter letter = std::move(mailbox.letters.front());
  mailbox.letters.pop_front();
  decide(chain, std::move(letter));
}

void Miniature::decide(const ChainPtr& chain, Letter letter) {
  const Instant now = parts_.clock.now();
  const language::Workflow& workflow = *parts_.definitions.at(chain->snapshot.execution.workflow_name).workflow;
  auto decision = parts_.brain.decide(workflow, chain->snapshot, letter.fact, now);
  bool more = true;
  if (decision) {
    Cause cause{letter.fact, now};
    for (const domain::Effect& effect : chain->snapshot.effects) cause.dues.emplace_back(effect.id, effect.due_at);
    more = add(chain, std::move(decision->change), std::move(letter), std::move(cause));
  } else {
    chain->made.push_back({std::move(letter), {}, false});
  }
  // The writer may commit what there is before the next one is decided.
  if (!more || parts_.dice.percent(30)) return complete(*chain);
  post([this, chain] { go_on(chain); });
}

bool Miniature::add(const ChainPtr& chain, domain::ExecutionChange change, Letter letter, Cause cause) {
  domain::ExecutionSnapshot& snapshot = chain->snapshot;
  announce_end(change, cause.now);
  const bool any_due = std::any_of(change.effects.begin(), change.effects.end(),
                                   [&](const domain::Effect& effect) { return effect.due_at <= cause.now; });
  Aftermath aftermath{change.finished, change.effects, cause.now, any_due && parts_.dice.percent(60), change.execution.revision,
                      change.execution.status, domain::has_ended(change.execution)};
  store::AdvanceExecution write;
  write.tenant = snapshot.execution.tenant;
  write.now = cause.now;
  if (aftermath.leased) write.lease = parts_.boot;
  if (std::holds_alternative<engine::Begin>(letter.fact) && domain::own_group(snapshot.execution)) {
    write.claim = true;
    write.look_again = look_again(snapshot.execution, cause.now);
  }
  domain::apply(snapshot, change);
  write.change = std::move(change);
  if (parts_.mutation == Mutation::kSentBeforeLease && aftermath.leased) {
    for (const domain::Effect& effect : aftermath.effects) carry_out(effect, false);
  }
  const bool more = !write.claim && !aftermath.ended;
  const std::size_t number = chain->made.size();
  chain->made.push_back({std::move(letter), std::move(aftermath)});
  ++chain->out;
  submit({std::move(write), std::move(cause)}, [this, chain, number](Result<store::Outcome> outcome) {
    take_outcome(*chain, number, std::move(outcome));
  });
  return more;
}

void Miniature::take_outcome(Chain& chain, std::size_t number, Result<store::Outcome> outcome) {
  const bool done = outcome && outcome->kind == store::Outcome::Kind::kDone;
  chain.made[number].outcome = std::move(outcome);
  while (done && chain.settled <= number) settle(chain.execution(), chain.made[chain.settled++]);
  if (--chain.out == 0 && chain.complete) finish(chain);
}

void Miniature::complete(Chain& chain) {
  chain.complete = true;
  if (chain.out == 0) finish(chain);
}

void Miniature::finish(Chain& chain) {
  const ExecutionId execution = chain.execution();
  while (chain.settled < chain.made.size() && !chain.made[chain.settled].changes) settle(execution, chain.made[chain.settled++]);
  if (chain.settled == chain.made.size()) return release(execution, std::move(chain.snapshot));
  Made& refused = chain.made[chain.settled];
  const Result<store::Outcome>& outcome = *refused.outcome;
  if (outcome && outcome->kind == store::Outcome::Kind::kBusy) return no_slot(chain.snapshot.execution, std::move(refused.letter), *outcome);
  const bool pause = !outcome;
  std::vector<Letter> letters;
  bool unsure = true;
  for (; chain.settled < chain.made.size(); ++chain.settled) {
    Made& made = chain.made[chain.settled];
    if (made.changes) unsure = unsure && !*made.outcome;
    if (made.changes && unsure) made.letter.unsure = std::move(made.aftermath);
    letters.push_back(std::move(made.letter));
  }
  if (parts_.mutation == Mutation::kLostBehindRefused) letters.resize(1);
  put_back(execution, std::move(letters), pause);
}

void Miniature::settle(const ExecutionId& execution, const Made& made) {
  if (made.changes) return committed(execution, made.aftermath, made.letter);
  if (made.letter.decided) made.letter.decided();
}

std::optional<Instant> Miniature::look_again(const domain::Execution& execution, Instant now) const {
  const auto claim = engine::GroupClaim::of(execution, *parts_.definitions.at(execution.workflow_name).workflow);
  if (claim.on_limit == language::Concurrency::OnLimit::kCancelRunning) return now + kLookAgain;
  return claim.look_again(execution.created_at, now);
}

void Miniature::no_slot(const domain::Execution& execution, Letter letter, const store::Outcome& outcome) {
  using OnLimit = language::Concurrency::OnLimit;
  parts_.trace.add([&] { return execution.id.str() + " finds no slot in " + execution.group.value_or("no group"); });
  const auto claim = engine::GroupClaim::of(execution, *parts_.definitions.at(execution.workflow_name).workflow);
  const Instant now = parts_.clock.now();
  if (claim.gives_up(now) || claim.turns_away(outcome.count)) {
    letter.fact = engine::GroupFull{static_cast<int>(outcome.count), claim.gives_up(now)};
    put_back(execution.id, {std::move(letter)}, false);
    return;
  }
  if (claim.on_limit == OnLimit::kCancelRunning && !outcome.oldest.empty()) {
    deliver(outcome.oldest, engine::Cancel{"a newer execution"});
  }
  if (const auto again = look_again(execution, now)) wake_at(*again);
  release(execution.id, std::nullopt);
  if (letter.decided) letter.decided();
}

void Miniature::committed(const ExecutionId& execution, const Aftermath& aftermath, const Letter& letter) {
  parts_.trace.add([&] { return execution.str() + " is " + std::string(status_name(aftermath.status)) + " after " + test::fact_name(letter.fact); });
  Mailbox& mailbox = mailboxes_[execution];
  for (const EffectId& id : aftermath.finished) mailbox.calls.erase(id);
  for (const domain::Effect& effect : aftermath.effects) {
    if (aftermath.leased && effect.due_at <= aftermath.decided_at) {
      if (parts_.mutation != Mutation::kSentBeforeLease) carry_out(effect, false);
    } else {
      wake_at(effect.due_at);
    }
  }
  // Its end may have freed a slot, for which the store has woken somebody.
  if (aftermath.ended) wake_at(Instant::min());
  if (letter.decided) letter.decided();
}

void Miniature::release(const ExecutionId& execution, std::optional<domain::ExecutionSnapshot> snapshot) {
  for (const domain::Step& step : snapshot ? snapshot->steps : KeyedList<domain::Step>()) {
    if (!domain::is_final(step.status)) parts_.asks(snapshot->execution, step);
  }
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

void Miniature::put_back(const ExecutionId& execution, std::vector<Letter> letters, bool pause) {
  Mailbox& mailbox = mailboxes_[execution];
  mailbox.snapshot.reset();
  mailbox.letters.insert(mailbox.letters.begin(), std::make_move_iterator(letters.begin()), std::make_move_iterator(letters.end()));
  const auto again = [this, execution] { take_next(execution); };
  if (pause) {
    later(again);
  } else {
    post(again);
  }
}

}  // namespace ipaas::simulation
