#include "core/service/test_export.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/base/time_text.h"
#include "core/engine/testing/mock_error.h"
#include "core/security/json_masking.h"
#include "core/service/executions.h"
#include "core/service/own_masking.h"

namespace ipaas::service {
namespace {

using domain::Attempt;
using domain::ExecutionStatus;
using domain::TriggerKind;

tl::unexpected<Error> refuse(std::string message, std::string hint) {
  return fail(ErrorKind::kConflict, std::move(message), std::move(hint));
}

/// The places at which two values differ, where one was made of the other by masking.
void differing(const std::string& path, const Json& before, const Json& after, std::vector<std::string>& places) {
  if (before == after) return;
  if (before.is_object() && after.is_object() && before.size() == after.size()) {
    auto masked = after.begin();
    for (const auto& [key, value] : before.items()) {
      if (masked.key() != key) return places.push_back(path);
      differing(path + "." + key, value, *masked, places);
      ++masked;
    }
  } else if (before.is_array() && after.is_array() && before.size() == after.size()) {
    for (std::size_t i = 0; i < before.size(); ++i) {
      differing(path + "[" + std::to_string(i) + "]", before[i], after[i], places);
    }
  } else {
    places.push_back(path);
  }
}

/// What an answer of HTTP came to, as the connectors word it: `api.example answered 503: overloaded`.
struct HttpFailure {
  int status = 0;
  std::string reason;
};

std::optional<HttpFailure> http_failure(const Attempt& attempt) {
  constexpr std::string_view kAnswered = " answered ";
  constexpr std::size_t kDigits = 3;
  const std::size_t at = attempt.message.find(kAnswered);
  if ((attempt.outcome != "rejected" && attempt.outcome != "credential_refused") || at == std::string::npos) return std::nullopt;
  HttpFailure failure;
  const char* const begin = attempt.message.data() + at + kAnswered.size();
  const char* const end = attempt.message.data() + attempt.message.size();
  if (end - begin < static_cast<std::ptrdiff_t>(kDigits)) return std::nullopt;
  if (std::from_chars(begin, begin + kDigits, failure.status).ptr != begin + kDigits) return std::nullopt;
  const std::string_view rest(begin + kDigits, static_cast<std::size_t>(end - begin) - kDigits);
  if (rest.starts_with(": ")) failure.reason = rest.substr(2);
  return failure;
}

class Exporter {
 public:
  Exporter(const security::Masker& masker, const domain::ExecutionSnapshot& snapshot, const std::vector<Attempt>& attempts)
      : masker_(masker), snapshot_(snapshot), execution_(snapshot.execution) {
    for (const Attempt& attempt : attempts) attempts_[attempt.path].push_back(attempt);
    // Only what ends an execution from outside, or by its time, happens at another place when calls take no time.
    timed_ = execution_.status == ExecutionStatus::kCancelled || (execution_.error && execution_.error->code == "timeout");
  }

  TestExport run() && {
    Json test = Json::object();
    const Instant began = execution_.started_at.value_or(execution_.created_at);
    test["name"] = execution_.id.str() + " " + std::string(status_name(execution_.status));
    test["workflow"] = execution_.workflow_name;
    test["now"] = format_instant(began);
    test["trigger"] = domain::trigger_name(execution_.trigger);
    add_start(test);
    if (const auto cancelled = cancelled_at()) test["cancel-after"] = format_duration(std::max(*cancelled - began, Duration(1)));
    if (!execution_.vars.empty()) test["vars"] = masked("vars", execution_.vars);
    if (Json mocks = mocks_of_calls(); !mocks.empty()) test["mocks"] = std::move(mocks);
    test["expect"] = expectation();
    export_.test = Json{{"cases", Json::array({std::move(test)})}};
    return std::move(export_);
  }

 private:
  Json masked(const std::string& place, const Json& value) {
    Json safe = security::mask_json(masker_, value);
    differing(place, value, safe, export_.masked);
    if (value == Json(security::kRedacted)) export_.masked.push_back(place);
    return safe;
  }

  void add_start(Json& test) {
    if (execution_.trigger == TriggerKind::kWebhook || execution_.trigger == TriggerKind::kSchedule ||
        execution_.trigger == TriggerKind::kWorkflow) {
      Json event = masked("event", snapshot_.payload);
      // An id that a scheme does not give is null, which is what the test takes a missing one for.
      for (auto member = event.begin(); member != event.end();) {
        member = member->is_null() ? event.erase(member) : std::next(member);
      }
      test["event"] = std::move(event);
    } else if (!execution_.inputs.empty()) {
      test["inputs"] = masked("inputs", execution_.inputs);
    }
  }

  /// When it was cancelled: `finally` may have gone on after that.
  [[nodiscard]] std::optional<Instant> cancelled_at() const {
    if (execution_.status != ExecutionStatus::kCancelled) return std::nullopt;
    std::optional<Instant> at;
    for (const domain::Step& step : snapshot_.steps) {
      if (step.status == domain::StepStatus::kCancelled && step.ended_at) at = std::min(at.value_or(*step.ended_at), *step.ended_at);
    }
    return at ? at : execution_.ended_at;
  }

  Json mocks_of_calls() {
    Json mocks = Json::object();
    for (const domain::Step& step : snapshot_.steps) {
      const bool calls = step.kind == "uses" || step.kind == "call";
      Json answers = calls ? answers_of(step) : step.kind == "wait-for" ? decision_of(step) : Json::array();
      if (!answers.empty()) mocks[step.path] = answers.size() == 1 ? std::move(answers.front()) : std::move(answers);
    }
    return mocks;
  }

