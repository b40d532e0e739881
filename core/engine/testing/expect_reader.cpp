// `expect` of a test file.
#include "core/engine/testing/test_keys.h"
#include "core/engine/testing/test_reading.h"

namespace ipaas::engine::testing {
namespace {

using language::Reading;
using language::yaml::Entry;
using language::yaml::Node;

const std::vector<std::string_view> kStatuses = {"succeeded", "failed", "cancelled", "filtered", "refused"};
const std::vector<std::string_view> kOutcomes = {"success", "failure", "cancelled", "skipped"};
constexpr std::int64_t kMostTries = 1'000'000;

void check_error(Reading& reading, const Entry& entry) {
  if (entry.value->is_null()) return;  // there is none
  const Node* error = language::read_mapping(reading, *entry.value, expected_error_keys(), entry.position);
  if (error == nullptr) return;
  for (const Entry& part : *error->entries()) static_cast<void>(language::read_text(reading, part));
}

void check_answer(Reading& reading, const Entry& entry) {
  const Node* answer = language::read_mapping(reading, *entry.value, expected_answer_keys(), entry.position);
  if (answer == nullptr) return;
  if (const Entry* status = answer->find("status")) static_cast<void>(language::read_integer(reading, *status, 100, 599));
  if (const Entry* headers = answer->find("headers")) static_cast<void>(read_texts(reading, *headers, false));
}

void check_step(Reading& reading, const Entry& entry) {
  const Node* step = language::read_mapping(reading, *entry.value, expected_step_keys(), entry.position);
  if (step == nullptr) return;
  for (const char* key : {"outcome", "conclusion"}) {
    if (const Entry* word = step->find(key)) static_cast<void>(language::read_option(reading, *word, kOutcomes));
  }
  if (const Entry* attempts = step->find("attempts")) {
    static_cast<void>(language::read_integer(reading, *attempts, 0, kMostTries));
  }
  if (const Entry* error = step->find("error")) check_error(reading, *error);
}

void check_steps(Reading& reading, const Entry& entry) {
  const auto* entries = entry.value->entries();
  if (entries == nullptr) {
    language::report_type(reading, "`steps`", *entry.value, entry.position, "a mapping", "write one key for each step");
    return;
  }
  for (const Entry& step : *entries) check_step(reading, step);
}

void check_calls(Reading& reading, const Entry& entry) {
  const auto* items = entry.value->items();
  if (items == nullptr) {
    language::report_type(reading, "`calls`", *entry.value, entry.position, "a list",
                          "write each call on a line that begins with `- `, or [] where none is made");
    return;
  }
  for (const Node* item : *items) {
    const Node* call = language::read_mapping(reading, *item, expected_call_keys(), item->position());
    if (call == nullptr) continue;
    for (const char* key : {"step", "uses", "call", "credential"}) {
      if (const Entry* text = call->find(key)) static_cast<void>(language::read_text(reading, *text));
    }
    if (const Entry* tries = call->find("tries")) {
      static_cast<void>(language::read_integer(reading, *tries, 1, kMostTries));
    }
  }
}

std::vector<PlacedValue> read_logs(Reading& reading, const Entry& entry) {
  std::vector<PlacedValue> texts;
  const auto* items = language::read_list(reading, *entry.value, "`logs`");
  if (items == nullptr) return texts;
  for (const Node* item : *items) {
    PlacedValue text = placed_value(*item);
    const Json* scalar = std::get_if<Json>(&text.content);
    if (scalar != nullptr && scalar->is_string()) {
      texts.push_back(std::move(text));
    } else {
      language::report_type(reading, "a text of `logs`", *item, item->position(), "text", "quote it");
    }
  }
  return texts;
}

}  // namespace

void read_expectation(Reading& reading, const Entry& entry, TestCase& test) {
  test.expect_position = entry.position;
  const Node* node = language::read_mapping(reading, *entry.value, expect_keys(), entry.position);
  if (node == nullptr) return;
  PlacedValue::Members members;
  for (const Entry& part : *node->entries()) {
    if (part.key == "logs") {
      test.logs = read_logs(reading, part);
    } else if (part.key == "exact") {
      test.exact = language::read_boolean(reading, part).value_or(false);
    } else {
      if (part.key == "status") static_cast<void>(language::read_option(reading, part, kStatuses));
      if (part.key == "error") check_error(reading, part);
      if (part.key == "dedupe" && !part.value->is_null()) static_cast<void>(language::read_text(reading, part));
      if (part.key == "answer") check_answer(reading, part);
      if (part.key == "steps") check_steps(reading, part);
      if (part.key == "calls") check_calls(reading, part);
      members.push_back({part.key, part.position, placed_value(*part.value)});
      if (part.value->is_null()) members.back().value.position = part.position;
    }
  }
  test.expect = {entry.position, std::move(members)};
}

}  // namespace ipaas::engine::testing
