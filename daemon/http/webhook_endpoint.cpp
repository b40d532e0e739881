#include "daemon/http/webhook_endpoint.h"

#include "core/base/encoding.h"
#include "core/base/time_text.h"
#include "core/engine/admission.h"
#include "core/language/workflow_parser.h"
#include "core/security/digest.h"
#include "core/security/signature.h"
#include "daemon/http/envelope.h"
#include "daemon/http/webhook_body.h"

namespace ipaas::daemon::http {
namespace {

constexpr std::size_t kUsualBody = 1024 * 1024;
constexpr std::size_t kGithubBody = 25 * 1024 * 1024;
/// Larger bodies are parsed on a worker, so that the io thread stays free.
constexpr std::size_t kQuickBody = 64 * 1024;
constexpr engine::DecideLimits kQuick{{10'000, 1024 * 1024}};

/// The current secret and, while it is being replaced, the previous one.
std::vector<Secret> secrets_of(const connectors::CredentialFields& credential) {
  std::vector<Secret> secrets;
  for (const char* field : {"secret", "token", "previous"}) {
    const auto value = credential.fields.find(field);
    if (value != credential.fields.end() && value->is_string() && !value->get_ref<const std::string&>().empty()) {
      secrets.emplace_back(value->get<std::string>());
    }
  }
  return secrets;
}

security::VerifyRule rule_of(const language::WebhookOn& on) {
  security::VerifyRule rule;
  rule.scheme = security::scheme_from_name(on.scheme).value_or(security::Scheme::kNone);
  for (const auto& [key, value] : on.options) {
    if (key == "algorithm") rule.algorithm = value;
    if (key == "header") rule.header = value;
    if (key == "encoding") rule.encoding = value;
    if (key == "prefix") rule.prefix = value;
    if (key == "timestamp-header") rule.timestamp_header = value;
    if (key == "payload") rule.payload = value;
    if (key == "tolerance") rule.tolerance = parse_duration(value).value_or(rule.tolerance);
  }
  return rule;
}

/// One that is longer than this is kept as its digest.
constexpr std::size_t kLongestKey = 256;

std::string dedupe_key(std::string text) {
  if (text.size() <= kLongestKey) return text;
  return hex_encode(security::digest(security::Digest::kSha256, text).view());
}

std::string reason_only(std::string_view reason) {
  return R"({"execution_id":null,"reason":")" + std::string(reason) + "\"}";
}

/// Where the disk is and what is wrong with it is the operator's business.
Error for_strangers(const Error& error) {
  if (error.kind != ErrorKind::kUnavailable) return error;
  return {ErrorKind::kUnavailable, "the event cannot be stored now", "try again later"};
}

/// Slack shows whatever a slash command is answered, so it gets an empty 200; all others learn the execution.
Response answer(security::Scheme scheme, const service::Acceptance& acceptance) {
  if (scheme == security::Scheme::kSlack) return empty(200);
  if (acceptance.execution.empty()) return ok_text(reason_only("disabled"), 202);
  std::string data = R"({"execution_id":")" + acceptance.execution.str() + "\"";
  if (acceptance.duplicate) data += R"(,"reason":"duplicate")";
  return ok_text(data + "}", acceptance.duplicate ? 200 : 202);
}

/// Slack asks once whether the address is ours.
std::optional<Response> answer_challenge(security::Scheme scheme, const Json& body) {
  if (scheme != security::Scheme::kSlack || !body.is_object() || !body.contains("challenge") ||
      body.value("type", Json()) != "url_verification") {
    return std::nullopt;
  }
  const Json& challenge = body["challenge"];
  return raw(200, "text/plain", challenge.is_string() ? challenge.get<std::string>() : "");
}

}  // namespace

struct WebhookEndpoint::Delivery {
  const Request& request;  ///< valid while the responder has not answered
  Responder responder;
  TriggerIndex::TriggerPtr trigger;
  language::WorkflowPtr definition;
  security::VerifyRule rule;
};

std::vector<Route> WebhookEndpoint::routes() {
  const Handler handler = [this](const Request& request, Responder responder) { receive(request, std::move(responder)); };
  const auto limit = [this](const Request& request) { return body_limit(request); };
  return {
      {Method::kPost, "/api/webhooks/{workflow}", security::Permission::kPublic, handler, Doors::kBoth, limit},
      {Method::kPost, "/api/webhooks/{tenant}/{name}", security::Permission::kPublic, handler, Doors::kBoth, limit},
  };
}

TriggerIndex::TriggerPtr WebhookEndpoint::find(const Request& request) const {
  const std::string_view id = request.param("workflow");
  return id.empty() ? parts_.triggers.by_name(request.param("tenant"), request.param("name")) : parts_.triggers.by_id(id);
}

std::size_t WebhookEndpoint::body_limit(const Request& request) const {
  const auto trigger = find(request);
  const auto definition = trigger ? parts_.definitions.peek(trigger->workflow, trigger->version) : nullptr;
  // A workflow that has not been read yet is given the benefit of the doubt; handle() knows it then.
  if (trigger && !definition) return kGithubBody;
  return definition && definition->webhook && definition->webhook->scheme == "github" ? kGithubBody : kUsualBody;
}

void WebhookEndpoint::receive(const Request& request, Responder responder) {
  auto trigger = find(request);
  if (!trigger) {
    responder.respond(error({ErrorKind::kNotFound, "no webhook is at this path", "`ipaas webhook list` shows them"}));
    return;
  }
  auto definition = parts_.definitions.peek(trigger->workflow, trigger->version);
  auto delivery = std::make_shared<Delivery>(
      Delivery{request, std::move(responder), std::move(trigger), std::move(definition), {}});
  if (!delivery->definition || request.body.size() > kQuickBody) {
    move_to_worker(delivery);
  } else {
    handle(delivery, false);
  }
}

void WebhookEndpoint::move_to_worker(const std::shared_ptr<Delivery>& delivery) {
  parts_.workers.post([this, delivery] {
    if (!delivery->definition) {
      auto reader = parts_.readers.borrow();
      auto read = reader ? parts_.definitions.get(**reader, delivery->trigger->tenant, delivery->trigger->workflow,
                                                  delivery->trigger->version)
                         : tl::unexpected(reader.error());
      if (!read) {
        parts_.refused(*delivery->trigger, read.error());
        delivery->responder.respond(error({ErrorKind::kUnavailable, "the workflow cannot be read", "try again later"}));
        return;
      }
      delivery->definition = *std::move(read);
    }
    try {
      handle(delivery, true);
    } catch (const std::exception& failure) {
      parts_.refused(*delivery->trigger, {ErrorKind::kInternal, failure.what()});
      delivery->responder.respond(error({ErrorKind::kInternal, "internal error"}));
    }
  });
}

void WebhookEndpoint::handle(const std::shared_ptr<Delivery>& delivery, bool on_worker) {
  const engine::DecideLimits limits = on_worker ? engine::DecideLimits{} : kQuick;
  auto arrival = arrival_of(*delivery, limits.evaluation);
  if (!arrival && !on_worker && arrival.error().code == "budget_exceeded") {
    move_to_worker(delivery);
    return;
  }
  if (!arrival) {
    parts_.refused(*delivery->trigger, arrival.error());
    delivery->responder.respond(error(arrival.error()));
    return;
  }
  if (!*arrival) return;
  parts_.intake.accept(*std::move(*arrival), limits, [this, delivery](const Result<service::Acceptance>& accepted) {
    if (!accepted) {
      parts_.refused(*delivery->trigger, accepted.error());
      delivery->responder.respond(error(for_strangers(accepted.error())));
    } else {
      delivery->responder.respond(answer(delivery->rule.scheme, *accepted));
    }
  });
}

Result<void> WebhookEndpoint::verify(const Delivery& delivery) const {
  const language::WebhookOn& on = *delivery.definition->webhook;
  std::vector<Secret> secrets;
  if (!on.credential.empty()) {
    const auto page = parts_.book.page(delivery.trigger->tenant);
    const auto found = page->living.find(on.credential);
    if (found != page->living.end()) secrets = secrets_of(found->second);
  }
  auto verified = security::verify(delivery.rule, secrets, {delivery.request.body, delivery.request.headers},
                                   parts_.clock.now());
  if (verified) return verified;
  return fail(ErrorKind::kUnauthenticated, verified.error().message, verified.error().hint, verified.error().code);
}

Result<std::optional<service::Arrival>> WebhookEndpoint::arrival_of(Delivery& delivery,
                                                                    language::EvalLimits limits) const {
  if (!delivery.definition->webhook) return fail(ErrorKind::kNotFound, "no webhook is at this path");
  const language::WebhookOn& on = *delivery.definition->webhook;
  const Request& request = delivery.request;
  delivery.rule = rule_of(on);
  const std::size_t cap = delivery.rule.scheme == security::Scheme::kGithub ? kGithubBody : kUsualBody;
  if (request.body.size() > cap) {
    return fail(ErrorKind::kTooLarge, "the body is larger than " + std::to_string(cap) + " bytes");
  }
  if (auto verified = verify(delivery); !verified) return tl::unexpected(verified.error());

  auto body = parse_body(request.header("content-type").value_or(""), request.body, delivery.rule.scheme);
  if (!body) return tl::unexpected(body.error());
  if (auto challenged = answer_challenge(delivery.rule.scheme, body->value)) {
    delivery.responder.respond(*std::move(challenged));
    return std::nullopt;
  }
  const std::string id = delivery_id_of(delivery.rule.scheme, request, body->value);
  service::Arrival arrival;
  arrival.payload = event_payload(request, *std::move(body), id, parts_.clock.now());

  auto admission = engine::admit(on, arrival.payload.value, id, limits);
  if (!admission) return tl::unexpected(admission.error());
  if (admission->filtered) {
    delivery.responder.respond(delivery.rule.scheme == security::Scheme::kSlack ? empty(200)
                                                                                : ok_text(reason_only("filtered")));
    return std::nullopt;
  }
  arrival.tenant = delivery.trigger->tenant;
  arrival.workflow = delivery.trigger->workflow;
  arrival.workflow_name = delivery.trigger->workflow_name;
  arrival.version = delivery.trigger->version;
  arrival.enabled = delivery.trigger->enabled;
  arrival.definition = delivery.definition;
  arrival.trigger = domain::TriggerKind::kWebhook;
  arrival.inputs = language::default_inputs(delivery.definition->inputs);
  if (!admission->dedupe.empty()) arrival.dedupe_key = dedupe_key(std::move(admission->dedupe));
  return std::optional(std::move(arrival));
}

}  // namespace ipaas::daemon::http
