#include "tests/simulation/outside.h"

namespace ipaas::simulation {

using engine::FailureClass;

bool Receivers::repeatable(const domain::CallRequest& call) {
  const std::string method = call.inputs.value("method", std::string("GET"));
  return call.keyed || method == "GET" || method == "PUT" || method == "DELETE";
}

Receivers::Answer Receivers::answer(const domain::Effect& effect) {
  Duration after = dice_.percent(80) ? dice_.millis(0, 300) : dice_.millis(0, 40'000);
  if (bad_answers_ && dice_.percent(35)) {
    if (dice_.percent(4)) return {engine::Broke{"the connector threw"}, after};
    engine::CallFailed failed = failure(effect);
    if (failed.code == "timeout") after = effect.call.timeout;
    return {std::move(failed), std::min(after, effect.call.timeout)};
  }
  if (after < effect.call.timeout) return {engine::CallSucceeded{effect.id, {{"status", 200}, {"body", dice_.below(100)}}}, after};
  return {engine::CallFailed{.effect = effect.id, .failure_class = FailureClass::kUnknown, .code = "timeout", .message = "no answer", .retry_after = {}, .repeatable = repeatable(effect.call)},
          effect.call.timeout};
}

engine::CallFailed Receivers::failure(const domain::Effect& effect) {
  engine::CallFailed failed{.effect = effect.id, .code = "server_error", .message = "it went wrong", .retry_after = {}};
  failed.repeatable = repeatable(effect.call);
  switch (dice_.below(5)) {
    case 0:
      failed.failure_class = FailureClass::kNotSent;
      failed.code = "connect_failed";
      failed.worth_retrying = dice_.percent(90);
      break;
    case 1:
      failed.failure_class = FailureClass::kRejected;
      failed.code = "rejected";
      failed.worth_retrying = false;
      break;
    case 2:
      failed.failure_class = FailureClass::kDeferred;
      failed.code = "rate_limited";
      if (dice_.percent(60)) failed.retry_after = dice_.seconds(0, 90);
      break;
    case 3:
      failed.failure_class = FailureClass::kUnknown;
      break;
    default:
      failed.failure_class = FailureClass::kUnknown;
      failed.code = "timeout";
      break;
  }
  return failed;
}

}  // namespace ipaas::simulation
