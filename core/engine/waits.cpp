// Steps that wait for time, for people and programs outside, and for other workflows.
#include <algorithm>

#include "core/base/time_text.h"
#include "core/engine/doubt.h"
#include "core/engine/evaluate.h"
#include "core/engine/keeping.h"

namespace ipaas::engine {
namespace {

std::string_view kind_of(const language::WaitForStep& wait) {
  return wait.kind == language::WaitForStep::Kind::kApproval ? "approval" : "callback";
}

std::string with_comment(std::string text, const std::string& comment) {
  return comment.empty() ? text : text + ": " + comment;
}

/// The end of time as the store and the calendar know it is far behind any wait that is meant.
Instant later(Instant now, Duration wait) {
  constexpr Duration kLongest = std::chrono::hours(24 * 366 * 100);
  return now + std::clamp(wait, Duration(0), kLongest);
}

}  // namespace

void Deliberation::add_timer(domain::Step& record, Instant due, std::string_view purpose) {
  domain::Effect timer = effect_of(record, domain::EffectKind::kTimer, due);
  timer.id = EffectId(timer.id.str() + "/" + std::string(purpose));
  draft_.change.effects.push_back(std::move(timer));
}

void Deliberation::begin_sleep(const language::SleepStep& sleep, domain::Step record) {
  const std::string path = record.path;
  record.attempts = 1;
  const auto text = evaluate_or_fail(sleep.duration, record);
  if (!text) return;
  const auto duration = parse_duration(language::to_text(*text));
  if (!duration) {
    fail_step(std::move(record), {"input_invalid", "`sleep` cannot be '" + language::to_text(*text) +
                                                       "': " + duration.error().message, path});
    return;
  }
  if (*duration <= Duration(0)) {
    succeed(std::move(record), nullptr);
    return;
  }
  record.status = domain::StepStatus::kWaiting;
  record.due_at = later(now_, *duration);
  log(domain::LogLevel::kInfo, path,
      "sleeps for " + (record.sensitive ? std::string(kConcealed) : format_duration(*duration)));
  add_timer(record, *record.due_at, "sleep");
  save(std::move(record));
}

void Deliberation::begin_wait(const language::WaitForStep& wait, domain::Step record) {
  const std::string path = record.path;
  record.attempts = 1;
  Json message;
  if (wait.message) {
    const auto text = evaluate_or_fail(*wait.message, record);
    if (!text) return;
    message = language::to_text(*text);
  }
  record.status = domain::StepStatus::kWaiting;
  record.due_at = later(now_, wait.timeout);
  record.items = std::make_shared<const Json>(
      Json{{"kind", kind_of(wait)}, {"message", message}, {"roles", wait.roles}, {"self", wait.self}});
  log(domain::LogLevel::kInfo, path,
      "waits for " + std::string(wait.kind == language::WaitForStep::Kind::kApproval ? "an approval" : "a callback") +
          " until " + format_instant(*record.due_at));
  add_timer(record, *record.due_at, "timeout");
  save(std::move(record));
  if (wait.notify.empty()) return;
  const std::string prefix = route_.back().prefix;
  const BlockEnd told = run_block(wait.notify, 0, prefix, false);
  if (told.ended) static_cast<void>(close_block(wait.notify, told));
}

bool Deliberation::take_in(const Signal& fact) {
  const domain::Step* waiting = draft_.step(fact.path);
  if (waiting == nullptr || domain::is_final(waiting->status) || !go_to(fact.path)) return false;
  const auto* wait = std::get_if<language::WaitForStep>(&here().action);
  if (wait == nullptr) return false;
  const bool callback = fact.kind == Signal::Kind::kCallback;
  if (callback != (wait->kind == language::WaitForStep::Kind::kCallback)) return false;
  domain::Step record = *waiting;
  close_open_steps_within(here(), route_.back().prefix);  // nobody needs to be told any more
  drop_effects(fact.path);
  const std::string comment = record.sensitive ? std::string() : fact.comment;
  if (callback) {
    log(domain::LogLevel::kInfo, fact.path, "was called back " + took(record.started_at));
    succeed(std::move(record), fact.payload);
  } else if (fact.kind == Signal::Kind::kApprove) {
    log(domain::LogLevel::kInfo, fact.path, with_comment("approved by " + fact.by, comment));
    succeed(std::move(record), Json{{"decision", "approved"},
                                    {"by", fact.by},
                                    {"comment", fact.comment},
                                    {"at", format_instant(now_)}});
  } else {
    fail_step(std::move(record), {"approval_rejected", with_comment("rejected by " + fact.by, fact.comment), fact.path});
  }
  settled();
  return true;
}

void Deliberation::begin_child(const language::CallStep& call, domain::Step record) {
  auto inputs = evaluate_or_fail(call.with, record);
  if (!inputs) return;
  if (!keep_or_fail(*inputs, record)) return;
  domain::ChildRequest child{call.workflow, inputs->is_null() ? Json::object() : *std::move(inputs), call.wait};
  start_child(call, std::move(child), std::move(record), now_);
}

void Deliberation::start_child(const language::CallStep& call, domain::ChildRequest child, domain::Step record,
                               Instant due) {
  ++record.sends;
  record.status = domain::StepStatus::kWaiting;
  record.child = {};
  domain::Effect effect = effect_of(record, domain::EffectKind::kChild, due);
  effect.child = std::move(child);
  draft_.change.effects.push_back(std::move(effect));
  if (call.timeout && call.wait) {
    record.due_at = later(due, *call.timeout);
    add_timer(record, *record.due_at, "timeout");
  }
  save(std::move(record));
}

bool Deliberation::take_in(const ChildStarted& fact) {
  const domain::Effect* effect = expected(fact.effect, domain::EffectKind::kChild);
  if (effect == nullptr) return false;
  domain::Step record = *draft_.step(effect->path);
  if (record.child == fact.child) return false;  // told twice
  record.child = fact.child;
  log(domain::LogLevel::kInfo, effect->path,
      "called " + effect->child.workflow + ", version " + std::to_string(fact.version) + ": " + fact.child.str());
  if (effect->child.wait) {
    save(std::move(record));
    return true;
  }
  ++record.attempts;
  finish(effect->id);
  succeed(std::move(record), Json{{"execution", fact.child.str()}});
  settled();
  return true;
}

bool Deliberation::take_in(const ChildRefused& fact) {
  const domain::Effect* effect = expected(fact.effect, domain::EffectKind::kChild);
  if (effect == nullptr) return false;
  CallFailed failure;
  failure.failure_class = FailureClass::kRejected;
  failure.code = fact.code;
  failure.message = fact.message;
  failure.worth_retrying = false;
  finish(effect->id);
  child_failed(*effect, failure);
  return true;
}

bool Deliberation::take_in(const ChildEnded& fact) {
  const domain::Effect* effect = expected(fact.effect, domain::EffectKind::kChild);
  if (effect == nullptr) return false;
  domain::Step record = *draft_.step(effect->path);
  finish(effect->id);
  if (fact.status == domain::ExecutionStatus::kSucceeded) {
    ++record.attempts;
    record.child = fact.child;
    drop_effects(effect->path);
    if (fact.in_doubt) {  // of what it did beside its success
      note_child(execution(), *effect, true);
      if (!may_happen_twice(*effect)) put_in_doubt(execution(), effect->path);
    } else {
      execution().idempotency_keys.erase(effect->path);
    }
    draft_.change.attempts.push_back({effect->path, record.sends, began(*effect, record), now_, "succeeded", ""});
    log(domain::LogLevel::kInfo, effect->path, effect->child.workflow + " succeeded " + took(record.started_at));
    succeed(std::move(record), fact.outputs);
    settled();
    return true;
  }
  CallFailed failure;
  // It has an end, and so nothing of it is still to come.
  failure.failure_class = fact.in_doubt ? FailureClass::kUnknown : FailureClass::kNotSent;
  failure.code = "child_failed";
  failure.message = effect->child.workflow + " " + fact.child.str() + " " + std::string(status_name(fact.status));
  if (fact.error) {
    failure.message += ": " + (fact.error->step.empty() ? "" : fact.error->step + ": ") + fact.error->code + ": " +
                       fact.error->message;
  }
  note_child(execution(), *effect, true);
  child_failed(*effect, failure);
  return true;
}

/// Only a written `retry` calls again: the called workflow has retried what could be retried. Where something that it did
/// may have happened, calling it again could do that twice.
void Deliberation::child_failed(const domain::Effect& effect, CallFailed failure) {
  const auto& call = std::get<language::CallStep>(here().action);
  domain::Step record = *draft_.step(effect.path);
  if (record.sensitive) failure.message = kConcealed;  // it quotes what the child was given
  failure.message = shortened(std::move(failure.message));
  if (failure.failure_class == FailureClass::kUnknown && !may_happen_twice(effect)) put_in_doubt(execution(), effect.path);
  ++record.attempts;
  drop_effects(effect.path);
  draft_.change.attempts.push_back({effect.path, record.sends, began(effect, record), now_, failure.code, failure.message});
  RetryVerdict verdict{.code = failure.code, .message = failure.message};
  if (call.retry) verdict = judge(*call.retry, record, failure, execution().seed, now_);
  if (!verdict.again) {
    fail_step(std::move(record), {verdict.code, verdict.message, effect.path});
    settled();
    return;
  }
  record.error = domain::Failure{failure.code, failure.message, effect.path};
  log(domain::LogLevel::kWarn, effect.path,
      "try " + std::to_string(record.sends) + " failed: " + failure.code + ": " + failure.message + "; next try in " +
          format_duration(verdict.wait));
  start_child(call, effect.child, std::move(record), now_ + verdict.wait);
}

bool Deliberation::take_in(const TimerFired& fact) {
  const domain::Effect* effect = expected(fact.effect, domain::EffectKind::kTimer);
  if (effect == nullptr) return false;
  finish(effect->id);
  const std::string path = effect->path;
  domain::Step record = *draft_.step(path);
  const bool parked = effect->id.str().ends_with(kBegin);
  if ((parked || record.kind == "for-each") && overdue()) {
    time_out();
  } else if (parked) {
    begin_parked(path);
  } else if (const auto* loop = std::get_if<language::ForEachStep>(&here().action)) {
    run_rounds(*loop, path);
    if (domain::is_final(draft_.step(path)->status)) settled();
  } else if (const auto* call = std::get_if<language::CallStep>(&here().action)) {
    CallFailed late;
    late.failure_class = FailureClass::kUnknown;  // the child is cancelled, and may be in the middle of a call
    late.code = "timeout";
    late.message = call->workflow + " did not end within " + format_duration(call->timeout.value_or(Duration(0)));
    // The effect that the child hangs on is the other one of this step.
    for (const domain::Effect& other : draft_.before.effects) {
      if (other.path != path || other.kind != domain::EffectKind::kChild) continue;
      child_failed(other, late);
      break;
    }
  } else if (const auto* wait = std::get_if<language::WaitForStep>(&here().action)) {
    close_open_steps_within(here(), route_.back().prefix);
    if (wait->on_timeout == language::WaitForStep::OnTimeout::kContinue) {
      log(domain::LogLevel::kWarn, path, "nobody answered within " + format_duration(wait->timeout));
      succeed(std::move(record), Json{{"decision", "timed_out"}, {"timed_out", true}});
      // No payload of a callback can say this.
      domain::Step ended = *draft_.step(path);
      ended.error = domain::Failure{"wait_timed_out", "nobody answered within " + format_duration(wait->timeout), path};
      save(std::move(ended));
    } else {
      fail_step(std::move(record), {"wait_timed_out", "nobody answered within " + format_duration(wait->timeout), path});
    }
    settled();
  } else if (std::holds_alternative<language::SleepStep>(here().action)) {
    succeed(std::move(record), nullptr);
    settled();
  } else {
    time_out();  // a try that would have come after the workflow's time
  }
  return true;
}

}  // namespace ipaas::engine
