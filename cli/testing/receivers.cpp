#include "cli/testing/receivers.h"

#include "core/base/letter_case.h"
#include "core/connectors/action_inputs.h"
#include "core/engine/testing/mock_error.h"
#include "core/security/signature.h"

namespace ipaas::cli {
namespace {

engine::FailureClass class_of(connectors::Interpretation::Class kind) {
  using Class = connectors::Interpretation::Class;
  switch (kind) {
    case Class::kRejected:
      return engine::FailureClass::kRejected;
    case Class::kDeferred:
      return engine::FailureClass::kDeferred;
    case Class::kUnknown:
      break;
  }
  return engine::FailureClass::kUnknown;
}

}  // namespace

std::optional<engine::CallFailed> BuiltInReceivers::refusal(const domain::CallRequest& call) const {
  const language::ActionInfo* const action = catalog_.action(call.connector, call.action);
  const connectors::Connector* const connector = catalog_.find(call.connector);
  if (action == nullptr || connector == nullptr) return std::nullopt;  // the parser has refused it
  std::optional<Error> error;
  // Only a call without a credential can be prepared whole: a test has no secrets.
  if (const auto inputs = connectors::bind_action_inputs(*action, call.inputs); !inputs) {
    error = inputs.error();
  } else if (call.credential.empty()) {
    if (const auto prepared = connector->prepare(call, std::nullopt); !prepared) error = prepared.error();
  }
  if (!error) return std::nullopt;
  return engine::testing::call_failure(error->code.empty() ? "input_invalid" : error->code, error->message, {}, false);
}

bool BuiltInReceivers::repeatable(const domain::CallRequest& call) const {
  const connectors::Connector* const connector = catalog_.find(call.connector);
  return connector != nullptr && connector->repeatable(call);
}

std::variant<Json, engine::CallFailed> BuiltInReceivers::interpret(const domain::CallRequest& call,
                                                                   const engine::testing::MockReply& reply,
                                                                   Instant now) const {
  const connectors::Connector& connector = *catalog_.find(call.connector);
  connectors::Interpretation meaning = connector.interpret(call, {reply.status, reply.headers, reply.body}, now);
  if (meaning.outputs) return *std::move(meaning.outputs);
  engine::CallFailed failure;
  failure.failure_class = class_of(meaning.failure_class);
  failure.code = std::move(meaning.code);
  failure.message = std::move(meaning.message);
  failure.retry_after = meaning.retry_after;
  failure.repeatable = connector.repeatable(call);
  failure.worth_retrying = meaning.worth_retrying;
  return failure;
}

std::string BuiltInReceivers::delivery_id(const std::string& scheme, const Json& headers, const Json& body) const {
  const auto known = security::scheme_from_name(scheme);
  if (!known) return {};
  const security::DeliveryId where = security::delivery_id(*known);
  const auto header = headers.find(lower_case(where.header));
  if (!where.header.empty() && header != headers.end()) return header->get<std::string>();
  for (const std::string_view key : where.body_keys) {
    if (!body.is_object()) break;
    const auto found = body.find(std::string(key));
    if (found != body.end() && found->is_string()) return found->get<std::string>();
  }
  return {};
}

}  // namespace ipaas::cli
