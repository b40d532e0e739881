#include "core/connectors/manifest_connector.h"

#include <algorithm>

#include "core/connectors/action_inputs.h"
#include "core/connectors/http_credential.h"
#include "core/connectors/http_date.h"
#include "core/connectors/manifest_request.h"
#include "core/connectors/reply_failure.h"
#include "core/connectors/reply_view.h"

namespace ipaas::connectors {
namespace {

using Class = Interpretation::Class;
using ReasonClass = ManifestErrors::Class;
using language::JsonContext;
using language::TemplateTree;

std::string full_name(const ManifestAction& action) { return action.info.connector + "/" + action.info.name; }

Interpretation broken_manifest(const ManifestAction& action, const Error& error) {
  Interpretation meaning;
  meaning.code = "expression_failed";
  meaning.message = full_name(action) + ": the answer could not be read: " + error.message;
  return meaning;
}

Result<bool> is_success(const ManifestAction& action, const HttpReply& reply, const Json& view) {
  if (!action.success) return reply.status >= 200 && reply.status < 300;
  const auto value = action.success->evaluate(JsonContext(view));
  if (!value) return tl::unexpected(value.error());
  return language::is_truthy(*value);
}

/// A template of the errors. It must not hide the failure that it describes, so its own failure is nothing.
Json describe(const std::optional<TemplateTree>& tree, const Json& view) {
  if (!tree) return {};
  auto value = tree->evaluate(JsonContext(view), {});
  return value ? std::move(*value) : Json();
}

void apply_class(Interpretation& meaning, ReasonClass reason_class) {
  meaning.code = reason_class == ReasonClass::kCredentialRefused ? "credential_refused" : "rejected";
  meaning.failure_class = reason_class == ReasonClass::kDeferred  ? Class::kDeferred
                          : reason_class == ReasonClass::kUnknown ? Class::kUnknown
                                                                  : Class::kRejected;
  meaning.worth_retrying = reason_class == ReasonClass::kDeferred || reason_class == ReasonClass::kUnknown;
}

Interpretation failure(const ManifestAction& action, const domain::CallRequest& request, const HttpReply& reply,
                       const Json& view, Instant now) {
  auto meaning = failure_of_status(reply, now, !request.credential.empty());
  const auto& errors = action.errors;
  const auto reason = scalar_text(describe(errors.reason, view)).value_or("");
  if (const auto known = errors.classes.find(reason); known != errors.classes.end()) apply_class(meaning, known->second);
  const Json wait = describe(errors.retry_after, view);
  if (wait.is_number() && !meaning.retry_after) meaning.retry_after = bounded_wait(wait.get<double>());
  const auto message = scalar_text(describe(errors.message, view)).value_or(reason);
  meaning.message = message.empty() ? failure_message(full_name(action), view)
                                    : failure_message(full_name(action), view, message);
  return meaning;
}

}  // namespace

ManifestConnector::ManifestConnector(Manifest manifest) : manifest_(std::move(manifest)) {
  for (const auto& action : manifest_.actions) actions_.push_back(action.info);
}

const ManifestAction* ManifestConnector::find_action(std::string_view action) const {
  const auto found = std::find_if(manifest_.actions.begin(), manifest_.actions.end(),
                                  [&](const ManifestAction& one) { return one.info.name == action; });
  return found == manifest_.actions.end() ? nullptr : &*found;
}

Result<HttpCall> ManifestConnector::prepare(const domain::CallRequest& request,
                                            const std::optional<CredentialFields>& credential) const {
  const auto* action = find_action(request.action);
  if (action == nullptr) {
    return fail(ErrorKind::kInvalid, "the connector " + manifest_.name + " has no such action",
                "see ipaas connector get " + manifest_.name, "input_invalid");
  }
  if (const auto present = check_presence(request, credential); !present) return tl::unexpected(present.error());
  const auto inputs = bind_action_inputs(action->info, request.inputs);
  if (!inputs) return tl::unexpected(inputs.error());
  auto call = build_manifest_call(manifest_, *action, *inputs, credential, request.idempotency_key);
  if (call && request.timeout > Duration::zero()) call->timeout = request.timeout;
  return call;
}

Interpretation ManifestConnector::interpret(const domain::CallRequest& request, const HttpReply& reply,
                                            Instant now) const {
  const auto* action = find_action(request.action);
  if (action == nullptr) return {.code = "internal", .message = "the action does not exist any more"};
  Json view = reply_view(reply);
  view["inputs"] = request.inputs.is_object() ? request.inputs : Json::object();
  const auto succeeded = is_success(*action, reply, view);
  if (!succeeded) return broken_manifest(*action, succeeded.error());
  if (!*succeeded) return failure(*action, request, reply, view, now);
  if (!action->outputs) return {.outputs = std::move(view["body"])};
  auto outputs = action->outputs->evaluate(JsonContext(view), {});
  if (!outputs) return broken_manifest(*action, outputs.error());
  return {.outputs = std::move(*outputs)};
}

bool ManifestConnector::repeatable(const domain::CallRequest& request) const {
  const auto* action = find_action(request.action);
  return action != nullptr && action->request.idempotent;
}

}  // namespace ipaas::connectors
