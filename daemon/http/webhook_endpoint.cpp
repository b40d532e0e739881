#include "daemon/http/webhook_endpoint.h"

#include <algorithm>

#include "core/base/encoding.h"
#include "core/base/time_text.h"
#include "core/engine/admission.h"
#include "core/language/workflow_parser.h"
#include "core/security/digest.h"
#include "core/security/signature.h"
#include "core/service/webhook_verification.h"
#include "daemon/http/envelope.h"
#include "daemon/http/webhook_answers.h"
#include "daemon/http/webhook_body.h"

namespace ipaas::daemon::http {
namespace {

constexpr std::size_t kGithubBody = 25 * 1024 * 1024;
/// Larger bodies are parsed on a worker, so that the io thread stays free.
constexpr std::size_t kQuickBody = 64 * 1024;
/// What it leaves undone is decided on a worker as well.
constexpr engine::DecideLimits kQuick{
    .evaluation = {10'000, 1024 * 1024}, .steps = 64, .operations = 50'000, .bytes = 1024 * 1024};

/// One that is longer than this is kept as its digest.
constexpr std::size_t kLongestKey = 256;

std::string dedupe_key(std::string text) {
  if (text.size() <= kLongestKey) return text;
  return hex_encode(security::digest(security::Digest::kSha256, text).view());
}

const std::string kNowhere = "no webhook is at this path";

Result<void> check_address(const language::WebhookOn& on, const Request& request) {
  const auto& from = on.allow_from;
  const auto holds = [&](const IpNetwork& network) { return network.contains(request.client_address); };
  if (from.empty() || std::any_of(from.begin(), from.end(), holds)) return {};
  return fail(ErrorKind::kForbidden, "this address may not send here", {}, "address_refused");
}

/// What is wrong with us is in the operator's log.
bool is_senders_fault(const Error& error) {
  return error.kind != ErrorKind::kUnavailable && error.kind != ErrorKind::kInternal && error.kind != ErrorKind::kDraining;
}

Error over_limit(std::size_t cap) {
  return {ErrorKind::kTooLarge, "the body is larger than " + std::to_string(cap) + " bytes", {}, "too_large"};
}

/// Reading a public key and verifying with it takes longer than all else together, and strangers can ask for it.
bool is_costly(const language::Workflow& definition, const Request& request) {
  const auto scheme = definition.webhook ? security::scheme_from_name(definition.webhook->scheme) : std::nullopt;
  return scheme && security::is_costly(*scheme, {request.body, request.headers});
}

std::string_view told_strangers(const Error& error) {
  return error.code == "public_url_missing" ? "this webhook is not set up yet" : "the event cannot be stored now";
}

}  // namespace

struct WebhookEndpoint::Delivery {
  const Request& request;  ///< valid while the responder has not answered
  Responder responder;
  bool has_token;
  TriggerIndex::TriggerPtr trigger;
  language::WorkflowPtr definition;
  security::VerifyRule rule;
};

std::vector<Route> WebhookEndpoint::routes() {
  const Handler handler = [this](const Request& request, Responder responder) { receive(request, std::move(responder)); };
  const auto opens = [this](const Request& request) { return gate(request); };
  const auto large = [this](const Request& request) { too_large(request); };
  std::vector<Route> routes;
  // The second may be a workflow's id and a token as well.
  for (const char* path : {"/api/webhooks/{workflow}", "/api/webhooks/{tenant}/{name}", "/api/webhooks/{tenant}/{name}/{token}"}) {
    for (const Method method : {Method::kPost, Method::kGet}) {
      routes.push_back({method, path, security::Permission::kPublic, handler, Doors::kBoth, opens, large});
    }
  }
  return routes;
}

WebhookEndpoint::Place WebhookEndpoint::find(const Request& request) const {
  const std::string_view id = request.param("workflow");
  if (!id.empty()) return {parts_.triggers.by_id(id), false};
  const bool third = !request.param("token").empty();
  auto named = parts_.triggers.by_name(request.param("tenant"), request.param("name"));
  if (named || third) return {std::move(named), third};
  return {parts_.triggers.by_id(request.param("tenant")), true};
}

std::size_t WebhookEndpoint::limit_of(const language::WebhookOn& on) const {
  const std::size_t usual = on.scheme == "github" ? kGithubBody : parts_.usual_body;
  return std::min(on.max_body.value_or(usual), parts_.largest_body);
}

Result<Passage> WebhookEndpoint::gate(const Request& request) const {
  auto place = std::make_shared<Place>(find(request));
  const language::Workflow* definition = place->trigger ? place->trigger->definition.get() : nullptr;
  // A workflow that could not be read is tried again by the handler, with no more than the usual.
  if (definition == nullptr || !definition->webhook) return Passage{parts_.usual_body, std::move(place)};
  if (auto open = check_address(*definition->webhook, request); !open) {
    turned_away(*place->trigger, open.error());
    return tl::unexpected(open.error());
  }
  return Passage{limit_of(*definition->webhook), std::move(place)};
}

void WebhookEndpoint::too_large(const Request& request) const {
  const Place& place = *static_cast<const Place*>(request.found.get());
  if (!place.trigger || !place.trigger->definition || !place.trigger->definition->webhook) return;
  turned_away(*place.trigger, over_limit(limit_of(*place.trigger->definition->webhook)));
}

void WebhookEndpoint::receive(const Request& request, Responder responder) {
  const Place& place = *static_cast<const Place*>(request.found.get());
  if (!place.trigger) {
    responder.respond(error({ErrorKind::kNotFound, kNowhere, "`ipaas webhook list` shows them"}));
    return;
  }
  auto delivery = std::make_shared<Delivery>(
      Delivery{request, std::move(responder), place.has_token, place.trigger, place.trigger->definition, {}});
  if (!delivery->definition || request.body.size() > kQuickBody || is_costly(*delivery->definition, request)) {
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
        turned_away(*delivery->trigger, read.error());
        delivery->responder.respond(error({ErrorKind::kUnavailable, "the workflow cannot be read", "try again later"}));
        return;
      }
      delivery->definition = *std::move(read);
    }
    try {
      handle(delivery, true);
    } catch (const std::exception& failure) {
      turned_away(*delivery->trigger, {ErrorKind::kInternal, failure.what()});
      delivery->responder.respond(error({ErrorKind::kInternal, "internal error"}));
    }
  });
}

