#include "daemon/runtime/call_runner.h"

#include "core/connectors/url.h"

namespace ipaas::daemon {
namespace {

engine::CallFailed refused_here(const domain::Effect& effect, std::string code, std::string message) {
  return {.effect = effect.id,
          .failure_class = engine::FailureClass::kNotSent,
          .code = std::move(code),
          .message = std::move(message),
          .retry_after = {},
          .repeatable = false,
          .worth_retrying = false};
}

engine::FailureClass class_of(connectors::Interpretation::Class kind) {
  using Class = connectors::Interpretation::Class;
  switch (kind) {
    case Class::kRejected: return engine::FailureClass::kRejected;
    case Class::kDeferred: return engine::FailureClass::kDeferred;
    case Class::kUnknown: break;
  }
  return engine::FailureClass::kUnknown;
}

/// Answers that say that the service behind an address is not there; and so does most of what has no answer.
resilience::CircuitBreaker::End end_of(const HttpOutcome& outcome) {
  using enum resilience::CircuitBreaker::End;
  if (outcome) return outcome->status >= 500 || outcome->status == 408 || outcome->status == 425 ? kDown : kAnswered;
  for (const std::string_view down : {"connect_failed", "tls_failed", "dns_failed", "timeout", "reset"}) {
    if (outcome.error().code == down) return kDown;
  }
  return outcome.error().code == "response_too_large" ? kAnswered : kUnknown;
}

std::string host_of(const connectors::HttpCall& call) {
  const auto url = connectors::parse_url(call.url.empty() ? call.credential_url.reveal() : std::string_view(call.url));
  return url ? url->host + ":" + std::to_string(url->port) : "";
}

engine::CallFailed left_alone(const domain::Effect& effect, Duration wait) {
  return {.effect = effect.id,
          .failure_class = engine::FailureClass::kDeferred,
          .code = "deferred",
          .message = "not sent: the destination has failed several times in a row and is left alone for a while",
          .retry_after = wait,
          .repeatable = true,
          .worth_retrying = true};
}

/// Would the very same request fail in the same way again?
bool is_lasting(std::string_view code) {
  return code == "egress_blocked" || code == "input_invalid" || code == "response_too_large";
}

}  // namespace

PreparedCall CallRunner::prepare(const domain::Effect& effect) const {
  const connectors::Connector* connector = parts_.catalog.find(effect.call.connector);
  if (connector == nullptr) {
    return {nullptr, refused_here(effect, "input_invalid", "this version has no connector '" + effect.call.connector + "'")};
  }
  std::optional<connectors::CredentialFields> credential;
  const auto page = parts_.book.page(effect.tenant);
  if (!effect.call.credential.empty()) {
    const auto found = page->living.find(effect.call.credential);
    if (found == page->living.end()) {
      return {connector, refused_here(effect, "credential_missing",
                                      "the credential '" + effect.call.credential + "' does not exist")};
    }
    credential = found->second;
  }
  auto call = connector->prepare(effect.call, credential);
  if (!call) {
    const Error& error = call.error();
    return {connector, refused_here(effect, error.code.empty() ? "input_invalid" : error.code,
                                    page->masker.mask(error.message))};
  }
  call->timeout = effect.call.timeout;
  auto [passage, wait] = parts_.breakers.pass({effect.tenant, effect.call.connector, host_of(*call)});
  if (!passage) return {connector, left_alone(effect, wait)};
  return {connector, *std::move(call), std::move(passage)};
}

Outbound::CallId CallRunner::send(const EffectPtr& effect, PreparedCall prepared, Done done) {
  return outbound_.start(
      std::get<connectors::HttpCall>(std::move(prepared.call)),
      [this, effect, connector = prepared.connector, passage = std::move(prepared.passage),
       done = std::move(done)](HttpOutcome outcome) {
        passage->ended(end_of(outcome));
        // A call is cancelled by us only: because of a decision, which needs no answer, or to shut down, and then the
        // next start finds the lease and asks what became of it.
        if (!outcome && outcome.error().code == "cancelled") return;
        parts_.workers.post([this, effect, connector, done, outcome = std::move(outcome)]() mutable {
          done(interpret(*effect, *connector, std::move(outcome)));
        });
      });
}

engine::Fact CallRunner::interpret(const domain::Effect& effect, const connectors::Connector& connector,
                                   HttpOutcome outcome) const {
  engine::CallFailed failure{.effect = effect.id,
                             .failure_class = engine::FailureClass::kUnknown,
                             .code = "internal",
                             .message = "the answer could not be understood",
                             .retry_after = {},
                             .repeatable = connector.repeatable(effect.call),
                             .worth_retrying = true};
  const CrashMarks::Mark mark(parts_.marks, effect.tenant, effect.execution, place_of(effect));
  try {
    if (outcome) {
      connectors::Interpretation meaning = connector.interpret(effect.call, *outcome, parts_.clock.now());
      if (meaning.outputs) return engine::CallSucceeded{effect.id, *std::move(meaning.outputs)};
      failure.failure_class = class_of(meaning.failure_class);
      failure.code = std::move(meaning.code);
      failure.message = std::move(meaning.message);
      failure.retry_after = meaning.retry_after;
      failure.worth_retrying = meaning.worth_retrying;
    } else {
      connectors::TransportFailure& transport = outcome.error();
      failure.worth_retrying = !is_lasting(transport.code);
      failure.failure_class = transport.sent == connectors::SendState::kNotSent ? engine::FailureClass::kNotSent
                              : failure.worth_retrying                          ? engine::FailureClass::kUnknown
                                                                                : engine::FailureClass::kRejected;
      failure.code = std::move(transport.code);
      failure.message = std::move(transport.message);
    }
  } catch (const std::exception& error) {
    return engine::Broke{"the connector " + effect.call.connector + " failed at the answer: " + error.what()};
  } catch (...) {
    return engine::Broke{"the connector " + effect.call.connector + " failed at the answer"};
  }
  failure.message = parts_.book.page(effect.tenant)->masker.mask(failure.message);
  return failure;
}

std::int64_t CallRunner::place_of(const domain::Effect& effect) {
  return static_cast<std::int64_t>(std::hash<EffectId>{}(effect.id) >> 1U) | 1;
}

engine::CallFailed CallRunner::orphaned(const domain::Effect& effect) const {
  const connectors::Connector* connector = parts_.catalog.find(effect.call.connector);
  return {.effect = effect.id,
          .failure_class = engine::FailureClass::kUnknown,
          .code = "outcome_unknown",
          .message = "the daemon stopped while the call was under way",
          .retry_after = {},
          .repeatable = connector != nullptr && connector->repeatable(effect.call),
          .worth_retrying = true};
}

}  // namespace ipaas::daemon
