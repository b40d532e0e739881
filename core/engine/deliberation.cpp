#include "core/engine/deliberation.h"

#include <algorithm>

#include "core/base/time_text.h"
#include "core/engine/retry.h"

namespace ipaas::engine {
namespace {

/// An output may be used by the next step, whose output may be used by the next: the depth has to end somewhere.
constexpr std::size_t kOutputDepth = 128;

/// What a step evaluates that neither calls nor waits; nullptr for others.
const language::TemplateTree* value_of(const language::Step& step) {
  if (const auto* set = std::get_if<language::SetStep>(&step.action)) return &set->value;
  if (const auto* log = std::get_if<language::LogStep>(&step.action)) return &log->message;
  if (const auto* fail = std::get_if<language::FailStep>(&step.action)) return &fail->message;
  return nullptr;
}

domain::Failure expression_failure(const Error& error, std::string_view step) {
  return {"expression_failed", error.message, std::string(step)};
}

}  // namespace

Deliberation::Deliberation(const language::Workflow& workflow, const domain::ExecutionSnapshot& before, Instant now,
                           const DecideLimits& limits)
    : workflow_(workflow), before_(before), now_(now), limits_(limits), scope_(before, now) {
  change_.execution = before.execution;
  ++change_.execution.revision;
}

Decision Deliberation::take() && {
  decision_.masked = scope_.take_masked();
  return std::move(decision_);
}

void Deliberation::begin() {
  domain::Execution& execution = change_.execution;
  execution.status = domain::ExecutionStatus::kRunning;
  execution.started_at = now_;
  for (const domain::Effect& effect : before_.effects) change_.finished.push_back(effect.id);
  log(domain::LogLevel::kInfo, "",
      "started by " + std::string(trigger_name(execution.trigger)) + " " + execution.event.str() + ", version " +
          std::to_string(execution.version));
  proceed();
}

void Deliberation::call_succeeded(const domain::Effect& effect, const Json& outputs) {
  domain::Step record = *record_of(effect.path);
  ++record.attempts;
  change_.finished.push_back(effect.id);
  change_.attempts.push_back({effect.path, record.sends, effect.due_at, now_, "succeeded", ""});
  log(domain::LogLevel::kInfo, effect.path,
      effect.call.connector + "/" + effect.call.action + " succeeded " + took(record.started_at));
  succeed(std::move(record), outputs);
  proceed();
}

void Deliberation::call_failed(const domain::Effect& effect, const CallFailed& failure) {
  domain::Step record = *record_of(effect.path);
  change_.finished.push_back(effect.id);
  change_.attempts.push_back({effect.path, record.sends, effect.due_at, now_, failure.code, failure.message});
  if (failure.failure_class != FailureClass::kDeferred) {
    ++record.attempts;
    record.deferred_since.reset();
  }
  const language::Step& step = *step_at(effect.path);
  const auto& policy = std::get<language::UsesStep>(step.action).retry;
  const RetryVerdict verdict = judge(policy, record, failure, change_.execution.seed, now_);
  if (!verdict.again) {
    fail_step(step, std::move(record), {verdict.code, verdict.message, effect.path});
    proceed();
    return;
  }
  if (verdict.deferred && !record.deferred_since) record.deferred_since = now_;
  record.status = domain::StepStatus::kWaiting;
  record.error = domain::Failure{failure.code, failure.message, effect.path};
  log(domain::LogLevel::kWarn, effect.path,
      "try " + std::to_string(record.sends) + (verdict.deferred ? " was deferred: " : " failed: ") + failure.code +
          ": " + failure.message + "; next try in " + format_duration(verdict.wait));
  send(effect.call, std::move(record), now_ + verdict.wait);
}

void Deliberation::cancel(const std::string& by) {
  close_open_steps(domain::StepStatus::kCancelled);
  change_.execution.error = domain::Failure{"cancelled", "cancelled by " + by, ""};
  log(domain::LogLevel::kWarn, "", "cancelled by " + by);
  end(domain::ExecutionStatus::kCancelled);
}

void Deliberation::break_off(const std::string& what) {
  close_open_steps(domain::StepStatus::kFailed);
  change_.execution.error = domain::Failure{"internal", what, ""};
  log(domain::LogLevel::kError, "", "failed: internal: " + what);
  end(domain::ExecutionStatus::kFailed);
}

void Deliberation::proceed() {
  for (const language::Step& step : workflow_.steps) {
    const domain::Step* known = record_of(step.id);
    if (known != nullptr && domain::is_final(known->status)) continue;
    if (known != nullptr) return;  // its answer is still to come
    domain::Step record;
    record.path = step.id;
    record.kind = step.kind();
    record.started_at = now_;
    if (!wanted(step, record)) continue;
    run(step, std::move(record));
    if (!domain::is_final(record_of(step.id)->status)) return;
  }
  finish();
}

/// As GitHub Actions has it: a condition that asks for no status means `success() && (condition)`.
bool Deliberation::wanted(const language::Step& step, domain::Step& record) {
  scope_.turn_to(step.id + "/if");
  const bool by_default = !step.condition || !step.condition->uses_status_function();
  bool wanted = !(by_default && scope_.failed());
  if (wanted && step.condition) {
    const Result<Json> value = evaluate(*step.condition);
    if (!value) {
      fail_step(step, std::move(record), expression_failure(value.error(), step.id));
      return false;
    }
    wanted = language::is_truthy(*value);
  }
  if (wanted) return true;
  record.status = domain::StepStatus::kSkipped;
  record.ended_at = now_;
  save(std::move(record));
  return false;
}

void Deliberation::run(const language::Step& step, domain::Step record) {
  scope_.turn_to(step.id);
  if (const auto* uses = std::get_if<language::UsesStep>(&step.action)) {
    start_call(step, *uses, std::move(record));
    return;
  }
  record.attempts = 1;
  const language::TemplateTree* tree = value_of(step);
  if (tree == nullptr) {
    // Whoever started it let a workflow pass that has parts which are not run yet.
    fail_step(step, std::move(record), {"internal", "this version does not run `" + std::string(step.kind()) + "`", step.id});
    return;
  }
  Result<Json> value = evaluate(*tree);
  if (!value) {
    fail_step(step, std::move(record), expression_failure(value.error(), step.id));
  } else if (std::holds_alternative<language::FailStep>(step.action)) {
    // Of the published codes `rejected` is the one that says: somebody looked at it and refused it.
    fail_step(step, std::move(record), {"rejected", language::to_text(*value), step.id});
  } else if (const auto* line = std::get_if<language::LogStep>(&step.action)) {
    log(line->level, step.id, language::to_text(*value));
    succeed(std::move(record), nullptr);
  } else {
    succeed(std::move(record), *std::move(value));
  }
}

void Deliberation::start_call(const language::Step& step, const language::UsesStep& uses, domain::Step record) {
  Result<Json> inputs = evaluate(uses.with);
  if (!inputs) {
    fail_step(step, std::move(record), expression_failure(inputs.error(), step.id));
    return;
  }
  domain::CallRequest call;
  call.connector = uses.connector;
  call.action = uses.action;
  call.credential = uses.credential;
  call.inputs = inputs->is_null() ? Json::object() : *std::move(inputs);
  call.idempotency_key = change_.execution.id.str() + "/" + step.id;
  call.timeout = uses.timeout;
  record.status = domain::StepStatus::kRunning;
  send(call, std::move(record), now_);
}

void Deliberation::send(const domain::CallRequest& call, domain::Step record, Instant due) {
  ++record.sends;
  domain::Effect effect;
  effect.id = EffectId(change_.execution.id.str() + "/" + record.path + "/" + std::to_string(record.sends));
  effect.tenant = change_.execution.tenant;
  effect.execution = change_.execution.id;
  effect.kind = domain::EffectKind::kCall;
  effect.path = record.path;
  effect.due_at = due;
  effect.call = call;
  change_.effects.push_back(std::move(effect));
  save(std::move(record));
}

void Deliberation::succeed(domain::Step record, Json outputs) {
  if (json_depth(outputs) > kOutputDepth) {
    const std::string path = record.path;
    fail_step(*step_at(path), std::move(record),
              {"expression_failed", "the outputs are nested more than " + std::to_string(kOutputDepth) + " levels deep",
               path});
    return;
  }
  record.status = domain::StepStatus::kSucceeded;
  record.ended_at = now_;
  record.outputs = std::move(outputs);
  record.error.reset();
  save(std::move(record));
}

void Deliberation::fail_step(const language::Step& step, domain::Step record, domain::Failure failure) {
  record.status = domain::StepStatus::kFailed;
  record.softened = step.continue_on_error;
  record.ended_at = now_;
  const std::string end = step.continue_on_error ? " (continue-on-error)" : "";
  log(step.continue_on_error ? domain::LogLevel::kWarn : domain::LogLevel::kError, step.id,
      "failed: " + failure.code + ": " + failure.message + end);
  if (!step.continue_on_error && !change_.execution.error) change_.execution.error = failure;
  record.error = std::move(failure);
  save(std::move(record));
}

void Deliberation::finish() {
  if (!scope_.failed()) {
    Json outputs = Json::object();
    for (const auto& [name, tree] : workflow_.outputs) {
      scope_.turn_to("/outputs/" + name);  // no step's id begins so
      Result<Json> value = evaluate(tree);
      if (!value) {
        change_.execution.error = domain::Failure{"expression_failed", "output " + name + ": " + value.error().message, ""};
        break;
      }
      outputs[name] = *std::move(value);
    }
    if (!change_.execution.error) {
      change_.execution.outputs = std::move(outputs);
      log(domain::LogLevel::kInfo, "", "succeeded " + took(*change_.execution.started_at));
      end(domain::ExecutionStatus::kSucceeded);
      return;
    }
  }
  const domain::Failure& error = *change_.execution.error;
  log(domain::LogLevel::kError, "",
      "failed " + took(*change_.execution.started_at) + ": " + (error.step.empty() ? "" : error.step + ": ") + error.code);
  end(domain::ExecutionStatus::kFailed);
}

void Deliberation::end(domain::ExecutionStatus status) {
  change_.execution.status = status;
  change_.execution.ended_at = now_;
}

void Deliberation::close_open_steps(domain::StepStatus status) {
  for (const domain::Step& open : before_.steps) {
    if (domain::is_final(open.status)) continue;
    domain::Step record = open;
    record.status = status;
    record.ended_at = now_;
    save(std::move(record));
  }
  for (const domain::Effect& effect : before_.effects) change_.finished.push_back(effect.id);
}

template <typename Evaluable>
Result<Json> Deliberation::evaluate(const Evaluable& expression) {
  Result<Json> value = expression.evaluate(scope_, limits_.evaluation);
  if (!value && value.error().code == "budget_exceeded") decision_.over_budget = true;
  return value;
}

const domain::Step* Deliberation::record_of(std::string_view path) const {
  const domain::Step* fresh = change_.steps.find(path);
  return fresh != nullptr ? fresh : before_.steps.find(path);
}

const language::Step* Deliberation::step_at(std::string_view path) const {
  const auto found = std::find_if(workflow_.steps.begin(), workflow_.steps.end(),
                                  [path](const language::Step& step) { return step.id == path; });
  return found == workflow_.steps.end() ? nullptr : &*found;
}

void Deliberation::save(domain::Step record) {
  if (domain::is_final(record.status)) scope_.enter(record);
  change_.steps.put(std::move(record));
}

void Deliberation::log(domain::LogLevel level, std::string_view path, std::string text) {
  change_.logs.push_back({std::string(path), level, now_, std::move(text)});
}

std::string Deliberation::took(Instant since) const {
  return "in " + format_duration(std::max(now_ - since, Duration(0)));
}

}  // namespace ipaas::engine
