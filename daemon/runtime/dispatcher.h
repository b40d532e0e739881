// Takes facts to executions, one at a time each, and carries out what was decided.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "core/engine/decide.h"
#include "core/store/store.h"
#include "daemon/runtime/call_runner.h"
#include "daemon/runtime/call_slots.h"
#include "daemon/runtime/credential_book.h"
#include "daemon/runtime/definition_cache.h"
#include "daemon/runtime/notifier.h"
#include "daemon/runtime/reader_pool.h"
#include "daemon/runtime/worker_pool.h"

namespace ipaas::daemon {

/// Facts of one execution are decided one after another: while one is being decided or committed, the next waits in the
/// execution's mailbox. No thread waits with it. An execution is in memory only as long as something is under way for it.
///
/// Thread-safe.
class Dispatcher {
 public:
  using Decided = std::function<void(Result<domain::ExecutionStatus>)>;

  struct Parts {
    store::Writer& writer;
    ReaderPool& readers;
    DefinitionCache& definitions;
    const CredentialBook& book;
    const Clock& clock;
    WorkerPool& workers;
    CallRunner& calls;
    CallSlots& slots;
    Notifier& notifier;
    domain::BootId boot;
    /// Told when an effect was left for later and when it is due.
    std::function<void(Instant)> wake_at;
    /// For the operator: an execution that can be neither read nor ended.
    std::function<void(const ExecutionId&, const Error&)> stuck;
    /// For a decision that could not be committed: runs the task after a pause.
    std::function<void(std::function<void()>)> later;
  };

  explicit Dispatcher(Parts parts) : parts_(std::move(parts)) {}

  /// An execution was committed together with its first decision. Its leased calls are sent.
  void adopt(domain::ExecutionSnapshot snapshot, bool leased);

  /// The commit of an execution with its first decision failed, so whether it is in the store is not known. Looks until the
  /// store can tell, then adopts it, or gives back the `slots` that its calls hold.
  void recover(const TenantId& tenant, const ExecutionId& execution, std::size_t slots);

  /// Something happened to an execution. `decided` is called once the decision is committed, with the status then; with
  /// kNotFound when there is no such execution. A fact that no longer matters counts as decided.
  void deliver(const TenantId& tenant, const ExecutionId& execution, engine::Fact fact, Decided decided = {});

  /// Effects of the outbox were leased to this boot, each call with a slot. To be called on the writer's thread, as part
  /// of the commit's completion: so it is ordered with the decision that may cancel them.
  void leased(const std::vector<store::LeasedEffect>& effects);

  /// Executions that have not ended. The count is set once at start.
  void set_live(std::int64_t count) { live_ = count; }
  [[nodiscard]] std::int64_t live() const { return live_; }

  /// No fact is being decided or committed.
  [[nodiscard]] bool idle() const;

 private:
  /// What of a change has to be carried out once it is committed.
  struct Aftermath {
    std::vector<EffectId> finished;
    std::vector<domain::Effect> effects;
    Instant decided_at{};
    std::size_t slots = 0;  ///< taken for the effects that were leased with the decision
    std::int64_t revision = 0;
  };

  struct Letter {
    engine::Fact fact;
    Decided decided;
    /// The commit failed and may have happened all the same: the next reading tells.
    std::optional<Aftermath> unsure = {};
  };
  struct Mailbox {
    TenantId tenant;
    std::deque<Letter> letters;
    bool busy = false;  ///< a letter is being decided or committed
    std::optional<domain::ExecutionSnapshot> snapshot;
    /// Leased calls that are not answered; kNotSent while a worker still builds the request. Each holds a slot.
    std::unordered_map<EffectId, Outbound::CallId> calls;
  };

  void take_next(const ExecutionId& execution);
  void decide(const ExecutionId& execution, const TenantId& tenant, std::optional<domain::ExecutionSnapshot> snapshot,
              Letter letter);
  [[nodiscard]] Result<std::optional<engine::Decision>> deliberate(domain::ExecutionSnapshot& snapshot,
                                                                   const engine::Fact& fact);
  void commit(domain::ExecutionSnapshot snapshot, domain::ExecutionChange change, Letter letter);
  void committed(domain::ExecutionSnapshot snapshot, const Aftermath& aftermath, const Letter& letter);
  void refused(const ExecutionId& execution, Aftermath aftermath, Letter letter, const Result<store::Outcome>& outcome);
  void give_up(const ExecutionId& execution, const Letter& letter, const Error& error);
  /// The mailbox is free again: keeps the snapshot where it is worth it and goes on with the next letter.
  void release(const ExecutionId& execution, std::optional<domain::ExecutionSnapshot> snapshot);
  void put_back(const ExecutionId& execution, Letter letter, bool pause);
  void begin_call(const domain::Effect& effect);
  void carry_out(const domain::Effect& effect);
  void answered(const domain::Effect& effect, engine::Fact fact);
  void stop_calls(const ExecutionId& execution, const std::vector<EffectId>& finished);

  const Parts parts_;
  std::atomic<std::int64_t> live_{0};
  mutable std::mutex mutex_;  ///< guards mailboxes_
  std::unordered_map<ExecutionId, Mailbox> mailboxes_;
};

}  // namespace ipaas::daemon
