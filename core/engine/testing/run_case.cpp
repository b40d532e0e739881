#include "core/engine/testing/run_case.h"

#include <algorithm>
#include <map>

#include "core/base/time_text.h"
#include "core/engine/admission.h"
#include "core/engine/testing/mock_receiver.h"
#include "core/language/workflow_parser.h"

namespace ipaas::engine::testing {
namespace {

using domain::TriggerKind;

/// What a case starts with, or why nothing starts.
struct Start {
  domain::ExecutionSnapshot snapshot;
  std::string dedupe;
  std::string refused_as;  ///< filtered or refused; empty: it starts
  Json error;
};

Json member(const GivenEvent* event, const char* key, Json otherwise) {
  if (event == nullptr) return otherwise;
  const auto found = event->members.find(key);
  return found == event->members.end() ? otherwise : *found;
}

bool is_secret_header(std::string_view name) {
  return name == "authorization" || name == "proxy-authorization" || name == "cookie" || name == "set-cookie";
}

/// The `event` context as the webhook endpoint makes it.
Json webhook_payload(const TestCase& test, const language::Workflow& workflow, const Receivers& receivers) {
  const GivenEvent* const event = test.event ? &*test.event : nullptr;
  Json headers = Json::object();
  const Json given_headers = member(event, "headers", Json::object());
  for (const auto& [name, value] : given_headers.items()) {
    if (!is_secret_header(name)) headers[name] = value;
  }
  Json payload = Json::object();
  payload["body"] = member(event, "body", nullptr);
  payload["headers"] = headers;
  payload["query"] = member(event, "query", Json::object());
  payload["method"] = member(event, "method", "POST");
  payload["path"] = member(event, "path", "/api/webhooks/default/" + workflow.name);
  const std::string id = receivers.delivery_id(workflow.webhook->scheme, given_headers, payload["body"]);
  payload["id"] = member(event, "id", id.empty() ? Json() : Json(id));
  payload["received_at"] = member(event, "received_at", format_instant(test.now));
  return payload;
}

Json schedule_payload(const TestCase& test, const language::Workflow& workflow) {
  const GivenEvent* const event = test.event ? &*test.event : nullptr;
  const language::ScheduleOn& first = workflow.schedules.front();
  return Json{{"scheduled_for", member(event, "scheduled_for", format_instant(test.now))},
              {"cron", member(event, "cron", first.cron)},
              {"timezone", member(event, "timezone", first.timezone)}};
}

/// The `event` context of `on.workflow`.
Json end_payload(const TestCase& test) {
  const GivenEvent* const event = test.event ? &*test.event : nullptr;
  return Json{{"workflow", member(event, "workflow", "other")},
              {"execution", member(event, "execution", "ex_other")},
              {"status", member(event, "status", "succeeded")},
              {"outputs", member(event, "outputs", Json::object())}};
}

domain::ExecutionSnapshot queued(const TestCase& test, const language::Workflow& workflow, TriggerKind trigger) {
  domain::ExecutionSnapshot snapshot;
  domain::Execution& execution = snapshot.execution;
  execution.id = ExecutionId("ex_test");
  execution.tenant = TenantId("tn_test");
  execution.workflow = WorkflowId("wf_test");
  execution.workflow_name = workflow.name;
  execution.event = EventId("ev_test");
  execution.trigger = trigger;
  execution.seed = 1;
  execution.engine_version = kEngineVersion;
  execution.created_at = test.now;
  execution.vars = test.vars;
  execution.inputs = language::default_inputs(workflow.inputs);
  snapshot.event = {execution.event, execution.tenant, execution.workflow, trigger, test.now};
  snapshot.payload = Json::object();
  return snapshot;
}

void refuse(Start& start, const Error& error) {
  start.refused_as = "refused";
  start.error = Json{{"code", error.code.empty() ? std::string("input_invalid") : error.code},
                     {"message", error.message},
                     {"step", ""}};
}

Start start_of(const TestCase& test, const language::Workflow& workflow, const Receivers& receivers) {
  const TriggerKind trigger = trigger_of(test, workflow).value_or(TriggerKind::kManual);
  Start start{queued(test, workflow, trigger), "", "", Json()};
  if (trigger == TriggerKind::kSchedule) start.snapshot.payload = schedule_payload(test, workflow);
  if (trigger == TriggerKind::kWorkflow) start.snapshot.payload = end_payload(test);
  if (trigger == TriggerKind::kManual || trigger == TriggerKind::kCall) {
    auto inputs = language::bind_inputs(workflow.inputs, test.inputs ? test.inputs->json() : Json::object());
    if (!inputs) {
      refuse(start, inputs.error());
    } else {
      start.snapshot.execution.inputs = *std::move(inputs);
    }
  }
  if (trigger != TriggerKind::kWebhook) return start;
  Json& payload = start.snapshot.payload;
  payload = webhook_payload(test, workflow, receivers);
  const auto admission =
      admit(*workflow.webhook, payload, payload["id"].is_string() ? payload["id"].get<std::string>() : "");
  if (!admission) {
    refuse(start, admission.error());
  } else if (admission->filtered) {
    start.refused_as = "filtered";
  } else {
    start.dedupe = admission->dedupe;
  }
  return start;
}

Json json_of(const std::optional<domain::Failure>& error) {
  return error ? Json{{"code", error->code}, {"message", error->message}, {"step", error->step}} : Json();
}

/// In the four words of GitHub Actions.
Json outcome_of(domain::StepStatus status) {
  switch (status) {
    case domain::StepStatus::kSucceeded:
      return "success";
    case domain::StepStatus::kFailed:
      return "failure";
    case domain::StepStatus::kCancelled:
      return "cancelled";
    case domain::StepStatus::kSkipped:
      return "skipped";
    case domain::StepStatus::kRunning:
    case domain::StepStatus::kWaiting:
      break;
  }
  return nullptr;
}

Json steps_of(const LocalRun& run) {
  Json steps = Json::object();
  for (const domain::Step& step : run.snapshot.steps) {
    steps[step.path] = Json{{"outcome", outcome_of(step.status)},
                            {"conclusion", step.softened ? Json("success") : outcome_of(step.status)},
                            {"attempts", step.attempts},
                            {"outputs", step.outputs},
                            {"error", json_of(step.error)}};
  }
  return steps;
}

Json call_of(const domain::Effect& sent) {
  if (sent.kind == domain::EffectKind::kChild) {
    return {{"step", sent.path}, {"call", sent.child.workflow}, {"with", sent.child.inputs}, {"tries", 1}};
  }
  return {{"step", sent.path},
          {"uses", sent.call.connector + "/" + sent.call.action},
          {"credential", sent.call.credential.empty() ? Json() : Json(sent.call.credential)},
          {"with", sent.call.inputs},
          {"tries", 1}};
}

/// Each call once, in the order of the first try.
Json calls_of(const LocalRun& run) {
  Json calls = Json::array();
  std::map<std::string, std::size_t> places;
  for (const domain::Effect& sent : run.sent) {
    const auto [known, fresh] = places.emplace(sent.path, calls.size());
    if (!fresh) {
      Json& tries = calls[known->second]["tries"];
      tries = tries.get<int>() + 1;
      continue;
    }
    calls.push_back(call_of(sent));
  }
  return calls;
}

/// What a webhook's sender gets that waits for the end; null where nobody waits.
Json answer_of(const language::Workflow& workflow, const LocalRun& run) {
  using Kind = language::WebhookAnswer::Kind;
  const domain::Execution& execution = run.snapshot.execution;
  if (execution.trigger != TriggerKind::kWebhook || !workflow.webhook) return nullptr;
  const Kind kind = workflow.webhook->answer.kind;
  if (kind == Kind::kAccepted) return nullptr;
  if (execution.status != domain::ExecutionStatus::kSucceeded) return Json{{"status", 502}};
  if (kind == Kind::kResult) return Json{{"status", 200}, {"body", execution.outputs}};
  const auto shaped = shape_answer(workflow, run.snapshot, run.now);
  if (!shaped) return Json{{"status", 502}, {"body", shaped.error().message}};
  Json headers = Json::object();
  for (const auto& [name, value] : shaped->headers) headers[name] = value;
  return Json{{"status", shaped->status}, {"headers", headers}, {"body", shaped->body.value_or(Json())}};
}

void describe(const Start& start, const LocalRun& run, const language::Workflow& workflow, CaseResult& result) {
  const domain::Execution& execution = run.snapshot.execution;
  Json& outcome = result.outcome;
  const bool started = start.refused_as.empty();
  outcome["status"] = started ? std::string(status_name(execution.status)) : start.refused_as;
  outcome["error"] = started ? json_of(execution.error) : start.error;
  outcome["dedupe"] = start.dedupe.empty() ? Json() : Json(start.dedupe);
  outcome["outputs"] = execution.outputs;
  outcome["answer"] = started ? answer_of(workflow, run) : Json();
  outcome["steps"] = steps_of(run);
  outcome["calls"] = calls_of(run);
  result.logs = run.logs;
}

void check_logs(const TestCase& test, CaseResult& result) {
  for (const PlacedValue& expected : test.logs) {
    const auto& text = std::get<Json>(expected.content).get_ref<const std::string&>();
    const bool found = std::any_of(result.logs.begin(), result.logs.end(), [&](const domain::LogEntry& line) {
      return line.text.find(text) != std::string::npos;
    });
    if (found) continue;
    Difference missing{expected.position, "logs", "no line of the log has this text"};
    missing.expected = text;
    result.differences.push_back(std::move(missing));
  }
}

void check_end(const TestCase& test, const LocalRun& run, const MockReceiver& receiver, CaseResult& result) {
  if (receiver.missing()) result.differences.push_back(*receiver.missing());
  if (run.end == LocalRun::End::kStuck) {
    result.differences.push_back({test.position, "", "the execution waits for something that never comes"});
  }
  if (run.end == LocalRun::End::kTooLong) {
    result.differences.push_back({test.position, "", "the execution does not come to an end",
                                  "a mock that always asks to wait keeps it going; give it a list of answers"});
  }
}

}  // namespace

CaseResult run_case(const TestCase& test, const language::Workflow& workflow, const Receivers& receivers) {
  CaseResult result;
  const Start start = start_of(test, workflow, receivers);
  MockReceiver receiver(test, receivers);
  LocalRun run;
  if (start.refused_as.empty()) {
    std::vector<TimedFact> facts;
    if (test.cancel_after) facts.push_back({test.now + *test.cancel_after, Cancel{"the test"}});
    run = run_locally(workflow, start.snapshot, test.now, receiver, std::move(facts));
  }
  describe(start, run, workflow, result);
  check_end(test, run, receiver, result);
  // What follows from a missing answer would only hide it.
  if (!result.differences.empty()) return result;
  compare("", test.expect, &result.outcome, test.exact ? Exact::kData : Exact::kNowhere, result.differences);
  check_logs(test, result);
  return result;
}

}  // namespace ipaas::engine::testing
