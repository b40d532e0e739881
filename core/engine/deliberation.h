// One decision in the making.
#pragma once

#include <string>

#include "core/engine/decide.h"
#include "core/engine/scope.h"

namespace ipaas::engine {

/// Gathers the change that follows from one fact: the execution before it stays untouched, the change grows.
class Deliberation {
 public:
  Deliberation(const language::Workflow& workflow, const domain::ExecutionSnapshot& before, Instant now,
               const DecideLimits& limits);

  void begin();
  void call_succeeded(const domain::Effect& effect, const Json& outputs);
  void call_failed(const domain::Effect& effect, const CallFailed& failure);
  void cancel(const std::string& by);
  void break_off(const std::string& what);

  [[nodiscard]] Decision take() &&;

 private:
  /// Runs steps in order until one has to wait for an answer, or the execution ends.
  void proceed();
  [[nodiscard]] bool wanted(const language::Step& step, domain::Step& record);
  void run(const language::Step& step, domain::Step record);
  void start_call(const language::Step& step, const language::UsesStep& uses, domain::Step record);
  void send(const domain::CallRequest& call, domain::Step record, Instant due);
  void succeed(domain::Step record, Json outputs);
  void fail_step(const language::Step& step, domain::Step record, domain::Failure failure);
  void finish();
  void end(domain::ExecutionStatus status);
  void close_open_steps(domain::StepStatus status);

  template <typename Evaluable>
  [[nodiscard]] Result<Json> evaluate(const Evaluable& expression);

  [[nodiscard]] const domain::Step* record_of(std::string_view path) const;
  [[nodiscard]] const language::Step* step_at(std::string_view path) const;
  void save(domain::Step record);
  void log(domain::LogLevel level, std::string_view path, std::string text);
  [[nodiscard]] std::string took(Instant since) const;

  const language::Workflow& workflow_;
  const domain::ExecutionSnapshot& before_;
  const Instant now_;
  const DecideLimits& limits_;
  Scope scope_;
  Decision decision_;
  domain::ExecutionChange& change_ = decision_.change;
};

}  // namespace ipaas::engine
