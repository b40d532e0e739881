// Takes facts to executions, one at a time each, and carries out what was decided.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/engine/decide.h"
#include "core/engine/group_claim.h"
#include "core/store/store.h"
#include "daemon/runtime/crash_marks.h"
#include "daemon/runtime/definition_cache.h"
#include "daemon/runtime/departure.h"
#include "daemon/runtime/notifier.h"
#include "daemon/runtime/open_calls.h"
#include "daemon/runtime/reader_pool.h"
#include "daemon/runtime/snapshot_shelf.h"
#include "daemon/runtime/worker_pool.h"

namespace ipaas::daemon {

/// Facts of one execution are decided one after another: while one is being decided, the next waits in the execution's
/// mailbox. Those that wait by then are decided upon what the last decision makes of the execution, before that is
/// committed: so the writer commits many decisions about one execution at once. Nothing of a decision is carried out, and
/// nobody is told of it, until it is committed. No thread waits with it. An execution is in memory only as long as
/// something is under way for it, and as far as the budget for all of them goes.
///
/// Thread-safe.
class Dispatcher {
 public:
  using Decided = std::function<void(Result<domain::ExecutionStatus>)>;
  /// What is to be done for an effect that is neither a call nor a fact. The execution is null where it is not at hand.
  using Errand = std::function<void(const EffectPtr&, const std::shared_ptr<const domain::Execution>&)>;

  struct Parts {
    store::Writer& writer;
    ReaderPool& readers;
    DefinitionCache& definitions;
    const DepartureDesk& desk;
    const Clock& clock;
    WorkerPool& workers;
    CallRunner& calls;
    CallSlots& slots;
    CrashMarks& marks;
    Notifier& notifier;
    domain::BootId boot;
    /// Starts children, reports to parents and so on; on any thread, and does not block.
    Errand errand;
    /// Told when an effect was left for later and when it is due.
    std::function<void(Instant)> wake_at;
    /// For the operator: an execution that can be neither read nor ended.
    std::function<void(const ExecutionId&, const Error&)> stuck;
    /// For a decision that could not be committed: runs the task after a pause.
    std::function<void(std::function<void()>)> later;
    const engine::WaitLinks* links = nullptr;  ///< what decisions make `wait.url` with
    /// Bytes of memory for what is between two decisions.
    std::size_t budget = kBudget;
    /// For how long a worker decides about one execution before it turns to others.
    Duration longest_lead = kLongestLead;
  };
  static constexpr std::size_t kBudget = 32 * 1024 * 1024;
  static constexpr Duration kLongestLead = std::chrono::milliseconds(5);

  explicit Dispatcher(Parts parts);

  /// An execution was committed together with its first decision, which is now carried out.
  void adopt(domain::ExecutionSnapshot snapshot, const Departure& departure);

  /// The commit of an execution with its first decision failed, so whether it is in the store is not known. Looks until the
  /// store can tell, then adopts it as it is by then, or undoes the departure.
  void recover(const TenantId& tenant, const ExecutionId& execution, Departure departure);

  /// Something happened to an execution. `decided` is called once the decision is committed, with the status then; with
  /// kNotFound when there is no such execution. A fact that no longer matters counts as decided, but for a signal, which
  /// is then kConflict: somebody was quicker. `audit` is written with the decision.
  void deliver(const TenantId& tenant, const ExecutionId& execution, engine::Fact fact, Decided decided = {},
               std::optional<domain::AuditRecord> audit = {});

  /// Effects of the outbox were leased to this boot, each call with a slot. To be called on the writer's thread, as part of
  /// the commit's completion: so it is ordered with the decision that may cancel them.
  void leased(const std::vector<store::LeasedEffect>& effects);

  /// Executions that have not ended. The count is set once at start.
  void set_live(std::int64_t count) { live_ = count; }
  [[nodiscard]] std::int64_t live() const { return live_; }

  /// No fact is being decided or committed.
  [[nodiscard]] bool idle() const;

  /// Bytes of what is kept between two decisions, about.
  [[nodiscard]] std::size_t kept_bytes() const;

 private:
  /// What of a change has to be carried out once it is committed.
  struct Aftermath {
    Departure departure;
    std::vector<EffectId> finished;
    std::int64_t revision = 0;
    domain::ExecutionStatus status{};
    bool ended = false;
    std::optional<engine::GroupClaim> claim = {};
    std::optional<Instant> look_again = {};
    std::vector<Departure::Token> unused = {};  ///< of calls that are never made
    bool hastens_next = false;  ///< the commit makes the next of its group due, where one waits
  };

