#include "daemon/runtime/dispatcher.h"

#include <algorithm>

namespace ipaas::daemon {
namespace {

/// To read more steps than this again for each fact would cost more than all the rest of a decision.
constexpr std::size_t kFewSteps = 64;

/// Somebody else is busy with it, so the next fact may come at any moment; a sleep takes its time.
bool awaits_others(const domain::ExecutionSnapshot& snapshot) {
  return std::any_of(snapshot.effects.begin(), snapshot.effects.end(), [](const domain::Effect& effect) {
    return effect.kind == domain::EffectKind::kCall || effect.kind == domain::EffectKind::kChild;
  });
}

}  // namespace

Dispatcher::Dispatcher(Parts parts)
    : parts_(std::move(parts)),
      calls_({parts_.workers, parts_.calls, parts_.slots, parts_.marks,
              [this](const EffectPtr& effect, engine::Fact fact) {
                deliver(effect->tenant, effect->execution, std::move(fact));
              }}),
      shelf_(parts_.budget) {}

void Dispatcher::adopt(domain::ExecutionSnapshot snapshot, const Departure& departure) {
  const TenantId tenant = snapshot.execution.tenant;
  const ExecutionId execution = snapshot.execution.id;
  const bool over = domain::is_final(snapshot.execution.status);
  if (!domain::has_ended(snapshot.execution)) {
    ++live_;
    if (awaits_others(snapshot)) keep(std::make_shared<LiveSnapshot>(std::move(snapshot)));
  }
  carry_out(departure);
  parts_.notifier.committed(tenant, execution, over);
}

void Dispatcher::recover(const TenantId& tenant, const ExecutionId& execution, Departure departure) {
  Letter letter;
  letter.arrival = std::move(departure);
  put(tenant, execution, std::move(letter));
}

void Dispatcher::deliver(const TenantId& tenant, const ExecutionId& execution, engine::Fact fact, Decided decided,
                          std::optional<domain::AuditRecord> audit) {
  put(tenant, execution, {std::move(fact), std::move(decided), std::move(audit), {}, {}});
}

void Dispatcher::put(const TenantId& tenant, const ExecutionId& execution, Letter letter) {
  {
    const std::lock_guard lock(mutex_);
    Mailbox& mailbox = mailboxes_[execution];
    mailbox.tenant = tenant;
    mailbox.letters.push_back(std::move(letter));
    if (mailbox.busy) return;
    mailbox.busy = true;
  }
  parts_.workers.post([this, execution] { take_next(execution); });
}

bool Dispatcher::idle() const {
  const std::lock_guard lock(mutex_);
  return std::none_of(mailboxes_.begin(), mailboxes_.end(), [](const auto& entry) { return entry.second.busy; });
}

std::size_t Dispatcher::kept_bytes() const {
  const std::lock_guard lock(mutex_);
  return shelf_.bytes();
}

void Dispatcher::leased(const std::vector<store::LeasedEffect>& effects) {
  for (const auto& [effect, orphaned] : effects) {
    const bool call = effect.kind == domain::EffectKind::kCall;
    if (call && orphaned) {
      parts_.slots.give_back(1);
      deliver(effect.tenant, effect.execution, parts_.calls.orphaned(effect));
    } else {
      // Whatever is no call is harmless to do again.
      carry_out(std::make_shared<domain::Effect>(effect), nullptr);
    }
  }
}

void Dispatcher::carry_out(const Departure& departure) {
  for (const EffectPtr& effect : departure.effects) {
    if (departure.goes_now(*effect)) {
      carry_out(effect, departure.execution);
    } else {
      parts_.wake_at(effect->due_at);
    }
  }
  for (const engine::CallFailed& failed : departure.turned_away) {
    const auto effect = std::find_if(departure.effects.begin(), departure.effects.end(),
                                     [&](const EffectPtr& candidate) { return candidate->id == failed.effect; });
    deliver((*effect)->tenant, (*effect)->execution, failed);
  }
}

void Dispatcher::carry_out(const EffectPtr& effect, const std::shared_ptr<const domain::Execution>& execution) {
  switch (effect->kind) {
    case domain::EffectKind::kStart: deliver(effect->tenant, effect->execution, engine::Begin{}); break;
    case domain::EffectKind::kCall: calls_.begin(effect); break;
    case domain::EffectKind::kTimer: deliver(effect->tenant, effect->execution, engine::TimerFired{effect->id}); break;
    case domain::EffectKind::kChild:
    case domain::EffectKind::kCancelChild:
    case domain::EffectKind::kReport:
    case domain::EffectKind::kAnnounce: parts_.errand(effect, execution); break;
  }
}

void Dispatcher::take_next(const ExecutionId& execution) {
  Letter letter;
  TenantId tenant;
  LiveSnapshotPtr live;
  {
    const std::lock_guard lock(mutex_);
    Mailbox& mailbox = mailboxes_.at(execution);
    letter = std::move(mailbox.letters.front());
    mailbox.letters.pop_front();
    tenant = mailbox.tenant;
    live = shelf_.take(execution);
  }
  decide(execution, tenant, std::move(live), std::move(letter));
}

Result<LiveSnapshotPtr> Dispatcher::read(const TenantId& tenant, const ExecutionId& execution) {
  auto reader = parts_.readers.borrow();
  auto read = reader ? (*reader)->execution(tenant, execution) : tl::unexpected(reader.error());
  if (!read) return tl::unexpected(read.error());
  return std::make_shared<LiveSnapshot>(*std::move(read));
}

void Dispatcher::decide(const ExecutionId& execution, const TenantId& tenant, LiveSnapshotPtr live, Letter letter) {
  if (!live) {
    auto read_now = read(tenant, execution);
    if (!read_now && read_now.error().kind == ErrorKind::kUnavailable) {
      put_back(execution, std::move(letter), true);
      return;
    }
    if (!read_now) {
      if (letter.arrival) parts_.desk.undo(*letter.arrival);
      if (letter.unsure) parts_.desk.undo(letter.unsure->departure);
      release(execution, nullptr);
      give_up(execution, letter, read_now.error());
      return;
    }
    live = *std::move(read_now);
  }
  if (letter.arrival) {
    arrived(live, *std::move(letter.arrival));
    return;
  }
  if (letter.unsure) {
    Aftermath aftermath = *std::exchange(letter.unsure, std::nullopt);
    if (live->execution().revision >= aftermath.revision) {
      // So may be decisions that were made upon it: what they have taken back is not carried out.
      parts_.desk.leave_out(aftermath.departure, live->get());
      committed(tenant, execution, letter, aftermath);
      release(execution, live);
      return;
    }
    parts_.desk.undo(aftermath.departure);
    forget_unsure(execution);
  }
  decide_on(std::move(live), std::move(letter));
}

/// A decision was not committed, and so none is that was made upon it. By its revision that could not be told any more once
/// the letters in front of it are decided anew.
void Dispatcher::forget_unsure(const ExecutionId& execution) {
  std::vector<Aftermath> lost;
  {
    const std::lock_guard lock(mutex_);
    for (Letter& letter : mailboxes_.at(execution).letters) {
      if (letter.unsure) lost.push_back(*std::exchange(letter.unsure, std::nullopt));
    }
  }
  for (const Aftermath& aftermath : lost) parts_.desk.undo(aftermath.departure);
}

/// It was committed after all. Since then it may have been cancelled: only what is still in its outbox is carried out.
void Dispatcher::arrived(const LiveSnapshotPtr& live, Departure departure) {
  const domain::Execution& execution = live->execution();
  const TenantId tenant = execution.tenant;
  const ExecutionId id = execution.id;
  const bool over = domain::is_final(execution.status);
  // What ended by a later decision was counted down for it already.
  if (!domain::has_ended(execution) || execution.revision > 1) ++live_;
  parts_.desk.leave_out(departure, live->get());
  carry_out(departure);
  release(id, live);
  parts_.notifier.committed(tenant, id, over);
}

Result<Dispatcher::Deliberated> Dispatcher::deliberate(const LiveSnapshot& live, const engine::Fact& fact) {
  const domain::ExecutionSnapshot& snapshot = live.get();
  const domain::Execution& execution = snapshot.execution;
  const CrashMarks::Mark mark(parts_.marks, execution.tenant, execution.id, execution.revision + 1);
  const Instant now = parts_.clock.now();
  Deliberated result{{}, parts_.definitions.peek(execution.workflow, execution.version)};
  if (!result.definition) {
    auto reader = parts_.readers.borrow();
    if (!reader) return tl::unexpected(reader.error());
    auto read = parts_.definitions.get(**reader, execution.tenant, execution.workflow, execution.version);
    if (!read && read.error().kind == ErrorKind::kUnavailable) return tl::unexpected(read.error());
    if (!read) {
      result.decision = engine::decide(language::Workflow{}, snapshot,
                                       engine::Broke{"the workflow version cannot be read: " + read.error().message}, now);
      return result;
    }
    result.definition = *std::move(read);
  }
  // The one catch-all: a defect of ours ends this execution and no other.
  std::string broken;
  try {
    result.decision = engine::decide(*result.definition, snapshot, fact, now,
                                     {.links = parts_.links, .kept = live.kept()});
    return result;
  } catch (const std::exception& error) {
    broken = error.what();
  } catch (...) {
    broken = "something that is no exception was thrown";
  }
  result.decision = engine::decide(*result.definition, snapshot, engine::Broke{broken}, now);
  return result;
}

void Dispatcher::keep(const LiveSnapshotPtr& live) {
  const std::lock_guard lock(mutex_);
  shelf_.put(live);
}

void Dispatcher::release(const ExecutionId& execution, const LiveSnapshotPtr& live) {
  const bool alive = live && !domain::has_ended(live->execution());
  const bool worth_it = alive && (live->get().steps.size() > kFewSteps || awaits_others(live->get()));
  {
    const std::lock_guard lock(mutex_);
    const auto found = mailboxes_.find(execution);
    Mailbox& mailbox = found->second;
    const bool more = !mailbox.letters.empty();
    if (worth_it || (alive && more)) {
      shelf_.put(live);
    } else {
      static_cast<void>(shelf_.take(execution));  // an older one, of its arrival
    }
    if (!more) {
      mailboxes_.erase(found);
      return;
    }
  }
  parts_.workers.post([this, execution] { take_next(execution); });
}

/// What was decided on an older state, or could not be committed: the next try reads the state anew.
void Dispatcher::put_back(const ExecutionId& execution, std::vector<Letter> letters, bool pause) {
  {
    const std::lock_guard lock(mutex_);
    std::deque<Letter>& waiting = mailboxes_.at(execution).letters;
    waiting.insert(waiting.begin(), std::make_move_iterator(letters.begin()), std::make_move_iterator(letters.end()));
  }
  const auto again = [this, execution] { parts_.workers.post([this, execution] { take_next(execution); }); };
  if (pause) {
    parts_.later(again);
  } else {
    again();
  }
}

void Dispatcher::put_back(const ExecutionId& execution, Letter letter, bool pause) {
  std::vector<Letter> letters;
  letters.push_back(std::move(letter));
  put_back(execution, std::move(letters), pause);
}

}  // namespace ipaas::daemon
