#include "core/engine/testing/mock_receiver.h"

#include <algorithm>

#include "core/base/time_text.h"
#include "core/engine/testing/mock_error.h"

namespace ipaas::engine::testing {
namespace {

Difference no_mock(const TestCase& test, const domain::Effect& call) {
  Difference missing{test.position, "",
                     "the step `" + call.path + "` calls " + call.call.connector + "/" + call.call.action +
                         ", and the case has no answer for it"};
  const bool http = call.call.connector == "http";
  missing.hint = "add to `mocks`:  " + call.path +
                 ": { outputs: " + (http ? "{ status: 200, headers: {}, body: {} }" : "{}") + " }";
  return missing;
}

Difference too_few(const Mock& mock, const domain::Effect& call) {
  const std::size_t count = mock.answers.size();
  return {mock.position, "",
          "the step `" + call.path + "` is tried again, and its mock answers only " + std::to_string(count) +
              (count == 1 ? " try" : " tries"),
          "add an answer to the list, or write one answer without a list for every try"};
}

}  // namespace

std::optional<Answer> MockReceiver::answer(const domain::Effect& call, Instant now) {
  // The connector looks at the inputs before anything is sent, so no mock is needed for what it refuses.
  if (auto refusal = receivers_.refusal(call.call)) return Answer{*std::move(refusal)};
  const auto mock =
      std::find_if(test_.mocks.begin(), test_.mocks.end(), [&](const Mock& known) { return known.step == call.path; });
  if (mock == test_.mocks.end()) {
    missing_ = no_mock(test_, call);
    return std::nullopt;
  }
  const std::size_t index = mock->every_try ? 0 : tries_[call.path]++;
  if (index >= mock->answers.size()) {
    missing_ = too_few(*mock, call);
    return std::nullopt;
  }
  return answer_of(call.call, mock->answers[index], now);
}

Answer MockReceiver::answer_of(const domain::CallRequest& call, const MockAnswer& mock, Instant now) const {
  if (mock.takes > call.timeout) {
    return {
        call_failure("timeout", "no answer within " + format_duration(call.timeout), {}, receivers_.repeatable(call)),
        call.timeout};
  }
  if (const Json* outputs = std::get_if<Json>(&mock.answer)) return {*outputs, mock.takes};
  if (const MockReply* reply = std::get_if<MockReply>(&mock.answer)) {
    return {receivers_.interpret(call, *reply, now + mock.takes), mock.takes};
  }
  const MockError& error = std::get<MockError>(mock.answer);
  return {call_failure(error.code, error.message, error.retry_after, receivers_.repeatable(call)), mock.takes};
}

}  // namespace ipaas::engine::testing
