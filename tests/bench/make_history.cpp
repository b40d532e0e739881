// Fills a data directory with what years of use would leave in it, by the store's own verbs and sealed as the daemon
// seals it.
//
//   make_history --data-dir DIR [--finished 1000000] [--pending 100000] [--payload 200]
//
// The finished ones have an event, a step and two log lines; the pending ones sleep for ten years. The directory must be
// new. About 30,000 executions a second.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <string>

#include "daemon/boot.h"
#include "daemon/data_dir.h"
#include "daemon/system_clock.h"

namespace ipaas::bench {
namespace {

struct Wanted {
  int finished = 1'000'000;
  int pending = 100'000;
  int payload = 200;
};

constexpr int kBatch = 1000;
constexpr Duration kForLong = std::chrono::hours(24 * 3650);
const WorkflowId kWorkflow("wf_00000000000000000000000001");

std::string numbered(const char* prefix, int number) {
  char text[64];
  std::snprintf(text, sizeof text, "%s%026d", prefix, number);
  return text;
}

store::SaveWorkflows workflow(const TenantId& tenant, Instant now) {
  store::SaveWorkflows write;
  write.tenant = tenant;
  write.items = {{.id = kWorkflow,
                  .name = "history",
                  .description = "",
                  .source = "name: history\non:\n  manual: {}\nsteps:\n  - id: wait\n    sleep: 3650d\n",
                  .digest = "history",
                  .triggers = {domain::TriggerKind::kManual},
                  .schedules = {}}};
  write.author = "make_history";
  write.now = now;
  return write;
}

domain::Step step(Instant at, bool ended) {
  domain::Step step;
  step.path = "wait";
  step.kind = "sleep";
  step.status = ended ? domain::StepStatus::kSucceeded : domain::StepStatus::kWaiting;
  step.attempts = 1;
  step.started_at = at;
  if (ended) step.ended_at = at;
  return step;
}

domain::Effect timer(const domain::Execution& execution, Instant now) {
  domain::Effect effect;
  effect.id = EffectId(execution.id.str() + "/wait/1/sleep");
  effect.tenant = execution.tenant;
  effect.execution = execution.id;
  effect.kind = domain::EffectKind::kTimer;
  effect.path = "wait";
  effect.due_at = now + kForLong;
  return effect;
}

store::AcceptEvent accepted(const TenantId& tenant, int number, bool ended, Instant now, const std::string& payload) {
  store::AcceptEvent write;
  write.tenant = tenant;
  write.event = {EventId(numbered("ev_", number)), tenant, kWorkflow, domain::TriggerKind::kManual, now};
  write.payload = payload;
  domain::ExecutionChange& change = write.first.emplace();
  domain::Execution& execution = change.execution;
  execution.id = ExecutionId(numbered("ex_", number));
  execution.tenant = tenant;
  execution.workflow = kWorkflow;
  execution.workflow_name = "history";
  execution.event = write.event.id;
  execution.status = ended ? domain::ExecutionStatus::kSucceeded : domain::ExecutionStatus::kWaiting;
  execution.revision = 1;
  execution.created_at = now;
  execution.started_at = now;
  change.steps.put(step(now, ended));
  change.logs = {{.path = "", .level = domain::LogLevel::kInfo, .at = now, .text = "execution began"}};
  if (ended) {
    execution.ended_at = now;
    change.logs.push_back({.path = "", .level = domain::LogLevel::kInfo, .at = now, .text = "execution succeeded"});
  } else {
    change.effects.push_back(timer(execution, now));
  }
  return write;
}

bool commit(store::Store& store, const std::vector<store::Write>& batch) {
  for (const auto& result : store.commit(batch)) {
    if (result) continue;
    std::fprintf(stderr, "error: %s\n", result.error().message.c_str());
    return false;
  }
  return true;
}

bool fill(daemon::Boot& boot, const Wanted& wanted) {
  const Instant now = daemon::SystemClock().now();
  const std::string payload = R"({"body":{"text":")" + std::string(static_cast<std::size_t>(wanted.payload), 'x') + R"("}})";
  if (!commit(*boot.store, {workflow(boot.default_tenant, now)})) return false;
  const int all = wanted.finished + wanted.pending;
  for (int from = 0; from < all; from += kBatch) {
    std::vector<store::Write> batch;
    for (int i = from; i < std::min(from + kBatch, all); ++i) {
      batch.emplace_back(accepted(boot.default_tenant, i, i < wanted.finished, now, payload));
    }
    if (!commit(*boot.store, batch)) return false;
  }
  return true;
}

}  // namespace
}  // namespace ipaas::bench

int main(int argc, char** argv) {
  CLI::App parser("Fills a data directory with executions.", "make_history");
  ipaas::bench::Wanted wanted;
  ipaas::daemon::Config config;
  parser.add_option("--data-dir", config.data_dir, "a directory that is made")->required();
  parser.add_option("--finished", wanted.finished, "executions that have ended");
  parser.add_option("--pending", wanted.pending, "executions that sleep");
  parser.add_option("--payload", wanted.payload, "bytes of an event");
  CLI11_PARSE(parser, argc, argv);
  config.store = "sqlite:";
  auto boot = ipaas::daemon::Boot::prepare(config);
  if (!boot) {
    std::fprintf(stderr, "error: %s\n", boot.error().message.c_str());
    return 1;
  }
  return ipaas::bench::fill(*boot, wanted) ? 0 : 1;
}
