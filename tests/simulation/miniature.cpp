#include "tests/simulation/miniature.h"

#include <algorithm>

#include "tests/support/fact_json.h"

namespace ipaas::simulation {
namespace {

const TenantId kTenant{std::string(store::kDefaultTenantId)};
constexpr Duration kPause = std::chrono::milliseconds(250);
constexpr std::size_t kLeaseBatch = 8;

}  // namespace

Miniature::Miniature(Parts parts) : parts_(std::move(parts)), lease_(parts_.boot + 1) {
  if (!parts_.disk.release_orphans(parts_.boot)) throw Violation("the leases of the last life cannot be released");
}

bool Miniature::is_busy() const {
  return !tasks_.empty() || !writes_.empty() || (due() && *due() <= parts_.clock.now());
}

bool Miniature::work() {
  const bool lease = due() && *due() <= parts_.clock.now();
  const std::size_t choices = tasks_.size() + (writes_.empty() ? 0 : 1) + (lease ? 1 : 0);
  std::size_t choice = parts_.dice.below(choices);
  if (choice < tasks_.size()) {
    std::swap(tasks_[choice], tasks_.back());
    const auto task = std::move(tasks_.back());
    tasks_.pop_back();
    task();
    return true;
  }
  choice -= tasks_.size();
  if (choice == 0 && !writes_.empty()) return write();
  lease_due();
  return true;
}

void Miniature::later(std::function<void()> task) {
  parts_.agenda.after(kPause, [this, alive = std::weak_ptr(alive_), task = std::move(task)] {
    if (!alive.expired()) post(task);
  });
}

void Miniature::submit(Order order, Completion completion) { writes_.emplace_back(std::move(order), std::move(completion)); }

bool Miniature::write() {
  const std::size_t count = 1 + parts_.dice.below(writes_.size());
  std::vector<Order> batch;
  std::vector<Completion> completions;
  for (std::size_t i = 0; i < count; ++i) {
    batch.push_back(std::move(writes_[i].first));
    completions.push_back(std::move(writes_[i].second));
  }
  writes_.erase(writes_.begin(), writes_.begin() + static_cast<std::ptrdiff_t>(count));
  auto outcomes = parts_.disk.commit(batch);
  for (std::size_t i = 0; i < count; ++i) {
    if (parts_.adversity.crashes && parts_.dice.permille(3)) return false;
    completions[i](std::move(outcomes[i]));
  }
  return true;
}

void Miniature::wake_at(Instant due) {
  if (!due_ || due < *due_) due_ = due;
}

void Miniature::lease_due() {
  due_.reset();
  leasing_ = true;
  store::LeaseEffects lease{parts_.clock.now(), kLeaseBatch, lease_, lease_unsure_};
  submit({lease}, [this](const Result<store::Outcome>& outcome) {
    leasing_ = false;
    lease_unsure_ = !outcome;
    if (!outcome) {
      wake_at(parts_.clock.now() + kPause);
      return;
    }
    ++lease_;
    for (const auto& [effect, orphaned] : outcome->leased) carry_out(effect, orphaned);
    store::Reader* reader = parts_.disk.reader();
    const auto next = reader != nullptr ? reader->next_effect_due() : std::optional(parts_.clock.now() + kPause);
    if (!next) throw Violation("the store does not know what is due next");
    if (*next) wake_at(**next);
  });
}

domain::ExecutionSnapshot Miniature::queued(Arrival& arrival, Instant now) {
  domain::ExecutionSnapshot snapshot;
  snapshot.event = {parts_.ids.make<EventId>(), kTenant, arrival.definition->id, arrival.trigger, now};
  snapshot.payload = std::move(arrival.payload);
  domain::Execution& execution = snapshot.execution;
  execution.id = parts_.ids.make<ExecutionId>();
  execution.tenant = kTenant;
  execution.workflow = arrival.definition->id;
  execution.workflow_name = arrival.definition->workflow->name;
  execution.event = snapshot.event.id;
  execution.trigger = arrival.trigger;
  execution.seed = parts_.dice.draw();
  execution.engine_version = engine::kEngineVersion;
  execution.created_at = now;
  execution.inputs = std::move(arrival.inputs);
  execution.parent = std::move(arrival.parent);
  execution.held = std::move(arrival.held);
  execution.depth = arrival.depth;
  execution.led_by = std::move(arrival.led_by);
  engine::enrol(*arrival.definition->workflow, snapshot, now);
  return snapshot;
}

void Miniature::accept(Arrival arrival, Accepted accepted) {
  const Instant now = parts_.clock.now();
  domain::ExecutionSnapshot snapshot = queued(arrival, now);
  const domain::ExecutionSnapshot base = snapshot;
  store::AcceptEvent write;
  write.tenant = kTenant;
  write.event = snapshot.event;
  write.payload = dump_json(snapshot.payload);
  write.dedupe = std::move(arrival.dedupe);
  write.end_of = std::move(arrival.end_of);
  Cause cause{engine::Begin{}, now};
  std::optional<engine::Decision> decision;
  if (!domain::own_group(snapshot.execution) && parts_.dice.percent(80)) {
    decision = parts_.brain.decide(*arrival.definition->workflow, snapshot, engine::Begin{}, now);
  }
  cause.decided = decision.has_value();
  domain::ExecutionChange change;
  if (decision) {
    change = std::move(decision->change);
  } else {
    change.execution = snapshot.execution;
    ++change.execution.revision;
    change.effects.push_back(domain::effect_of(snapshot.execution, domain::EffectKind::kStart, now));
  }
  announce_end(change, now);
  const bool all_due = std::all_of(change.effects.begin(), change.effects.end(), [&](const auto& e) { return e.due_at <= now; });
  if (all_due && !change.effects.empty() && parts_.dice.percent(60)) write.lease = parts_.boot;
  domain::apply(snapshot, change);
  write.first = std::move(change);
  parts_.trace.add([&] { return snapshot.execution.id.str() + " of " + snapshot.execution.workflow_name + " arrives"; });
  const bool leased = write.lease.has_value();
  submit({std::move(write), std::move(cause), base},
         [this, snapshot = std::move(snapshot), leased, accepted = std::move(accepted)](const Result<store::Outcome>& outcome) {
           if (!outcome) {
             recover(snapshot, leased);
           } else if (outcome->kind == store::Outcome::Kind::kDone) {
             adopt(snapshot, leased);
           }
           if (accepted) accepted(outcome, snapshot.execution.id);
         });
}

/// Whether it is in the store is not known: looks until the store can tell. Since then it may have been cancelled: only what
/// is still in its outbox is carried out, and what has come into it is somebody else's business.
void Miniature::recover(const domain::ExecutionSnapshot& arrived, bool leased) {
  later([this, arrived, leased] {
    store::Reader* reader = parts_.disk.reader();
    // In the daemon this is a letter in the mailbox: no decision is under way meanwhile.
    const auto mailbox = mailboxes_.find(arrived.execution.id);
    const bool busy = mailbox != mailboxes_.end() && mailbox->second.busy;
    if (reader == nullptr || busy) return recover(arrived, leased);
    auto found = reader->execution(kTenant, arrived.execution.id);
    if (!found) return;
    for (const domain::Effect& effect : KeyedList<domain::Effect>(found->effects)) {
      if (arrived.effects.find(effect.id.str()) == nullptr) found->effects.erase(effect.id.str());
    }
    adopt(*found, leased);
  });
}

void Miniature::adopt(const domain::ExecutionSnapshot& snapshot, bool leased) {
  for (const domain::Step& step : snapshot.steps) {
    if (!domain::is_final(step.status)) parts_.asks(snapshot.execution, step);
  }
  for (const domain::Effect& effect : KeyedList<domain::Effect>(snapshot.effects)) {
    if (leased) {
      carry_out(effect, false);
    } else {
      wake_at(effect.due_at);
    }
  }
}

void Miniature::announce_end(domain::ExecutionChange& change, Instant now) const {
  if (!domain::has_ended(change.execution)) return;
  const std::vector<Definition>& all = parts_.definitions.all();
  if (std::none_of(all.begin(), all.end(), [](const Definition& d) { return d.workflow->on_workflow.has_value(); })) return;
  change.effects.push_back(domain::effect_of(change.execution, domain::EffectKind::kAnnounce, now));
}

}  // namespace ipaas::simulation
