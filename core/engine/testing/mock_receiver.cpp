#include "core/engine/testing/mock_receiver.h"

#include <algorithm>

#include "core/base/time_text.h"
#include "core/engine/route.h"
#include "core/engine/testing/mock_error.h"

namespace ipaas::engine::testing {
namespace {

Difference no_mock(const TestCase& test, const domain::Effect& call) {
  const bool child = call.kind == domain::EffectKind::kChild;
  Difference missing{test.position, "",
                     "the step `" + call.path + "` calls " +
                         (child ? "the workflow " + call.child.workflow : call.call.connector + "/" + call.call.action) +
                         ", and the case has no answer for it"};
  const bool http = call.call.connector == "http";
  missing.hint = "add to `mocks`:  " + std::string(id_of_path(call.path)) +
                 ": { outputs: " + (http ? "{ status: 200, headers: {}, body: {} }" : "{}") + " }";
  return missing;
}

Difference too_few(const Mock& mock, const std::string& path) {
  const std::size_t count = mock.answers.size();
  return {mock.position, "",
          "the step `" + path + "` is tried again, and its mock answers only " + std::to_string(count) +
              (count == 1 ? " try" : " tries"),
          "add an answer to the list, or write one answer without a list for every try"};
}

}  // namespace

/// The mock of just this path, or else that of its step in every round.
const Mock* MockReceiver::mock_of(const std::string& path) const {
  const auto named = [&](std::string_view name) {
    return std::find_if(test_.mocks.begin(), test_.mocks.end(), [&](const Mock& known) { return known.step == name; });
  };
  auto mock = named(path);
  if (mock == test_.mocks.end()) mock = named(id_of_path(path));
  return mock == test_.mocks.end() ? nullptr : &*mock;
}

const MockAnswer* MockReceiver::next_answer(const Mock& mock, const std::string& path) {
  const std::size_t index = mock.every_try ? 0 : tries_[path]++;
  if (index < mock.answers.size()) return &mock.answers[index];
  missing_ = too_few(mock, path);
  return nullptr;
}

std::optional<Answer> MockReceiver::answer(const domain::Effect& call, Instant now) {
  const bool child = call.kind == domain::EffectKind::kChild;
  if (!child) {
    // The connector looks at the inputs before anything is sent, so no mock is needed for what it refuses.
    if (auto refusal = receivers_.refusal(call.call)) return Answer{*std::move(refusal)};
  }
  const Mock* mock = mock_of(call.path);
  if (mock == nullptr) {
    missing_ = no_mock(test_, call);
    return std::nullopt;
  }
  const MockAnswer* answer = next_answer(*mock, call.path);
  if (answer == nullptr) return std::nullopt;
  return child ? child_answer(*answer) : answer_of(call.call, *answer, now);
}

Answer MockReceiver::child_answer(const MockAnswer& mock) const {
  if (const Json* outputs = std::get_if<Json>(&mock.answer)) return {*outputs, mock.takes};
  const MockError* error = std::get_if<MockError>(&mock.answer);
  if (error == nullptr) return {call_failure("child_failed", "a workflow answers with outputs", {}, false), mock.takes};
  return {call_failure(error->code, error->message, {}, false), mock.takes};
}

std::optional<WaitAnswer> MockReceiver::answer_wait(const domain::Step& step, Instant) {
  const Mock* mock = mock_of(step.path);
  const MockAnswer* answer = mock == nullptr ? nullptr : next_answer(*mock, step.path);
  if (answer == nullptr) return std::nullopt;
  const bool approval = step.items && step.items->value("kind", "") == "approval";
  WaitAnswer given;
  given.after = answer->takes;
  Signal& signal = given.signal;
  signal.kind = approval ? Signal::Kind::kApprove : Signal::Kind::kCallback;
  signal.by = "the test";
  if (const Json* outputs = std::get_if<Json>(&answer->answer)) {
    signal.payload = *outputs;
    if (approval && outputs->is_object()) {
      signal.by = outputs->value("by", signal.by);
      signal.comment = outputs->value("comment", "");
    }
  } else if (const MockError* error = std::get_if<MockError>(&answer->answer)) {
    if (error->code == "timeout") return std::nullopt;
    signal.kind = Signal::Kind::kReject;
    signal.comment = error->message;
  }
  return given;
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