void WebhookEndpoint::note(const Webhook& webhook, domain::Delivery delivery) const {
  delivery.tenant = webhook.tenant;
  delivery.workflow = webhook.workflow;
  parts_.deliveries.note(std::move(delivery));
}

void WebhookEndpoint::turned_away(const Webhook& webhook, const Error& why) const {
  parts_.refused(webhook, why);
  if (!is_senders_fault(why)) return;
  domain::Delivery delivery;
  delivery.fate = domain::Delivery::Fate::kRefused;
  delivery.code = why.code.empty() ? std::string(api_code(why.kind)) : why.code;
  delivery.reason = why.message;
  note(webhook, std::move(delivery));
}

void WebhookEndpoint::refuse(Delivery& delivery, const Error& why) const {
  turned_away(*delivery.trigger, why);
  Response response = error(for_strangers(why, told_strangers(why)));
  if (response.status == 401) add_challenge(delivery.rule.scheme, response);
  delivery.responder.respond(std::move(response));
}

void WebhookEndpoint::handle(const std::shared_ptr<Delivery>& delivery, bool on_worker) {
  if (auto admitted = admit(*delivery); !admitted) return refuse(*delivery, admitted.error());
  if (delivery->request.method != Method::kPost) {
    auto confirmed = confirm(*delivery);
    return confirmed ? delivery->responder.respond(*std::move(confirmed)) : refuse(*delivery, confirmed.error());
  }
  const engine::DecideLimits limits = on_worker ? engine::DecideLimits{} : kQuick;
  auto arrival = arrival_of(*delivery, limits.evaluation);
  if (!arrival && !on_worker && arrival.error().code == "budget_exceeded") {
    move_to_worker(delivery);
    return;
  }
  if (!arrival) return refuse(*delivery, arrival.error());
  if (!*arrival) return;
  parts_.intake.accept(*std::move(*arrival), limits, [this, delivery](const Result<service::Acceptance>& acceptance) {
    acceptance ? accepted(*delivery, *acceptance) : refuse(*delivery, acceptance.error());
  });
}

