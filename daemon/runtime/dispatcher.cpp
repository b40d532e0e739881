#include "daemon/runtime/dispatcher.h"

#include <algorithm>

#include "daemon/runtime/change_masking.h"
#include "daemon/runtime/snapshot_size.h"

namespace ipaas::daemon {
namespace {

/// Larger snapshots, and more of them, are read again rather than kept while a call is out.
constexpr std::size_t kKeptSnapshots = 4096;
constexpr std::size_t kKeptBytes = 16 * 1024;
constexpr Outbound::CallId kNotSent = 0;

std::size_t due_calls(const std::vector<domain::Effect>& effects, Instant now) {
  return static_cast<std::size_t>(std::count_if(effects.begin(), effects.end(), [&](const domain::Effect& effect) {
    return effect.due_at <= now && effect.kind == domain::EffectKind::kCall;
  }));
}

}  // namespace

void Dispatcher::adopt(domain::ExecutionSnapshot snapshot, bool leased) {
  const TenantId tenant = snapshot.execution.tenant;
  const ExecutionId execution = snapshot.execution.id;
  if (!domain::is_final(snapshot.execution.status)) {
    ++live_;
    const KeyedList<domain::Effect> effects = snapshot.effects;
    if (leased) {
      {
        const std::lock_guard lock(mutex_);
        Mailbox& mailbox = mailboxes_[execution];
        mailbox.tenant = tenant;
        if (mailboxes_.size() <= kKeptSnapshots && takes_at_most(snapshot, kKeptBytes)) mailbox.snapshot = std::move(snapshot);
      }
      for (const domain::Effect& effect : effects) begin_call(effect);
    } else {
      for (const domain::Effect& effect : effects) parts_.wake_at(effect.due_at);
    }
  }
  parts_.notifier.committed(tenant, execution);
}

void Dispatcher::deliver(const TenantId& tenant, const ExecutionId& execution, engine::Fact fact, Decided decided) {
  {
    const std::lock_guard lock(mutex_);
    Mailbox& mailbox = mailboxes_[execution];
    mailbox.tenant = tenant;
    mailbox.letters.push_back({std::move(fact), std::move(decided), {}});
    if (mailbox.busy) return;
    mailbox.busy = true;
  }
  parts_.workers.post([this, execution] { take_next(execution); });
}

bool Dispatcher::idle() const {
  const std::lock_guard lock(mutex_);
  return std::none_of(mailboxes_.begin(), mailboxes_.end(), [](const auto& entry) { return entry.second.busy; });
}

void Dispatcher::leased(const std::vector<store::LeasedEffect>& effects) {
  for (const auto& [effect, orphaned] : effects) {
    if (effect.kind == domain::EffectKind::kStart) {
      parts_.slots.give_back(1);
      deliver(effect.tenant, effect.execution, engine::Begin{});
    } else if (orphaned) {
      parts_.slots.give_back(1);
      deliver(effect.tenant, effect.execution, parts_.calls.orphaned(effect));
    } else {
      begin_call(effect);
    }
  }
}

void Dispatcher::begin_call(const domain::Effect& effect) {
  {
    const std::lock_guard lock(mutex_);
    Mailbox& mailbox = mailboxes_[effect.execution];
    mailbox.tenant = effect.tenant;
    mailbox.calls[effect.id] = kNotSent;
  }
  parts_.workers.post([this, effect] { carry_out(effect); });
}

void Dispatcher::carry_out(const domain::Effect& effect) {
  PreparedCall prepared;
  try {
    prepared = parts_.calls.prepare(effect);
  } catch (const std::exception& error) {
    answered(effect, engine::Broke{error.what()});
    return;
  }
  if (auto* failed = std::get_if<engine::CallFailed>(&prepared.call)) {
    answered(effect, std::move(*failed));
    return;
  }
  // Under the lock, so that a cancellation comes either before the call, which is then not made, or after it is known.
  const std::lock_guard lock(mutex_);
  const auto mailbox = mailboxes_.find(effect.execution);
  if (mailbox == mailboxes_.end()) return;
  const auto call = mailbox->second.calls.find(effect.id);
  if (call == mailbox->second.calls.end()) return;
  call->second = parts_.calls.send(effect, std::move(prepared),
                                   [this, effect](engine::Fact fact) { answered(effect, std::move(fact)); });
}

void Dispatcher::answered(const domain::Effect& effect, engine::Fact fact) {
  {
    const std::lock_guard lock(mutex_);
    const auto mailbox = mailboxes_.find(effect.execution);
    if (mailbox == mailboxes_.end() || mailbox->second.calls.erase(effect.id) == 0) return;  // cancelled meanwhile
  }
  parts_.slots.give_back(1);
  deliver(effect.tenant, effect.execution, std::move(fact));
}

void Dispatcher::take_next(const ExecutionId& execution) {
  Letter letter;
  TenantId tenant;
  std::optional<domain::ExecutionSnapshot> snapshot;
  {
    const std::lock_guard lock(mutex_);
    Mailbox& mailbox = mailboxes_.at(execution);
    letter = std::move(mailbox.letters.front());
    mailbox.letters.pop_front();
    tenant = mailbox.tenant;
    snapshot = std::exchange(mailbox.snapshot, std::nullopt);
  }
  decide(execution, tenant, std::move(snapshot), std::move(letter));
}

void Dispatcher::decide(const ExecutionId& execution, const TenantId& tenant,
                        std::optional<domain::ExecutionSnapshot> snapshot, Letter letter) {
  if (!snapshot) {
    auto reader = parts_.readers.borrow();
    auto read = reader ? (*reader)->execution(tenant, execution) : tl::unexpected(reader.error());
    if (!read) {
      if (read.error().kind == ErrorKind::kUnavailable) {
        put_back(execution, std::move(letter), true);
      } else {
        give_up(execution, letter, read.error());
      }
      return;
    }
    snapshot = *std::move(read);
  }
  if (letter.unsure) {
    const Aftermath aftermath = *std::exchange(letter.unsure, std::nullopt);
    if (snapshot->execution.revision >= aftermath.revision) {
      committed(*std::move(snapshot), aftermath, letter);
      return;
    }
    parts_.slots.give_back(aftermath.slots);
  }
  auto decision = deliberate(*snapshot, letter.fact);
  if (!decision) {
    put_back(execution, std::move(letter), true);
    return;
  }
  if (!*decision) {
    const domain::ExecutionStatus status = snapshot->execution.status;
    release(execution, std::move(snapshot));
    if (letter.decided) letter.decided(status);
    return;
  }
  mask_change((*decision)->change, parts_.book.page(tenant)->masker);
  commit(*std::move(snapshot), std::move((*decision)->change), std::move(letter));
}

Result<std::optional<engine::Decision>> Dispatcher::deliberate(domain::ExecutionSnapshot& snapshot,
                                                               const engine::Fact& fact) {
  const domain::Execution& execution = snapshot.execution;
  language::WorkflowPtr definition = parts_.definitions.peek(execution.workflow, execution.version);
  if (!definition) {
    auto reader = parts_.readers.borrow();
    if (!reader) return tl::unexpected(reader.error());
    auto read = parts_.definitions.get(**reader, execution.tenant, execution.workflow, execution.version);
    if (!read && read.error().kind == ErrorKind::kUnavailable) return tl::unexpected(read.error());
    if (!read) {
      return engine::decide(language::Workflow{}, snapshot,
                            engine::Broke{"the workflow version cannot be read: " + read.error().message},
                            parts_.clock.now());
    }
    definition = *std::move(read);
  }
  try {
    return engine::decide(*definition, snapshot, fact, parts_.clock.now());
  } catch (const std::exception& error) {
    // The one catch-all: a defect of ours ends this execution and no other.
    return engine::decide(*definition, snapshot, engine::Broke{error.what()}, parts_.clock.now());
  }
}

void Dispatcher::commit(domain::ExecutionSnapshot snapshot, domain::ExecutionChange change, Letter letter) {
  const Instant now = parts_.clock.now();
  const std::size_t due = due_calls(change.effects, now);
  Aftermath aftermath{.finished = change.finished,
                      .effects = change.effects,
                      .decided_at = now,
                      .slots = due > 0 && parts_.slots.try_take(due) ? due : 0,
                      .revision = change.execution.revision};
  // As it will be; should the commit be refused, put_back() forgets it. What has ended needs no more than its head.
  if (domain::is_final(change.execution.status)) {
    snapshot.execution = change.execution;
  } else {
    domain::apply(snapshot, change);
  }
  store::AdvanceExecution advance;
  advance.tenant = snapshot.execution.tenant;
  advance.now = now;
  advance.change = std::move(change);
  if (aftermath.slots > 0) advance.lease = parts_.boot;
  parts_.writer.submit(std::move(advance),
                       [this, snapshot = std::move(snapshot), aftermath = std::move(aftermath),
                        letter = std::move(letter)](Result<store::Outcome> outcome) mutable {
                         if (outcome && outcome->kind == store::Outcome::Kind::kDone) {
                           committed(std::move(snapshot), aftermath, letter);
                         } else {
                           refused(snapshot.execution.id, std::move(aftermath), std::move(letter), outcome);
                         }
                       });
}

void Dispatcher::refused(const ExecutionId& execution, Aftermath aftermath, Letter letter,
                         const Result<store::Outcome>& outcome) {
  if (!outcome && outcome.error().kind == ErrorKind::kUnavailable) {
    letter.unsure = std::move(aftermath);
    put_back(execution, std::move(letter), true);
    return;
  }
  parts_.slots.give_back(aftermath.slots);
  if (outcome) {  // decided on an older state
    put_back(execution, std::move(letter), false);
  } else if (!std::holds_alternative<engine::Broke>(letter.fact)) {
    letter.fact = engine::Broke{"the decision cannot be stored: " + outcome.error().message};
    put_back(execution, std::move(letter), false);
  } else {
    give_up(execution, letter, outcome.error());
  }
}

/// Nothing can be done for it here and now: the operator is told, and the next start finds what it left in the outbox.
void Dispatcher::give_up(const ExecutionId& execution, const Letter& letter, const Error& error) {
  if (error.kind != ErrorKind::kNotFound) parts_.stuck(execution, error);
  release(execution, std::nullopt);
  if (letter.decided) letter.decided(tl::unexpected(error));
}

void Dispatcher::recover(const TenantId& tenant, const ExecutionId& execution, std::size_t slots) {
  parts_.later([this, tenant, execution, slots] {
    parts_.workers.post([this, tenant, execution, slots] {
      auto reader = parts_.readers.borrow();
      auto read = reader ? (*reader)->execution(tenant, execution) : tl::unexpected(reader.error());
      if (read) {
        adopt(*std::move(read), slots > 0);
      } else if (read.error().kind == ErrorKind::kUnavailable) {
        recover(tenant, execution, slots);
      } else {
        parts_.slots.give_back(slots);
      }
    });
  });
}

void Dispatcher::committed(domain::ExecutionSnapshot snapshot, const Aftermath& aftermath, const Letter& letter) {
  const ExecutionId execution = snapshot.execution.id;
  const TenantId tenant = snapshot.execution.tenant;
  const domain::ExecutionStatus status = snapshot.execution.status;
  stop_calls(execution, aftermath.finished);
  for (const domain::Effect& effect : aftermath.effects) {
    if (aftermath.slots > 0 && effect.due_at <= aftermath.decided_at) {
      begin_call(effect);
    } else {
      parts_.wake_at(effect.due_at);
    }
  }
  if (domain::is_final(status)) --live_;
  release(execution, std::move(snapshot));
  parts_.notifier.committed(tenant, execution);
  if (letter.decided) letter.decided(status);
}

void Dispatcher::stop_calls(const ExecutionId& execution, const std::vector<EffectId>& finished) {
  const std::lock_guard lock(mutex_);
  const auto found = mailboxes_.find(execution);
  if (found == mailboxes_.end()) return;
  for (const EffectId& id : finished) {
    const auto call = found->second.calls.find(id);
    if (call == found->second.calls.end()) continue;
    if (call->second != kNotSent) parts_.calls.cancel(call->second);
    found->second.calls.erase(call);
    parts_.slots.give_back(1);
  }
}

void Dispatcher::release(const ExecutionId& execution, std::optional<domain::ExecutionSnapshot> snapshot) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = mailboxes_.find(execution);
    Mailbox& mailbox = found->second;
    const bool ended = snapshot && domain::is_final(snapshot->execution.status);
    const bool keep = snapshot && !ended && mailboxes_.size() <= kKeptSnapshots && takes_at_most(*snapshot, kKeptBytes);
    const bool idle = mailbox.letters.empty();
    if (idle && !keep && mailbox.calls.empty()) {
      mailboxes_.erase(found);
      return;
    }
    mailbox.snapshot = keep ? std::move(snapshot) : std::nullopt;
    mailbox.busy = !idle;
    if (idle) return;
  }
  parts_.workers.post([this, execution] { take_next(execution); });
}

/// The decision was made on an older state, or could not be committed: the next try reads the state anew.
void Dispatcher::put_back(const ExecutionId& execution, Letter letter, bool pause) {
  {
    const std::lock_guard lock(mutex_);
    Mailbox& mailbox = mailboxes_.at(execution);
    mailbox.snapshot.reset();
    mailbox.letters.push_front(std::move(letter));
  }
  const auto again = [this, execution] { parts_.workers.post([this, execution] { take_next(execution); }); };
  if (pause) {
    parts_.later(again);
  } else {
    again();
  }
}

}  // namespace ipaas::daemon