  struct Letter {
    engine::Fact fact;
    Decided decided;
    std::optional<domain::AuditRecord> audit = {};
    /// The commit failed and may have happened all the same: the next reading tells.
    std::optional<Aftermath> unsure = {};
    /// No fact: the commit that was to begin the execution may have happened.
    std::optional<Departure> arrival = {};
  };
  struct Mailbox {
    TenantId tenant;
    std::deque<Letter> letters;
    bool busy = false;  ///< a letter is being decided or committed
  };

  /// A letter that was decided.
  struct Made {
    Letter letter;
    Aftermath aftermath;
    bool changes = true;                                ///< false: there is nothing to commit
    std::optional<Result<store::Outcome>> outcome = {};  ///< once the writer knows it
  };
  /// Decisions about one execution, each made upon the one before, on their way to the store. A worker adds to it; the
  /// writer's thread settles what is committed, in this order. Whoever comes last, the worker with its last one or the
  /// writer with the last outcome, finishes it.
  struct Chain {
    explicit Chain(LiveSnapshotPtr state)
        : live(std::move(state)), tenant(live->execution().tenant), execution(live->execution().id) {}

    const LiveSnapshotPtr live;  ///< as it will be; the worker's until the chain is complete
    const TenantId tenant;
    const ExecutionId execution;
    std::size_t bytes = 0;  ///< of what was decided, about; the worker's
    std::mutex mutex;       ///< guards what follows
    std::deque<Made> made;  ///< they stay where they are; each is the writer's thread's once it is there
    std::size_t settled = 0;  ///< of these, from the front
    std::size_t out = 0;      ///< of these: submitted, and not settled
    bool complete = false;    ///< nothing is added any more
  };
  using ChainPtr = std::shared_ptr<Chain>;
  struct Deliberated {
    std::optional<engine::Decision> decision;
    language::WorkflowPtr definition;  ///< null where it cannot be read
  };

  void put(const TenantId& tenant, const ExecutionId& execution, Letter letter);
  void take_next(const ExecutionId& execution);
  void decide(const ExecutionId& execution, const TenantId& tenant, LiveSnapshotPtr live, Letter letter);
  void forget_unsure(const ExecutionId& execution);
  void arrived(const LiveSnapshotPtr& live, Departure departure);
  [[nodiscard]] Result<LiveSnapshotPtr> read(const TenantId& tenant, const ExecutionId& execution);
  [[nodiscard]] Result<Deliberated> deliberate(const LiveSnapshot& live, const engine::Fact& fact);
  void decide_on(LiveSnapshotPtr live, Letter letter);
  [[nodiscard]] bool may_lead(const Chain& chain, std::chrono::steady_clock::time_point begun) const;
  [[nodiscard]] std::optional<Letter> take_another(const ExecutionId& execution);
  [[nodiscard]] bool add(const ChainPtr& chain, Deliberated deliberated, Letter letter);
  [[nodiscard]] Aftermath prepare(const LiveSnapshot& live, Deliberated& deliberated, const engine::Fact& fact, Instant now);
  void submit(const ChainPtr& chain, store::AdvanceExecution advance, Made made);
  void take_outcome(Chain& chain, std::size_t number, Result<store::Outcome> outcome);
  void settle(const Chain& chain, const Made& made);
  void finish(Chain& chain);
  [[nodiscard]] std::optional<Letter> once_more(const ExecutionId& execution, Made made, bool unsure);
  void committed(const TenantId& tenant, const ExecutionId& execution, const Letter& letter, const Aftermath& aftermath);
  void full(const Chain& chain, const Made& made);
  void give_up(const ExecutionId& execution, const Letter& letter, const Error& error);
  /// The mailbox is free again: keeps the snapshot where it is worth it and goes on with the next letter.
  void release(const ExecutionId& execution, const LiveSnapshotPtr& live);
  void keep(const LiveSnapshotPtr& live);
  void put_back(const ExecutionId& execution, std::vector<Letter> letters, bool pause);
  void put_back(const ExecutionId& execution, Letter letter, bool pause);
  void carry_out(const Departure& departure);
  void carry_out(const EffectPtr& effect, const std::shared_ptr<const domain::Execution>& execution);

  const Parts parts_;
  OpenCalls calls_;
  std::atomic<std::int64_t> live_{0};
  mutable std::mutex mutex_;  ///< guards mailboxes_ and shelf_
  std::unordered_map<ExecutionId, Mailbox> mailboxes_;
  SnapshotShelf shelf_;
};

}  // namespace ipaas::daemon
