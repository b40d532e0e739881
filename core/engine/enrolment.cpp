// What an execution carries from the first, and what it answers in the end.
#include "core/engine/decide.h"
#include "core/engine/scope.h"

namespace ipaas::engine {

void enrol(const language::Workflow& workflow, domain::ExecutionSnapshot& execution, Instant now) {
  domain::Execution& of = execution.execution;
  of.priority = workflow.priority;
  if (!workflow.concurrency) return;
  const Draft draft{execution, {of, {}, {}, {}, {}, {}}};
  const Route nowhere;
  Scope scope(workflow, draft, nowhere, now, nullptr);
  scope.turn_to("/concurrency/group");
  const Result<Json> group = workflow.concurrency->group.evaluate(scope, {});
  if (!group) return;
  of.group = language::to_text(*group);
  of.group_limit = workflow.concurrency->limit;
}

Result<ShapedAnswer> shape_answer(const language::Workflow& workflow, const domain::ExecutionSnapshot& execution,
                                  Instant now) {
  ShapedAnswer shaped;
  if (!workflow.webhook) return shaped;
  const language::WebhookAnswer& answer = workflow.webhook->answer;
  const Draft draft{execution, {execution.execution, {}, {}, {}, {}, {}}};
  const Route nowhere;
  Scope scope(workflow, draft, nowhere, now, nullptr);
  shaped.status = answer.status;
  for (const auto& [name, value] : answer.headers) {
    scope.turn_to("/respond/" + name);
    const Result<Json> text = value.evaluate(scope, {});
    if (!text) return tl::unexpected(text.error());
    shaped.headers.emplace_back(name, language::to_text(*text));
  }
  if (!answer.body) return shaped;
  scope.turn_to("/respond");
  Result<Json> body = answer.body->evaluate(scope, {});
  if (!body) return tl::unexpected(body.error());
  shaped.body = *std::move(body);
  return shaped;
}

}  // namespace ipaas::engine
