// Decisions about one execution, from the letters to the store and back.
#include <algorithm>

#include "daemon/runtime/dispatcher.h"

namespace ipaas::daemon {
namespace {

// How far decisions run ahead of their commit: until then they are in memory, and lost where it is refused.
constexpr std::size_t kMostDecisions = 64;
constexpr std::size_t kMostBytes = 1024 * 1024;

/// Who answers wants to know whether the answer counts; to everybody else it is the same who was quicker.
Result<domain::ExecutionStatus> without_change(const engine::Fact& fact, domain::ExecutionStatus status) {
  if (!std::holds_alternative<engine::Signal>(fact)) return status;
  return fail(ErrorKind::kConflict, "nothing waits for this answer any more", {}, "already_answered");
}

/// Who ends gives its slot to the next of its group. So does who leaves the queue, since where several ended at once all of
/// them have woken the same one.
bool hastens_next(const domain::Execution& before, const domain::Execution& after) {
  const bool leaves_queue =
      before.status == domain::ExecutionStatus::kQueued && after.status != domain::ExecutionStatus::kQueued;
  // One that shared a slot may have come to count itself since.
  return after.group && (leaves_queue || domain::has_ended(after));
}

bool unavailable(const Result<store::Outcome>& outcome) {
  return !outcome && outcome.error().kind == ErrorKind::kUnavailable;
}

bool is(const Result<store::Outcome>& outcome, store::Outcome::Kind kind) { return outcome && outcome->kind == kind; }

}  // namespace

/// The letter, and those that wait behind it by then.
void Dispatcher::decide_on(LiveSnapshotPtr live, Letter letter) {
  const auto chain = std::make_shared<Chain>(std::move(live));
  const auto begun = std::chrono::steady_clock::now();
  std::optional<Letter> next = std::move(letter);
  while (next) {
    auto deliberated = deliberate(*chain->live, next->fact);
    if (!deliberated && chain->made.empty()) return put_back(chain->execution, *std::move(next), true);
    if (!deliberated) {
      const std::lock_guard lock(mutex_);
      mailboxes_.at(chain->execution).letters.push_front(*std::move(next));
      break;
    }
    const bool more = add(chain, *std::move(deliberated), *std::move(next));
    next = more && may_lead(*chain, begun) ? take_another(chain->execution) : std::nullopt;
  }
  {
    const std::lock_guard lock(chain->mutex);
    chain->complete = true;
    if (chain->out > 0) return;
  }
  finish(*chain);
}

bool Dispatcher::may_lead(const Chain& chain, std::chrono::steady_clock::time_point begun) const {
  return chain.made.size() < kMostDecisions && chain.bytes < kMostBytes &&
         std::chrono::steady_clock::now() - begun < parts_.longest_lead;
}

/// Nothing where the next letter asks for what is in the store.
std::optional<Dispatcher::Letter> Dispatcher::take_another(const ExecutionId& execution) {
  const std::lock_guard lock(mutex_);
  std::deque<Letter>& letters = mailboxes_.at(execution).letters;
  if (letters.empty() || letters.front().unsure || letters.front().arrival) return std::nullopt;
  Letter letter = std::move(letters.front());
  letters.pop_front();
  return letter;
}

/// False where nothing can be decided upon it before it is committed.
bool Dispatcher::add(const ChainPtr& chain, Deliberated deliberated, Letter letter) {
  if (!deliberated.decision) {
    Made made{std::move(letter), {}, false};
    made.aftermath.status = chain->live->execution().status;
    const std::lock_guard lock(chain->mutex);
    chain->made.push_back(std::move(made));
    return true;
  }
  const Instant now = parts_.clock.now();
  Aftermath aftermath = prepare(*chain->live, deliberated, letter.fact, now);
  domain::ExecutionChange& change = deliberated.decision->change;
  const bool more = !aftermath.claim && !aftermath.ended;
  // As it will be; should the commit be refused, it is read again. What has ended needs no more than its head.
  if (aftermath.ended) {
    chain->live->end(change.execution);
  } else {
    chain->bytes += chain->live->apply(change);
  }
  store::AdvanceExecution advance;
  advance.tenant = chain->tenant;
  advance.now = now;
  advance.change = std::move(change);
  advance.audit = letter.audit;
  advance.masked = std::move(deliberated.decision->masked);
  advance.claim = aftermath.claim.has_value();
  advance.look_again = aftermath.look_again;
  if (aftermath.departure.leased) advance.lease = parts_.boot;
  submit(chain, std::move(advance), {std::move(letter), std::move(aftermath)});
  return more;
}

Dispatcher::Aftermath Dispatcher::prepare(const LiveSnapshot& live, Deliberated& deliberated, const engine::Fact& fact,
                                          Instant now) {
  const domain::Execution& before = live.execution();
  const domain::ExecutionChange& change = deliberated.decision->change;
  Aftermath aftermath;
  if (std::holds_alternative<engine::Begin>(fact) && domain::own_group(before) && deliberated.definition) {
    aftermath.claim = engine::GroupClaim::of(before, *deliberated.definition);
    aftermath.look_again = aftermath.claim->look_again(before.created_at, now);
  }
  aftermath.departure = parts_.desk.prepare(*deliberated.decision, now, DepartureDesk::Lease::kDue);
  aftermath.finished = change.finished;
  aftermath.revision = change.execution.revision;
  aftermath.status = change.execution.status;
  aftermath.ended = domain::has_ended(change.execution);
  aftermath.unused = DepartureDesk::unused(live.get(), change, fact, now);
  aftermath.hastens_next = hastens_next(before, change.execution);
  return aftermath;
}

void Dispatcher::submit(const ChainPtr& chain, store::AdvanceExecution advance, Made made) {
  std::size_t number = 0;
  {
    const std::lock_guard lock(chain->mutex);
    number = chain->made.size();
    chain->made.push_back(std::move(made));
    ++chain->out;
  }
  parts_.writer.submit(std::move(advance), [this, chain, number](Result<store::Outcome> outcome) {
    take_outcome(*chain, number, std::move(outcome));
  });
}

/// On the writer's thread, in the order of the decisions. One that was committed says the same of those before it, whatever
/// the writer said of them: the store takes none that was made upon another state.
void Dispatcher::take_outcome(Chain& chain, std::size_t number, Result<store::Outcome> outcome) {
  const bool done = is(outcome, store::Outcome::Kind::kDone);
  std::vector<const Made*> committed;
  {
    const std::lock_guard lock(chain.mutex);
    chain.made[number].outcome = std::move(outcome);
    for (; done && chain.settled <= number; ++chain.settled) committed.push_back(&chain.made[chain.settled]);
  }
  for (const Made* made : committed) settle(chain, *made);
  {
    const std::lock_guard lock(chain.mutex);
    if (--chain.out > 0 || !chain.complete) return;
  }
  finish(chain);
}

/// What it was decided upon is committed, and so is the decision.
void Dispatcher::settle(const Chain& chain, const Made& made) {
  if (made.changes) return committed(chain.tenant, chain.execution, made.letter, made.aftermath);
  if (made.letter.decided) made.letter.decided(without_change(made.letter.fact, made.aftermath.status));
}

/// No worker and no writer is busy with it any more.
void Dispatcher::finish(Chain& chain) {
  for (; chain.settled < chain.made.size() && !chain.made[chain.settled].changes; ++chain.settled) {
    settle(chain, chain.made[chain.settled]);
  }
  if (chain.settled == chain.made.size()) return release(chain.execution, chain.live);
  const Made& refused = chain.made[chain.settled];
  if (is(*refused.outcome, store::Outcome::Kind::kBusy)) return full(chain, refused);
  const bool pause = unavailable(*refused.outcome);
  std::vector<Letter> letters;
  bool unsure = true;
  for (; chain.settled < chain.made.size(); ++chain.settled) {
    Made& made = chain.made[chain.settled];
    if (made.changes) unsure = unsure && unavailable(*made.outcome);
    if (auto letter = once_more(chain.execution, std::move(made), unsure)) letters.push_back(*std::move(letter));
  }
  if (letters.empty()) return release(chain.execution, nullptr);
  put_back(chain.execution, std::move(letters), pause);
}

/// The letter of a decision that was not committed, or `unsure` whether it was; nothing where nobody can help it. What was
/// made upon a refused one was not committed, whatever the writer said of it.
std::optional<Dispatcher::Letter> Dispatcher::once_more(const ExecutionId& execution, Made made, bool unsure) {
  if (!made.changes) return std::move(made.letter);
  const Result<store::Outcome>& outcome = *made.outcome;
  if (unsure) {
    made.letter.unsure = std::move(made.aftermath);
    return std::move(made.letter);
  }
  parts_.desk.undo(made.aftermath.departure);
  if (outcome || unavailable(outcome)) return std::move(made.letter);  // decided on another state
  if (std::holds_alternative<engine::Broke>(made.letter.fact)) {
    give_up(execution, made.letter, outcome.error());
    return std::nullopt;
  }
  made.letter.fact = engine::Broke{"the decision cannot be stored: " + outcome.error().message};
  return std::move(made.letter);
}

/// Its group has no slot: the store has put its start aside until there is one.
void Dispatcher::full(const Chain& chain, const Made& made) {
  const Aftermath& aftermath = made.aftermath;
  const store::Outcome& outcome = **made.outcome;
  parts_.desk.undo(aftermath.departure);
  if (aftermath.look_again) parts_.wake_at(*aftermath.look_again);
  release(chain.execution, nullptr);
  const bool too_long = aftermath.claim->gives_up(parts_.clock.now());
  if (too_long || aftermath.claim->turns_away(outcome.count)) {
    deliver(chain.tenant, chain.execution, engine::GroupFull{static_cast<int>(outcome.count), too_long});
  } else if (aftermath.claim->on_limit == language::Concurrency::OnLimit::kCancelRunning && !outcome.oldest.empty()) {
    deliver(chain.tenant, outcome.oldest, engine::Cancel{"the execution " + chain.execution.str() + " of its group"});
  }
  if (made.letter.decided) made.letter.decided(domain::ExecutionStatus::kQueued);
}

/// Nothing can be done for it here and now: the operator is told, and the next start finds what it left in the outbox.
void Dispatcher::give_up(const ExecutionId& execution, const Letter& letter, const Error& error) {
  if (error.kind != ErrorKind::kNotFound) parts_.stuck(execution, error);
  if (letter.decided) letter.decided(tl::unexpected(error));
}

void Dispatcher::committed(const TenantId& tenant, const ExecutionId& execution, const Letter& letter,
                           const Aftermath& aftermath) {
  calls_.stop(execution, aftermath.finished);
  parts_.desk.give_back(aftermath.unused);
  if (aftermath.ended) --live_;
  if (aftermath.hastens_next) parts_.wake_at(parts_.clock.now());
  carry_out(aftermath.departure);
  parts_.notifier.committed(tenant, execution, domain::is_final(aftermath.status));
  if (letter.decided) letter.decided(aftermath.status);
}

}  // namespace ipaas::daemon