void WebhookEndpoint::accepted(Delivery& delivery, const service::Acceptance& acceptance) const {
  const language::WebhookOn& on = *delivery.definition->webhook;
  if (acceptance.duplicate) {
    domain::Delivery duplicate;
    duplicate.fate = domain::Delivery::Fate::kDuplicate;
    duplicate.execution = acceptance.execution;
    note(*delivery.trigger, std::move(duplicate));
  }
  if (on.answer.kind == language::WebhookAnswer::Kind::kAccepted || acceptance.execution.empty()) {
    delivery.responder.respond(answer(delivery.rule.scheme, acceptance));
    return;
  }
  // Who sends something twice has not started it, and cancels nothing by going away.
  const bool cancel = !acceptance.duplicate && !on.continue_on_disconnect;
  parts_.results.answer_later({delivery.trigger->tenant, acceptance.execution, cancel}, std::move(delivery.responder));
}

Result<void> WebhookEndpoint::admit(Delivery& delivery) const {
  if (!delivery.definition->webhook) return fail(ErrorKind::kNotFound, kNowhere);
  const language::WebhookOn& on = *delivery.definition->webhook;
  delivery.rule = service::verify_rule(on);
  if (delivery.has_token && delivery.rule.scheme != security::Scheme::kUrlToken) return fail(ErrorKind::kNotFound, kNowhere);
  if (auto allowed = check_address(on, delivery.request); !allowed) return allowed;
  const std::size_t cap = limit_of(on);
  return delivery.request.body.size() <= cap ? Result<void>() : tl::unexpected(over_limit(cap));
}

std::shared_ptr<const Json> WebhookEndpoint::credential_of(const Delivery& delivery) const {
  static const auto kNothing = std::make_shared<const Json>(Json::object());
  const auto page = parts_.book.page(delivery.trigger->tenant);
  const auto found = page->living.find(delivery.definition->webhook->credential);
  return found == page->living.end() ? kNothing : std::shared_ptr<const Json>(page, &found->second.fields);
}

Result<void> WebhookEndpoint::verify(const Delivery& delivery) const {
  const Request& request = delivery.request;
  const auto secrets = service::verify_secrets(delivery.rule, *credential_of(delivery));
  std::string url = parts_.public_url + std::string(request.path);
  if (!request.query_text.empty()) url.append("?").append(request.query_text);
  return security::verify(delivery.rule, secrets, {request.body, request.headers, url}, parts_.clock.now());
}

Result<Response> WebhookEndpoint::confirm(const Delivery& delivery) const {
  // Elsewhere the path is no secret, and the sender cannot sign a GET yet.
  if (delivery.rule.scheme == security::Scheme::kUrlToken) {
    if (auto verified = verify(delivery); !verified) return tl::unexpected(verified.error());
  }
  return confirm_subscription(delivery.request, service::subscription_token(*credential_of(delivery)));
}

Result<std::optional<service::Arrival>> WebhookEndpoint::arrival_of(Delivery& delivery,
                                                                    language::EvalLimits limits) const {
  const language::WebhookOn& on = *delivery.definition->webhook;
  const Request& request = delivery.request;
  if (auto verified = verify(delivery); !verified) return tl::unexpected(verified.error());

  auto body = parse_body(request.header("content-type").value_or(""), request.body, delivery.rule.scheme);
  if (!body) return tl::unexpected(body.error());
  if (auto challenged = answer_challenge(delivery.rule.scheme, body->value)) {
    delivery.responder.respond(*std::move(challenged));
    return std::nullopt;
  }
  const std::string id = delivery_id_of(delivery.rule.scheme, request, body->value);
  service::Arrival arrival;
  arrival.payload = event_payload(request, *std::move(body), id, parts_.clock.now(), delivery.rule.scheme);

  auto admission = engine::admit(on, arrival.payload.value, id, limits);
  if (!admission) return tl::unexpected(admission.error());
  if (admission->filtered) {
    domain::Delivery filtered;
    filtered.fate = domain::Delivery::Fate::kFiltered;
    note(*delivery.trigger, std::move(filtered));
    delivery.responder.respond(answer_filtered(delivery.rule.scheme));
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
