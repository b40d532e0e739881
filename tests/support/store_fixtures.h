// What tests of the store put into it.
#pragma once

#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/store/store.h"

namespace ipaas::test {

inline const TenantId kTenant{std::string(store::kDefaultTenantId)};
inline const TenantId kOtherTenant{"tn_other"};
inline const Instant kNow = from_millis(1'767'225'600'000);

/// A folder that goes with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "ipaas-store-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline domain::Schedule make_schedule(const std::string& id, std::string cron, std::optional<Instant> next_due = kNow,
                                      const std::string& workflow = "wf_1") {
  return {.id = ScheduleId(id),
          .tenant = kTenant,
          .workflow = WorkflowId(workflow),
          .cron = std::move(cron),
          .timezone = "Europe/Berlin",
          .next_due = next_due};
}

/// A workflow with a webhook; its digest is its source.
inline store::SaveWorkflows::Item make_workflow(const std::string& id, std::string name, std::string source = "v1",
                                                std::vector<domain::Schedule> schedules = {}) {
  return {.id = WorkflowId(id),
          .name = std::move(name),
          .description = "about it",
          .source = source,
          .digest = "digest of " + source,
          .triggers = {domain::TriggerKind::kWebhook},
          .schedules = std::move(schedules)};
}

inline store::SaveWorkflows save_workflows(std::vector<store::SaveWorkflows::Item> items, TenantId tenant = kTenant) {
  return {.tenant = std::move(tenant),
          .items = std::move(items),
          .author = "owner:uid=0",
          .message = "first",
          .now = kNow,
          .audit = {}};
}

inline domain::Event make_event(const std::string& id, const std::string& workflow = "wf_1") {
  return {.id = EventId(id),
          .tenant = kTenant,
          .workflow = WorkflowId(workflow),
          .trigger = domain::TriggerKind::kWebhook,
          .received_at = kNow};
}

inline domain::Execution make_execution(const std::string& id, domain::ExecutionStatus status,
                                        const std::string& workflow = "wf_1", const std::string& name = "greet") {
  domain::Execution execution;
  execution.id = ExecutionId(id);
  execution.tenant = kTenant;
  execution.workflow = WorkflowId(workflow);
  execution.workflow_name = name;
  execution.event = EventId("ev_of_" + id);
  execution.trigger = domain::TriggerKind::kWebhook;
  execution.status = status;
  execution.revision = 1;
  execution.created_at = kNow;
  if (status != domain::ExecutionStatus::kQueued) execution.started_at = kNow;
  if (domain::is_final(status)) execution.ended_at = kNow;
  if (status == domain::ExecutionStatus::kFailed) execution.error = domain::Failure{"rejected", "it said no", "send"};
  return execution;
}

inline domain::Step make_step(std::string path, domain::StepStatus status = domain::StepStatus::kSucceeded) {
  domain::Step step;
  step.path = std::move(path);
  step.kind = "set";
  step.status = status;
  step.started_at = kNow;
  if (domain::is_final(status)) step.ended_at = kNow;
  return step;
}

inline domain::LogEntry make_line(std::string text, domain::LogLevel level = domain::LogLevel::kInfo,
                                  Instant at = kNow) {
  return {.path = "send", .level = level, .at = at, .text = std::move(text)};
}

inline domain::Effect make_effect(const std::string& execution, const std::string& path, Instant due_at = kNow) {
  return {.id = EffectId(execution + "/" + path + "/1"),
          .tenant = kTenant,
          .execution = ExecutionId(execution),
          .kind = domain::EffectKind::kCall,
          .path = path,
          .due_at = due_at,
          .call = {.connector = "http",
                   .action = "request",
                   .credential = "api",
                   .inputs = {{"url", "https://example.com/"}},
                   .idempotency_key = "key-" + execution,
                   .timeout = std::chrono::seconds(30)}};
}

inline domain::Effect make_effect(const std::string& execution, const std::string& path, domain::EffectKind kind,
                                  Instant due_at = kNow) {
  domain::Effect effect = make_effect(execution, path, due_at);
  effect.kind = kind;
  effect.call = {};
  return effect;
}

inline domain::ExecutionChange make_change(domain::Execution execution) {
  domain::ExecutionChange change;
  change.execution = std::move(execution);
  return change;
}

/// An event of workflow wf_1 `greet` that begins the execution.
inline store::AcceptEvent accept(domain::ExecutionChange first) {
  store::AcceptEvent write;
  write.tenant = kTenant;
  write.event = make_event(first.execution.event.str(), first.execution.workflow.str());
  write.payload = R"({"body":{"n":1}})";
  write.first = std::move(first);
  return write;
}

inline store::AcceptEvent accept(const std::string& execution,
                                 domain::ExecutionStatus status = domain::ExecutionStatus::kSucceeded) {
  return accept(make_change(make_execution(execution, status)));
}

/// An execution that waits for its first decision.
inline store::AcceptEvent accept_queued(const std::string& execution, const std::optional<std::string>& group = {},
                                        int limit = 1) {
  auto write = accept(execution, domain::ExecutionStatus::kQueued);
  write.first->execution.group = group;
  write.first->execution.group_limit = limit;
  write.first->effects = {make_effect(execution, "start", domain::EffectKind::kStart)};
  return write;
}

/// The next decision on an execution as it was stored.
inline store::AdvanceExecution advance(domain::ExecutionChange change) {
  ++change.execution.revision;
  store::AdvanceExecution write;
  write.tenant = kTenant;
  write.change = std::move(change);
  write.now = kNow;
  return write;
}

}  // namespace ipaas::test
