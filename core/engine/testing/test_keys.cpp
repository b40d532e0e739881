#include "core/engine/testing/test_keys.h"

#include <array>

namespace ipaas::engine::testing {
namespace {

using language::KeyRule;
using language::KeyTable;

constexpr auto kRequired = KeyRule::Status::kRequired;

constexpr std::array kFile = {
    KeyRule{"workflow", "the workflow's file, or its name in the file of the same name"},
    KeyRule{"now", "what the clock shows in every case"},
    KeyRule{"mocks", "answers for every case"},
    KeyRule{"cases", "the tests", kRequired},
};

constexpr std::array kCase = {
    KeyRule{"name", "what is tested", kRequired},
    KeyRule{"workflow", "the name of one of the file's workflows"},
    KeyRule{"now", "what the clock shows at the start"},
    KeyRule{"trigger", "webhook, schedule, manual, call or workflow"},
    KeyRule{"event", "what starts it"},
    KeyRule{"inputs", "of a manual start or a call"},
    KeyRule{"vars", "the tenant's variables"},
    KeyRule{"mocks", "what answers a step that calls or waits, by its id or path"},
    KeyRule{"cancel-after", "cancels the execution after this time"},
    KeyRule{"expect", "what comes about"},
};

constexpr std::array kEvent = {
    KeyRule{"body", "what a webhook carries; beside `body-file`, what is different from it"},
    KeyRule{"body-file", "a file with the body: JSON if its name says so, else text"},
    KeyRule{"headers", "of a webhook"},
    KeyRule{"query", "of a webhook's address"},
    KeyRule{"method", "of a webhook, POST by default"},
    KeyRule{"path", "of a webhook's address"},
    KeyRule{"id", "of the delivery; by default the scheme's"},
    KeyRule{"received_at", "of a webhook; by default `now`"},
    KeyRule{"scheduled_for", "of a schedule; by default `now`"},
    KeyRule{"cron", "of a schedule; by default the first one's"},
    KeyRule{"timezone", "of a schedule; by default the first one's"},
    KeyRule{"workflow", "that has ended"},
    KeyRule{"execution", "that has ended"},
    KeyRule{"status", "with which it has ended"},
    KeyRule{"outputs", "of the one that has ended"},
};

constexpr std::array kMock = {
    KeyRule{"outputs", "the outputs of the step; of an approval `{ by, comment }`"},
    KeyRule{"reply", "an HTTP answer, which the connector reads"},
    KeyRule{"error", "a failed call"},
    KeyRule{"takes", "how long the call is under way"},
};

constexpr std::array kReply = {
    KeyRule{"status", "of HTTP", kRequired},
    KeyRule{"headers", "of the answer"},
    KeyRule{"body", "text, or anything else as JSON"},
};

constexpr std::array kMockError = {
    KeyRule{"code", "an error code of executions"},
    KeyRule{"message", "for people"},
    KeyRule{"retry-after", "the receiver asks to wait this long"},
};

constexpr std::array kExpect = {
    KeyRule{"status", "succeeded, failed, cancelled, filtered or refused"},
    KeyRule{"error", "of the execution"},
    KeyRule{"dedupe", "the key by which a repeated event is known"},
    KeyRule{"outputs", "of the workflow"},
    KeyRule{"answer", "what the webhook's sender is answered by `respond: result` or an answer of its own"},
    KeyRule{"steps", "what became of steps, by path: `notify[3].send` inside of a loop"},
    KeyRule{"calls", "every call that is made, in order; its retries are the same call"},
    KeyRule{"logs", "texts, each of which occurs in a line of the log"},
    KeyRule{"exact", "`outputs` and `with` have no other members than those that are written"},
};

constexpr std::array kExpectedError = {
    KeyRule{"code", "such as rejected"},
    KeyRule{"message", "the whole text"},
    KeyRule{"step", "which failed"},
};

constexpr std::array kExpectedAnswer = {
    KeyRule{"status", "of HTTP"},
    KeyRule{"headers", "of the answer"},
    KeyRule{"body", "text, or anything else as JSON"},
};

constexpr std::array kExpectedStep = {
    KeyRule{"outcome", "success, failure, cancelled or skipped"},
    KeyRule{"conclusion", "the same after continue-on-error"},
    KeyRule{"attempts", "tries that count"},
    KeyRule{"outputs", "what it gave"},
    KeyRule{"error", "code and message of its last try"},
};

constexpr std::array kExpectedCall = {
    KeyRule{"step", "its path"},
    KeyRule{"uses", "connector/action"},
    KeyRule{"call", "a called workflow"},
    KeyRule{"credential", "its name"},
    KeyRule{"with", "the inputs as they are sent"},
    KeyRule{"tries", "how often it is sent"},
};

}  // namespace

const KeyTable& file_keys() {
  static const KeyTable table{"a test file", kFile, true};
  return table;
}

const KeyTable& case_keys() {
  static const KeyTable table{"a case", kCase, true};
  return table;
}

const KeyTable& event_keys() {
  static const KeyTable table{"`event`", kEvent};
  return table;
}

const KeyTable& mock_keys() {
  static const KeyTable table{"a mock", kMock};
  return table;
}

const KeyTable& mock_reply_keys() {
  static const KeyTable table{"`reply`", kReply};
  return table;
}

const KeyTable& mock_error_keys() {
  static const KeyTable table{"`error`", kMockError};
  return table;
}

const KeyTable& expect_keys() {
  static const KeyTable table{"`expect`", kExpect};
  return table;
}

const KeyTable& expected_error_keys() {
  static const KeyTable table{"`error`", kExpectedError};
  return table;
}

const KeyTable& expected_answer_keys() {
  static const KeyTable table{"`answer`", kExpectedAnswer};
  return table;
}

const KeyTable& expected_step_keys() {
  static const KeyTable table{"an expected step", kExpectedStep};
  return table;
}

const KeyTable& expected_call_keys() {
  static const KeyTable table{"an expected call", kExpectedCall};
  return table;
}

}  // namespace ipaas::engine::testing
