// What the running instance does for services: the part with threads, behind one interface.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "core/domain/execution.h"
#include "core/domain/workflow.h"
#include "core/engine/decide.h"
#include "core/language/workflow.h"
#include "core/store/writer.h"

namespace ipaas::service {

/// An event that shall start an execution.
struct Arrival {
  TenantId tenant;
  WorkflowId workflow;
  std::string workflow_name;
  int version = 1;
  bool enabled = true;  ///< a disabled workflow's event is kept and starts nothing
  language::WorkflowPtr definition;
  domain::TriggerKind trigger = domain::TriggerKind::kManual;
  JsonDocument payload;  ///< the `event` context
  Json inputs = Json::object();
  std::optional<std::string> dedupe_key = {};
  std::optional<store::AcceptEvent::Tick> tick = {};
  std::optional<domain::AuditRecord> audit = {};
  std::string starter = {};                      ///< who started it by hand
  std::optional<domain::Parent> parent = {};     ///< of a called workflow
  int depth = 0;                                 ///< calls and ends of workflows that led to it
  std::vector<WorkflowId> led_by = {};           ///< those workflows
  std::vector<std::string> held = {};            ///< concurrency groups in which an ancestor has a slot
  /// By step path: the keys under which a predecessor sent calls that may have happened.
  std::map<std::string, std::string> idempotency_keys = {};

  /// The event of an execution that failed, once more. `stale` is the answer where that has been seen to meanwhile.
  struct Again {
    ExecutionId of;
    domain::Event event;
    KeyedList<domain::Step> steps;  ///< whose results are kept
    std::map<std::string, std::string> idempotency_keys;
  };
  std::optional<Again> again = {};
  std::optional<ExecutionId> end_of = {};  ///< whose end starts it; `stale` is the answer where that was announced already
};

/// What became of an arrival, once it was committed.
struct Acceptance {
  EventId event;
  ExecutionId execution;   ///< empty where nothing was started
  domain::ExecutionStatus status = domain::ExecutionStatus::kQueued;  ///< of what was started, as committed
  bool duplicate = false;  ///< `execution` is the one that the first delivery started
  bool stale = false;      ///< the tick had been fired already, or the execution had been seen to
};

/// Thread-safe.
class Runtime {
 public:
  virtual ~Runtime() = default;

  /// Keeps the event and starts its execution; `done` is called after the commit, on any thread, and must not block.
  /// Fails with kBacklogFull when too many executions wait.
  virtual void accept(Arrival arrival, std::function<void(Result<Acceptance>)> done) = 0;

  /// Cancels; `done` gets the status that was committed.
  virtual void cancel(const TenantId& tenant, const ExecutionId& execution, engine::Cancel cancel,
                      std::function<void(Result<domain::ExecutionStatus>)> done) = 0;

  /// Answers a `wait-for`; `done` gets the status that was committed, or kConflict where nothing waits for it (any more).
  /// The audit record is written with the decision.
  virtual void signal(const TenantId& tenant, const ExecutionId& execution, engine::Signal signal,
                      domain::AuditRecord audit, std::function<void(Result<domain::ExecutionStatus>)> done) = 0;

  /// What was delivered until now is in the store, or is surely not to be written, when `done` is called.
  virtual void settle_deliveries(std::function<void()> done) = 0;

  /// Told after such a change was committed and before its author is answered, so that what follows sees it.
  virtual void workflows_changed() = 0;  ///< schedules, too
  virtual void credentials_changed() = 0;
  virtual void variables_changed() = 0;
};

}  // namespace ipaas::service
