#include "core/engine/deliberation.h"

#include <algorithm>

#include "core/base/time_text.h"
#include "core/engine/doubt.h"
#include "core/engine/evaluate.h"
#include "core/engine/keeping.h"

namespace ipaas::engine {
namespace {

/// An output may be used by the next step, whose output may be used by the next: the depth has to end somewhere.
constexpr std::size_t kOutputDepth = 128;

}  // namespace

Deliberation::Deliberation(const language::Workflow& workflow, const domain::ExecutionSnapshot& before, Instant now,
                           const DecideLimits& limits)
    : workflow_(workflow),
      now_(now),
      limits_(limits),
      draft_{before, {}},
      scope_(workflow, draft_, route_, now, limits.links),
      kept_(limits.kept) {
  draft_.change.execution = before.execution;
  ++draft_.change.execution.revision;
}

Decision Deliberation::take() && {
  keep_time();
  return {std::move(draft_.change), over_budget_, scope_.take_masked()};
}

bool Deliberation::take_in(const Begin&) {
  domain::Execution& begun = execution();
  if (begun.status != domain::ExecutionStatus::kQueued) return false;
  begun.status = domain::ExecutionStatus::kRunning;
  begun.started_at = now_;
  begin_without_doubt(begun);
  for (const domain::Effect& effect : draft_.before.effects) finish(effect.id);
  log(domain::LogLevel::kInfo, "",
      "started by " + std::string(trigger_name(begun.trigger)) + " " + begun.event.str() + ", version " +
          std::to_string(begun.version));
  if (workflow_.concurrency) {
    // Which group it is was found out when it was accepted; what is left to say is why that may have failed.
    scope_.turn_to("/concurrency/group");
    if (const auto group = evaluate(workflow_.concurrency->group); !group) {
      main_ended(domain::Failure{"expression_failed", "concurrency group: " + group.error().message, ""});
      return true;
    }
  }
  const BlockEnd end = run_block(workflow_.steps, 0, "", false);
  if (end.ended) phase_ended(end);
  return true;
}

bool Deliberation::take_in(const GroupFull& fact) {
  using OnLimit = language::Concurrency::OnLimit;
  if (execution().status != domain::ExecutionStatus::kQueued || !workflow_.concurrency) return false;
  const language::Concurrency& concurrency = *workflow_.concurrency;
  const bool full = concurrency.queue_limit && fact.queued_before >= *concurrency.queue_limit;
  if (concurrency.on_limit != OnLimit::kSkip && !full && !fact.too_long) return false;
  const std::string why = full            ? "queue-limit " + std::to_string(*concurrency.queue_limit) + " is reached"
                          : fact.too_long ? "nobody has left it for too long, and its caller has a slot that others wait for"
                                          : "limit " + std::to_string(concurrency.limit) + " is reached";
  execution().error = domain::Failure{"concurrency_skipped", "the concurrency group has no room: " + why, ""};
  log(domain::LogLevel::kWarn, "", "skipped: the concurrency group has no room: " + why);
  end(domain::ExecutionStatus::kCancelled);
  return true;
}

bool Deliberation::take_in(const Cancel& fact) {
  domain::Execution& cancelled = execution();
  const bool already = cancelled.status == domain::ExecutionStatus::kCancelled;
  if (already != fact.finally) return false;
  if (already) {
    log(domain::LogLevel::kWarn, "", "finally was cancelled by " + fact.by);
    close_open_steps(domain::StepStatus::kCancelled);
    conclude();
    return true;
  }
  const bool queued = cancelled.status == domain::ExecutionStatus::kQueued;
  cancelled.status = domain::ExecutionStatus::kCancelled;
  cancelled.error = domain::Failure{"cancelled", "cancelled by " + fact.by, ""};
  cancelled.outputs = nullptr;
  log(domain::LogLevel::kWarn, "", "cancelled by " + fact.by);
  if (cancelled.phase == domain::Phase::kFinally) return true;  // it runs to its end
  close_open_steps(domain::StepStatus::kCancelled);
  if (queued) {
    end(domain::ExecutionStatus::kCancelled);
  } else {
    enter_finally();
  }
  return true;
}

/// Without handlers: whatever broke could break them as well, and then nothing would ever end.
bool Deliberation::take_in(const Broke& fact) {
  close_open_steps(domain::StepStatus::kFailed);
  execution().error = domain::Failure{fact.code, shortened(fact.what), ""};
  log(domain::LogLevel::kError, "", "failed: " + fact.code + ": " + fact.what);
  end(execution().status == domain::ExecutionStatus::kCancelled ? domain::ExecutionStatus::kCancelled
                                                                : domain::ExecutionStatus::kFailed);
  return true;
}

void Deliberation::settled() {
  if (overdue()) {
    time_out();
  } else {
    go_on();
  }
}

void Deliberation::succeed(domain::Step record, Json outputs) {
  if (json_depth(outputs) > kOutputDepth) {
    const std::string path = record.path;
    fail_step(std::move(record),
              {"expression_failed", "the outputs are nested more than " + std::to_string(kOutputDepth) + " levels deep",
               path});
    return;
  }
  if (!keep_or_fail(outputs, record)) return;
  record.status = domain::StepStatus::kSucceeded;
  record.ended_at = now_;
  record.outputs = std::move(outputs);
  record.error.reset();
  save(std::move(record));
}

/// The route leads to the step.
void Deliberation::fail_step(domain::Step record, domain::Failure failure) {
  const bool softened = here().continue_on_error;
  record.status = domain::StepStatus::kFailed;
  record.softened = softened;
  record.ended_at = now_;
  record.outputs = nullptr;
  // What failed inside of it has been concealed where that was sensitive.
  const bool own = failure.step == record.path || failure.step.empty();
  failure.message = record.sensitive && own ? std::string(kConcealed) : shortened(std::move(failure.message));
  const std::string inside = own ? "" : failure.step + ": ";
  log(softened ? domain::LogLevel::kWarn : domain::LogLevel::kError, record.path,
      "failed: " + inside + failure.code + ": " + failure.message + (softened ? " (continue-on-error)" : ""));
  record.error = std::move(failure);
  save(std::move(record));
}

std::size_t& Deliberation::kept() {
  if (!kept_) kept_ = kept_bytes(draft_.before);
  return *kept_;
}

bool Deliberation::keep_or_fail(const Json& value, const domain::Step& record) {
  const std::size_t bytes = kept_bytes(value);
  if (bytes > 0 && kept() + bytes > kMostKept) {
    fail_step(record, {"response_too_large",
                       "with these " + std::to_string(bytes) + " bytes the execution would keep more than " +
                           std::to_string(kMostKept >> 20U) + " MiB of what its steps make",
                       record.path});
    return false;
  }
  if (bytes > 0) kept() += bytes;
  made_ += bytes;
  return true;
}

const domain::Effect* Deliberation::expected(const EffectId& id, domain::EffectKind kind) {
  const domain::Effect* effect = draft_.before.effects.find(id.str());
  return effect != nullptr && effect->kind == kind && go_to(effect->path) ? effect : nullptr;
}

bool Deliberation::go_to(std::string_view path) {
  auto route = find_route(workflow_, path);
  if (!route || draft_.step(path) == nullptr) return false;
  route_ = *std::move(route);
  return true;
}

domain::Effect Deliberation::effect_of(const domain::Step& record, domain::EffectKind kind, Instant due) const {
  const domain::Execution& of = draft_.change.execution;
  domain::Effect effect = domain::effect_of(of, kind, due);
  effect.id = EffectId(of.id.str() + "/" + record.path + "/" + std::to_string(record.sends));
  effect.path = record.path;
  return effect;
}

void Deliberation::log(domain::LogLevel level, std::string_view path, std::string text) {
  draft_.change.logs.push_back({std::string(path), level, now_, shortened(std::move(text))});
}

std::string Deliberation::took(Instant since) const {
  return "in " + format_duration(std::max(now_ - since, Duration(0)));
}

}  // namespace ipaas::engine
