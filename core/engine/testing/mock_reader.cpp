// `mocks` of a test file.
#include "core/engine/testing/mock_error.h"
#include "core/engine/testing/test_keys.h"
#include "core/engine/testing/test_reading.h"
#include "core/language/yaml/scalar.h"

namespace ipaas::engine::testing {
namespace {

using language::Reading;
using language::yaml::Entry;
using language::yaml::Node;

constexpr Duration kLongest = std::chrono::hours(24 * 7);
constexpr int kLeastStatus = 100;
constexpr int kMostStatus = 599;

MockReply read_reply(Reading& reading, const Entry& entry) {
  MockReply reply;
  const Node* node = language::read_mapping(reading, *entry.value, mock_reply_keys(), entry.position);
  if (node == nullptr) return reply;
  if (const Entry* status = node->find("status")) {
    reply.status =
        static_cast<int>(language::read_integer(reading, *status, kLeastStatus, kMostStatus).value_or(reply.status));
  }
  if (const Entry* headers = node->find("headers")) reply.headers = read_texts(reading, *headers, true);
  const Entry* body = node->find("body");
  if (body == nullptr) return reply;
  const Json value = placed_value(*body->value).json();
  const bool is_text = value.is_string();
  reply.body = is_text ? value.get<std::string>() : value.is_null() ? std::string() : dump_json(value);
  const bool typed = std::any_of(reply.headers.begin(), reply.headers.end(),
                                 [](const auto& header) { return header.first == "content-type"; });
  if (!is_text && !value.is_null() && !typed) reply.headers.emplace_back("content-type", "application/json");
  return reply;
}

MockError read_error(Reading& reading, const Entry& entry) {
  MockError error{"rejected", "the test says so", {}};
  const Node* node = language::read_mapping(reading, *entry.value, mock_error_keys(), entry.position);
  if (node == nullptr) return error;
  if (const Entry* code = node->find("code")) {
    const auto codes = call_error_codes();
    if (const auto index = language::read_option(reading, *code, codes)) error.code = codes[*index];
  }
  if (const Entry* message = node->find("message")) error.message = language::read_text(reading, *message).value_or("");
  if (const Entry* wait = node->find("retry-after")) {
    error.retry_after = language::read_duration(reading, *wait, Duration(0), kLongest);
  }
  return error;
}

MockAnswer read_answer(Reading& reading, const Node& node, SourcePosition owner) {
  MockAnswer answer;
  if (language::read_mapping(reading, node, mock_keys(), owner) == nullptr) return answer;
  const Entry* first = nullptr;
  for (const char* kind : {"outputs", "reply", "error"}) {
    const Entry* entry = node.find(kind);
    if (entry == nullptr) continue;
    if (first != nullptr) {
      reading.report.add(entry->position, "exclusive_keys",
                         "a mock has either `" + first->key + "` or `" + entry->key + "`", "remove one of them");
      continue;
    }
    first = entry;
    if (entry->key == "outputs") answer.answer = placed_value(*entry->value).json();
    if (entry->key == "reply") answer.answer = read_reply(reading, *entry);
    if (entry->key == "error") answer.answer = read_error(reading, *entry);
  }
  if (const Entry* takes = node.find("takes")) {
    answer.takes = language::read_duration(reading, *takes, Duration(0), kLongest).value_or(Duration(0));
  }
  return answer;
}

}  // namespace

std::vector<Mock> read_mocks(Reading& reading, const Entry& entry) {
  std::vector<Mock> mocks;
  const auto* entries = entry.value->entries();
  if (entries == nullptr) {
    language::report_type(reading, "`mocks`", *entry.value, entry.position, "a mapping",
                          "write one key for each step, such as `notify: { outputs: {} }`");
    return mocks;
  }
  for (const Entry& step : *entries) {
    Mock mock{step.key, step.position, {}};
    if (step.value->items() != nullptr) {
      mock.every_try = false;
      if (const auto* items = language::read_list(reading, *step.value, "a mock")) {
        for (const Node* item : *items) mock.answers.push_back(read_answer(reading, *item, item->position()));
      }
    } else {
      mock.answers.push_back(read_answer(reading, *step.value, step.position));
    }
    mocks.push_back(std::move(mock));
  }
  return mocks;
}

std::vector<std::pair<std::string, std::string>> read_texts(Reading& reading, const Entry& entry, bool lower_case) {
  std::vector<std::pair<std::string, std::string>> texts;
  const auto* entries = entry.value->entries();
  if (entries == nullptr) {
    language::report_type(reading, "`" + entry.key + "`", *entry.value, entry.position, "a mapping");
    return texts;
  }
  for (const Entry& text : *entries) {
    const auto* scalar = text.value->scalar();
    if (scalar == nullptr) {
      language::report_type(reading, language::shown(text.key), *text.value, text.position, "text");
      continue;
    }
    std::string name = text.key;
    for (char& c : name) {
      if (lower_case && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    texts.emplace_back(std::move(name), scalar->text);
  }
  return texts;
}

}  // namespace ipaas::engine::testing
