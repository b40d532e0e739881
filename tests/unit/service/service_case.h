// Services over a store in memory, with an instance that only remembers what it was asked.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/service/credentials.h"
#include "core/service/executions.h"
#include "core/service/workflows.h"
#include "core/store/memory_store.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_randomness.h"
#include "tests/support/store_fixtures.h"

namespace ipaas::test {

/// Commits at once, on the thread that asks.
class DirectWriter final : public store::Writer {
 public:
  explicit DirectWriter(store::Store& store) : store_(store) {}
  void submit(store::Write write, Completion completion) override {
    std::vector<store::Write> one;
    one.push_back(std::move(write));
    completion(std::move(store_.commit(std::move(one)).front()));
  }

 private:
  store::Store& store_;
};

class RecordingRuntime final : public service::Runtime {
 public:
  void accept(service::Arrival arrival, std::function<void(Result<service::Acceptance>)> done) override {
    arrivals.push_back(std::move(arrival));
    service::Acceptance acceptance;
    acceptance.event = EventId("ev_new");
    acceptance.execution = ExecutionId("ex_new");
    acceptance.status = domain::ExecutionStatus::kRunning;
    done(acceptance);
  }
  void cancel(const TenantId&, const ExecutionId& execution, engine::Cancel cancel,
              std::function<void(Result<domain::ExecutionStatus>)> done) override {
    cancelled.emplace_back(execution.str(), cancel.by);
    cancels_finally = cancel.finally;
    done(status_after_cancel);
  }
  void workflows_changed() override { ++workflow_changes; }
  void credentials_changed() override { ++credential_changes; }
  void variables_changed() override { ++variable_changes; }

  void signal(const TenantId&, const ExecutionId& execution, engine::Signal signal, domain::AuditRecord audit,
              std::function<void(Result<domain::ExecutionStatus>)> done) override {
    signals.push_back({execution, std::move(signal), std::move(audit)});
    done(status_after_signal);
  }
  void settle_deliveries(std::function<void()> done) override { done(); }
  std::vector<service::Arrival> arrivals;
  bool cancels_finally = false;  ///< as the last one was asked
  struct Signalled {
    ExecutionId execution;
    engine::Signal signal;
    domain::AuditRecord audit;
  };
  std::vector<Signalled> signals;
  Result<domain::ExecutionStatus> status_after_signal = domain::ExecutionStatus::kRunning;
  std::vector<std::pair<std::string, std::string>> cancelled;
  domain::ExecutionStatus status_after_cancel = domain::ExecutionStatus::kCancelled;
  int workflow_changes = 0;
  int credential_changes = 0;
  int variable_changes = 0;
};

inline std::string workflow_text(std::string_view name, std::string_view on = "{ manual: {} }",
                                 std::string_view rest = "steps: [ { log: hello } ]\n") {
  return "name: " + std::string(name) + "\non: " + std::string(on) + "\n" + std::string(rest);
}

inline constexpr std::string_view kSlackSteps =
    "steps: [ { uses: slack/post-message, credential: ops, with: { channel: c, text: t } } ]\n";

class ServiceCase {
 public:
  [[nodiscard]] service::Context as(security::Role role) {
    caller_ = {kTenant, "uid:7", role};
    return {caller_, *reader, writer_, runtime, catalog, masker, ids_, clock};
  }
  [[nodiscard]] service::Context owner() { return as(security::Role::kOwner); }

  /// The actions, as `created x, updated y`, or the codes of what is wrong.
  std::string apply(std::vector<std::string> sources, bool dry_run = false) {
    service::ApplyRequest request;
    request.dry_run = dry_run;
    return apply(std::move(sources), std::move(request));
  }
  std::string apply(std::vector<std::string> sources, service::ApplyRequest request) {
    for (std::string& source : sources) {
      request.documents.push_back({"f" + std::to_string(request.documents.size()) + ".yaml", std::move(source)});
    }
    const auto saved = service::apply_workflows(owner(), request);
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (!saved) {
      errors = saved.error();
      for (const Error& error : errors) add(error.code);
      return text;
    }
    constexpr const char* kNames[] = {"created", "updated", "unchanged", "pruned"};
    for (const auto& item : *saved) {
      const std::string left = item.left_set && !item.left_set->empty() ? " from " + *item.left_set : "";
      add(std::string(kNames[static_cast<int>(item.action)]) + " " + item.name + left);
    }
    return text;
  }

  [[nodiscard]] std::string workflow_names() {
    std::string names;
    const auto workflows = reader->workflows(kTenant).value();
    for (const auto& workflow : workflows) names += workflow.name + " ";
    return names;
  }

  std::unique_ptr<store::Store> memory = store::make_memory_store();
  std::unique_ptr<store::Reader> reader = memory->open_reader().value();
  connectors::Catalog catalog = connectors::Catalog::built_in().value();
  security::Masker masker{{Secret("hunter2-hunter2")}, {}};
  FakeClock clock;
  RecordingRuntime runtime;
  std::vector<Error> errors;  ///< of the last apply

 private:
  DirectWriter writer_{*memory};
  FakeRandomness randomness_;
  IdSource ids_{clock, randomness_};
  service::Caller caller_;
};

}  // namespace ipaas::test
