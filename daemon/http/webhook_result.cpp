#include "daemon/http/webhook_result.h"

#include <algorithm>
#include <atomic>

#include "core/engine/decide.h"
#include "core/security/json_masking.h"
#include "core/service/own_masking.h"
#include "daemon/http/envelope.h"
#include "daemon/http/percent.h"

namespace ipaas::daemon::http {
namespace {

/// Slack, Discord and most others have given up by then.
constexpr Duration kPatience = std::chrono::seconds(30);
constexpr int kBadGateway = 502;

Response failed(const ExecutionId& execution, std::string_view code, std::string_view message) {
  const Json error = {{"code", code}, {"message", message}, {"details", Json::array({{{"execution_id", execution.str()}}})}};
  Response response = refusal(kBadGateway, code, message);
  response.body = dump_json(error);
  return response;
}

Response failed(const domain::Execution& execution, const security::Masker& masker) {
  const bool cancelled = execution.status == domain::ExecutionStatus::kCancelled;
  if (!execution.error) return failed(execution.id, cancelled ? "cancelled" : "internal", cancelled ? "the execution was cancelled" : "the execution failed");
  return failed(execution.id, execution.error->code, masker.mask(execution.error->message));
}

bool is_field_text(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7F; });
}

Response body_of(int status, const std::optional<Json>& body, const security::Masker& masker) {
  if (!body) return empty(status);
  if (body->is_string()) return raw(status, "text/plain; charset=utf-8", masker.mask(body->get_ref<const std::string&>()));
  return raw(status, "application/json", dump_json(security::mask_json(masker, *body)));
}

Response shaped(const engine::ShapedAnswer& answer, const ExecutionId& execution, const security::Masker& masker) {
  Response response = body_of(answer.status, answer.body, masker);
  bool sniffs = true;
  for (const auto& [name, value] : answer.headers) {
    if (!is_field_text(value)) {
      return failed(execution, "expression_failed", "the header " + name + " of the answer would hold a control character");
    }
    if (equals_without_case(name, "content-type")) {
      response.content_type = value;
    } else {
      response.headers.emplace_back(name, masker.mask(value));
    }
    sniffs = sniffs && !equals_without_case(name, "x-content-type-options");
  }
  // A text of a stranger must not become a page of this origin.
  if (sniffs) response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

}  // namespace

struct ResultDesk::Caller {
  Wait wait;
  Responder responder;
  std::atomic<bool> answered{false};
  std::atomic<Notifier::Token> token{0};
};

Response answer_result(const domain::ExecutionSnapshot& ended, const language::Workflow& workflow,
                       const security::Masker& masker, Instant now) {
  const domain::Execution& execution = ended.execution;
  if (execution.status != domain::ExecutionStatus::kSucceeded) return failed(execution, masker);
  using Kind = language::WebhookAnswer::Kind;
  if (!workflow.webhook || workflow.webhook->answer.kind != Kind::kShaped) {
    return ok(security::mask_json(masker, execution.outputs));
  }
  const auto answer = engine::shape_answer(workflow, ended, now);
  if (!answer) return failed(execution.id, answer.error().code, masker.mask(answer.error().message));
  return shaped(*answer, execution.id, masker);
}

Response answer_still_running(const ExecutionId& execution) {
  return ok(Json{{"execution_id", execution.str()}, {"reason", "running"}}, 202);
}

Response answer_forgotten(const ExecutionId& execution) {
  return ok(Json{{"execution_id", execution.str()}, {"reason", "duplicate"}});
}

void ResultDesk::answer_later(Wait wait, Responder responder) {
  const auto caller = std::make_shared<Caller>(std::move(wait), std::move(responder));
  caller->responder.hold([this, weak = std::weak_ptr(caller)] {
    const auto gone = weak.lock();
    if (!gone || gone->answered.exchange(true)) return;
    parts_.notifier.unwatch(gone->token);
    if (gone->wait.cancel_when_gone) parts_.cancel(gone->wait.tenant, gone->wait.execution);
  });
  // The notifier keeps it alive; the timer, which stays until its time has come, must not.
  caller->token = parts_.notifier.watch_end(caller->wait.execution, [this, caller] { look(caller); });
  // Whoever answered before the token was known could not end the watch.
  if (caller->answered) parts_.notifier.unwatch(caller->token);
  parts_.at(parts_.clock.now() + kPatience, [this, weak = std::weak_ptr(caller)] {
    if (const auto patient = weak.lock()) answer(patient, answer_still_running(patient->wait.execution));
  });
  look(caller);  // it may have ended before the watch began
}

void ResultDesk::look(const std::shared_ptr<Caller>& caller) {
  parts_.workers.post([this, caller] {
    if (caller->answered) return;
    if (auto result = result_of(caller->wait)) answer(caller, *std::move(result));
  });
}

void ResultDesk::answer(const std::shared_ptr<Caller>& caller, Response response) const {
  if (caller->answered.exchange(true)) return;
  caller->responder.respond(std::move(response));
  parts_.notifier.unwatch(caller->token);
}

std::optional<Response> ResultDesk::result_of(const Wait& wait) const {
  auto reader = parts_.readers.borrow();
  const auto snapshot = reader ? (*reader)->execution(wait.tenant, wait.execution) : tl::unexpected(reader.error());
  // Who comes with what was sent long ago may find only its key.
  if (!snapshot && snapshot.error().kind == ErrorKind::kNotFound) return answer_forgotten(wait.execution);
  if (!snapshot) return error(snapshot.error());
  if (!domain::has_ended(snapshot->execution)) return std::nullopt;
  const auto definition =
      parts_.definitions.get(**reader, wait.tenant, snapshot->execution.workflow, snapshot->execution.version);
  if (!definition) return error(definition.error());
  const auto masker =
      service::masker_for(**reader, parts_.book.page(wait.tenant)->masker, wait.tenant, {wait.execution});
  if (!masker) return error(masker.error());
  return answer_result(*snapshot, **definition, *masker, parts_.clock.now());
}

}  // namespace ipaas::daemon::http