  Json answers_of(const domain::Step& step) {
    Json answers = Json::array();
    const auto tries = attempts_.find(step.path);
    if (tries != attempts_.end()) {
      for (std::size_t i = 0; i < tries->second.size(); ++i) {
        answers.push_back(answer_of(step, tries->second[i], i + 1 < tries->second.size() ? &tries->second[i + 1] : nullptr));
      }
    } else if (step.status == domain::StepStatus::kSucceeded) {
      answers.push_back(Json{{"outputs", masked("mocks." + step.path + ".outputs", step.outputs)}});  // taken over by a retry
    }
    const bool was_out = step.sends > static_cast<int>(answers.size()) && step.status == domain::StepStatus::kCancelled;
    if (was_out) answers.push_back(Json{{"takes", "1h"}});
    return answers;
  }

  /// What somebody answered to a wait; nothing where nobody did.
  Json decision_of(const domain::Step& step) {
    Json answer = Json::object();
    const bool answered = step.status == domain::StepStatus::kSucceeded &&
                          !(step.outputs.is_object() && step.outputs.contains("timed_out"));
    if (answered) {
      answer["outputs"] = masked("mocks." + step.path + ".outputs", step.outputs);
    } else if (step.error && step.error->code == "approval_rejected") {
      answer["error"] = {{"code", step.error->code}, {"message", masker_.mask(step.error->message)}};
    } else {
      return Json::array();
    }
    if (timed_ && step.ended_at) answer["takes"] = format_duration(*step.ended_at - step.started_at);
    return Json::array({std::move(answer)});
  }

  Json answer_of(const domain::Step& step, const Attempt& attempt, const Attempt* next) {
    Json answer = Json::object();
    if (attempt.outcome == "succeeded") {
      answer["outputs"] = masked("mocks." + step.path + ".outputs", step.outputs);
    } else if (const auto http = http_failure(attempt)) {
      answer["reply"] = reply_of(*http, attempt, next);
    } else {
      answer["error"] = error_of(attempt);
    }
    if (timed_ && attempt.outcome != "timeout") answer["takes"] = format_duration(attempt.ended_at - attempt.started_at);
    return answer;
  }

  /// A 503 that was asked again without a counted try had said how long to wait; that is the time that passed.
  Json reply_of(const HttpFailure& http, const Attempt& attempt, const Attempt* next) {
    Json reply = {{"status", http.status}};
    const bool deferrable = http.status == 503 || http.status == 429;
    const domain::Step* step = snapshot_.steps.find(attempt.path);
    if (deferrable && next != nullptr && step->sends > step->attempts) {
      const auto wait = std::chrono::ceil<std::chrono::seconds>(next->started_at - attempt.ended_at);
      reply["headers"] = {{"retry-after", std::to_string(std::max<std::int64_t>(wait.count(), 1))}};
    }
    if (!http.reason.empty()) reply["body"] = masker_.mask(http.reason);
    return reply;
  }

  Json error_of(const Attempt& attempt) {
    const auto known = engine::testing::call_error_codes();
    const bool is_known = std::find(known.begin(), known.end(), attempt.outcome) != known.end();
    Json error = {{"code", is_known ? attempt.outcome : std::string("internal")}};
    if (!attempt.message.empty()) error["message"] = masker_.mask(attempt.message);
    return error;
  }

  Json expectation() {
    Json expect = {{"status", status_name(execution_.status)}};
    if (execution_.error) {
      expect["error"] = {{"code", execution_.error->code}};
      if (!execution_.error->step.empty()) expect["error"]["step"] = execution_.error->step;
    }
    if (!execution_.outputs.is_null()) expect["outputs"] = masked("expect.outputs", execution_.outputs);
    Json steps = Json::object();
    for (const domain::Step& step : snapshot_.steps) {
      steps[step.path] = {{"outcome", outcome_of(step.status)}};
      if (step.kind == "uses") steps[step.path]["attempts"] = step.attempts;
    }
    if (!steps.empty()) expect["steps"] = std::move(steps);
    return expect;
  }

  static std::string_view outcome_of(domain::StepStatus status) {
    switch (status) {
      case domain::StepStatus::kSucceeded: return "success";
      case domain::StepStatus::kFailed: return "failure";
      case domain::StepStatus::kSkipped: return "skipped";
      default: return "cancelled";
    }
  }

  const security::Masker& masker_;
  const domain::ExecutionSnapshot& snapshot_;
  const domain::Execution& execution_;
  std::map<std::string, std::vector<Attempt>> attempts_;  ///< by path
  bool timed_ = false;
  TestExport export_;
};

}  // namespace

Result<TestExport> export_test(const Context& context, const ExecutionId& id) {
  const auto snapshot = read_execution(context, id);
  if (!snapshot) return tl::unexpected(snapshot.error());
  const domain::Execution& execution = snapshot->execution;
  if (!domain::has_ended(execution)) {
    return refuse("the execution has not ended: " + std::string(status_name(execution.status)),
                  "export it when it has; see `ipaas execution wait " + id.str() + "`");
  }
  if (snapshot->payload.is_null()) {
    return refuse("what started the execution has been forgotten by retention", "export a younger one");
  }
  const auto attempts = context.reader.attempts(context.caller.tenant, id);
  if (!attempts) return tl::unexpected(attempts.error());
  const auto version = context.reader.workflow_version(context.caller.tenant, execution.workflow, execution.version);
  if (!version) return tl::unexpected(version.error());
  const auto masker = masker_for(context.reader, context.masker, context.caller.tenant, {id});
  if (!masker) return tl::unexpected(masker.error());
  TestExport exported = Exporter(*masker, *snapshot, *attempts).run();
  exported.source = version->source;
  return exported;
}

}  // namespace ipaas::service
