// Units of work: what is asked of the one writer, and what became of it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/domain/audit_record.h"
#include "core/domain/credential.h"
#include "core/domain/delivery.h"
#include "core/domain/execution.h"
#include "core/domain/variable.h"
#include "core/domain/workflow.h"

namespace ipaas::store {

/// Keeps an event and starts the execution that follows from it. An execution with a parent is started only while the
/// parent's effect is in the outbox (else `kStale`), and once for each such effect (else `kDuplicate`).
struct AcceptEvent {
  TenantId tenant;
  domain::Event event;
  std::string payload;  ///< of the event, as JSON text
  /// The first decision, or nothing where the event is only kept (a disabled workflow).
  std::optional<domain::ExecutionChange> first;
  /// Every effect of `first` is leased to this boot: it will be sent right after the commit.
  std::optional<domain::BootId> lease;

  /// An event with the same key within the window starts nothing, unless the execution it started has failed. So it is
  /// also where that execution has been purged meanwhile.
  struct Dedupe {
    std::string key;
    Duration window = std::chrono::hours(24);
  };
  std::optional<Dedupe> dedupe;

  /// Claims a tick: the event is dropped as `kStale` unless the schedule still stands at `due`, is not paused, and its
  /// workflow is enabled; and where its instant has fired already, by hand, while the schedule moves on all the same.
  struct Tick {
    ScheduleId schedule;
    Instant due{};
    std::optional<Instant> next;  ///< the instant that follows the one that fires
    std::optional<Instant> next_fires = {};  ///< `next` with its jitter
    std::optional<Instant> fired = {};       ///< the instant, where it is not `due`, because others were missed
    Duration lag{};
    /// Fires `fired` out of turn and leaves the schedule where it stands, paused or not. `kStale` where it has fired.
    bool by_hand = false;
  };
  std::optional<Tick> tick;
  /// The event is there already, as that of this execution, which has ended without success and is from now on taken
  /// care of. `kStale` where it has not, or is.
  std::optional<ExecutionId> retries = {};
  std::vector<std::string> masked = {};  ///< values that the masker must know as long as the execution is kept
  std::optional<domain::AuditRecord> audit;
  /// The end of this execution starts it: only while that is still to be announced (else `kStale`), and once for each
  /// workflow, whatever becomes of what it started (else `kDuplicate`).
  std::optional<ExecutionId> end_of = {};
};

/// Commits a decision on an execution that still has the revision before `change.execution.revision`; else `kStale`.
struct AdvanceExecution {
  TenantId tenant;
  domain::ExecutionChange change;
  std::optional<domain::BootId> lease;  ///< for the new effects that are due at `now`
  Instant now{};
  /// The change begins an execution that needs a slot of its group. It gets one where fewer than `group_limit` of the
  /// group's executions have begun and not ended, counting those in front of it that wait for one; else nothing is
  /// written but that its start is due no more until one of the group ends, or at `look_again`: `kBusy`.
  bool claim = false;
  std::optional<Instant> look_again = {};
  std::vector<std::string> masked = {};
  std::optional<domain::AuditRecord> audit;
};

/// Takes effects out of the outbox that needed no decision.
struct FinishEffects {
  TenantId tenant;
  ExecutionId execution;
  std::vector<EffectId> effects;
};

/// A daemon died while it was deciding for the execution; the outcome counts how often.
struct NoteCrash {
  TenantId tenant;
  ExecutionId execution;
};

/// Dead letters that nobody will retry. Those that are none (any more) are left out of the count.
struct DiscardExecutions {
  TenantId tenant;
  std::vector<ExecutionId> executions;
  std::optional<domain::AuditRecord> audit;
};

/// Deletes ended executions with all that hangs on them, the oldest first, at most `limit`; `payloads_only` keeps the
/// rows and forgets what they carried. The outcome counts them. Left alone is what a parent still waits for and what has
/// something to tell; kept events that started nothing go, too, and dedupe keys stay until their window has passed. Space goes back to the file system a little with each of
/// these, also where nothing is left to delete.
struct PurgeExecutions {
  TenantId tenant;
  std::optional<WorkflowId> workflow = {};
  Instant ended_before{};
  bool payloads_only = false;
  std::size_t limit = 0;
  std::optional<domain::AuditRecord> audit = {};
  std::vector<WorkflowId> except = {};  ///< whose executions stay, where `workflow` names none
  Instant now{};                        ///< dedupe keys whose window has passed by then go, too
};

/// Leases effects that are due and unleased: tenants in turn; within one what goes on before what begins, that by priority,
/// and each by age.
struct LeaseEffects {
  Instant now{};
  std::size_t limit = 0;
  domain::BootId owner = 0;
  /// The last try of this owner failed, and may have been committed all the same: what it leased is up for lease again.
  bool again = false;
  bool calls = true;  ///< otherwise calls stay where they are: there is no slot for them
};

/// Moves a schedule on without firing.
struct SkipTick {
  TenantId tenant;
  ScheduleId schedule;
  Instant due{};
  std::optional<Instant> next;
  std::optional<Instant> next_fires = {};
};

/// Lets schedules of one workflow rest, or resumes them. Those that are resumed stand at the `next_due` given here, so
/// that nothing fires for the time in between, but never at an instant that has fired. Those that are as asked for
/// already are left alone, and those that are gone.
struct PauseSchedules {
  TenantId tenant;
  bool paused = true;
  std::vector<domain::Schedule> schedules;
  Instant now{};
  std::optional<domain::AuditRecord> audit;
};

/// Creates, updates and prunes workflows, all or nothing. A source whose digest is that of the newest version is
/// `unchanged`, also where its workflow moves to another set.
struct SaveWorkflows {
  TenantId tenant;
  struct Item {
    WorkflowId id;  ///< used if the name is new
    std::string name;
    std::string description;
    std::string source;
    std::string digest;
    std::vector<domain::TriggerKind> triggers;  ///< in rising order, once each
    /// Ids are used for (cron, timezone) that the workflow did not have. Others keep where they stand; if that is the
    /// `next_due` given here, they fire at the `fires_at` given here.
    std::vector<domain::Schedule> schedules;
    std::optional<domain::EndListener> listener = {};  ///< its `names` and `when`
  };
  std::vector<Item> items;
  std::string set = {};  ///< that the items belong to from now on; empty leaves each in the set it is in
  /// Names that go as by DeleteWorkflow. `kConflict` unless each is in `set` and not among the items.
  std::vector<std::string> prune = {};
  std::string author;
  std::string message;
  Instant now{};
  std::optional<domain::AuditRecord> audit;
};

/// Enabling moves schedules on to `next_due`, so that nothing fires for the time it was disabled; never to an instant
/// that has fired.
struct SetWorkflowEnabled {
  TenantId tenant;
  std::string name;
  bool enabled = true;
  std::vector<domain::Schedule> schedules;  ///< with the next instants, when enabling
  Instant now{};
  std::optional<domain::AuditRecord> audit;
};

/// Executions of the workflow stay and end; its triggers and schedules go.
struct DeleteWorkflow {
  TenantId tenant;
  std::string name;
  std::optional<domain::AuditRecord> audit;
};

/// `kConflict` when the name is taken.
struct CreateCredential {
  TenantId tenant;
  domain::Credential credential;
  std::optional<domain::AuditRecord> audit;
};

struct DeleteCredential {
  TenantId tenant;
  std::string name;
  Instant now{};
  std::optional<domain::AuditRecord> audit;
};

/// Of each workflow so many deliveries of which nothing was kept are remembered, the newest.
inline constexpr std::size_t kRememberedDeliveries = 1000;

/// Deliveries that started nothing and of which nothing is kept: duplicates, filtered and refused ones. Those of workflows
/// that are gone are left out.
struct NoteDeliveries {
  std::vector<domain::Delivery> deliveries;
};

/// Creates the variable or gives it a new value; its name keeps the letters it was first written with.
struct SetVariable {
  TenantId tenant;
  domain::Variable variable;
  std::optional<domain::AuditRecord> audit;
};

/// The name in any letter case.
struct DeleteVariable {
  TenantId tenant;
  std::string name;
  std::optional<domain::AuditRecord> audit;
};

using Write = std::variant<AcceptEvent, AdvanceExecution, FinishEffects, NoteCrash, DiscardExecutions, PurgeExecutions,
                           LeaseEffects, SkipTick, PauseSchedules, SaveWorkflows, SetWorkflowEnabled, DeleteWorkflow, CreateCredential,
                           DeleteCredential, NoteDeliveries, SetVariable, DeleteVariable>;

/// An effect that was leased. `orphaned`: another boot had leased it and died, so whether it was sent is unknown.
struct LeasedEffect {
  domain::Effect effect;
  bool orphaned = false;
};

struct SavedWorkflow {
  WorkflowId id;
  std::string name;
  int version = 1;
  enum class Action { kCreated, kUpdated, kUnchanged, kPruned } action = Action::kCreated;
  /// Where this apply took it into another set: the one that it was in before, or an empty text.
  std::optional<std::string> left_set = {};
  /// Workflows that it calls and that do not exist (yet). Not the store's to know: the service fills it in.
  std::vector<std::string> missing_calls = {};
};

/// What became of a write that was committed.
struct Outcome {
  enum class Kind {
    kDone,
    kDuplicate,  ///< of `duplicate_of`; nothing was written
    kStale,      ///< the execution or schedule had moved on; nothing was written
    kBusy,       ///< its group has no slot: `oldest` has one, `count` others wait in front
  };
  Kind kind = Kind::kDone;
  ExecutionId duplicate_of = {};
  ExecutionId oldest = {};
  std::int64_t count = 0;
  std::vector<LeasedEffect> leased = {};
  std::vector<SavedWorkflow> workflows = {};
};

/// Where units of work go. Thread-safe.
class Writer {
 public:
  /// Called once, after the commit (or its failure), on the writer's thread; must not block.
  using Completion = std::function<void(Result<Outcome>)>;

  virtual ~Writer() = default;
  virtual void submit(Write write, Completion completion) = 0;
};

/// Did saving change anything at all? Then it is audited.
[[nodiscard]] bool changes_anything(const std::vector<SavedWorkflow>& workflows);

/// Submits and waits for the commit. Not to be called on the writer's thread.
[[nodiscard]] Result<Outcome> write_and_wait(Writer& writer, Write write);

}  // namespace ipaas::store
