#include "core/engine/testing/test_file.h"

#include <algorithm>

#include "core/engine/testing/test_keys.h"
#include "core/engine/testing/test_reading.h"
#include "core/language/yaml/reader.h"

namespace ipaas::engine::testing {
namespace {

using language::Reading;
using language::yaml::Entry;
using language::yaml::Node;

constexpr Instant kUsualNow = Instant(std::chrono::hours(24 * 20'454));  // 2026-01-01T00:00:00Z
constexpr Duration kLongestRun = std::chrono::hours(24 * 365);

/// A test file names no action: what it says is checked against the workflow.
class NoActions final : public language::ActionCatalog {
 public:
  [[nodiscard]] std::vector<std::string> connectors() const override { return {}; }
  [[nodiscard]] std::vector<std::string> actions(std::string_view) const override { return {}; }
  [[nodiscard]] const language::ActionInfo* action(std::string_view, std::string_view) const override {
    return nullptr;
  }
};

/// What the cases of a file share.
struct Shared {
  std::string workflow;
  SourcePosition workflow_position;
  Instant now = kUsualNow;
  std::vector<Mock> mocks;
};

void read_name(Reading& reading, const Entry& entry, TestCase& test) {
  auto name = language::read_text(reading, entry);
  if (!name) return;
  if (name->empty()) {
    reading.report.add(entry.value->position(), "missing_value", "the name of a case is empty", "say what is tested");
  }
  test.name = *std::move(name);
}

void read_trigger(Reading& reading, const Entry& entry, TestCase& test) {
  const std::vector<std::string_view> names = {"webhook", "schedule", "manual", "call", "workflow"};
  const auto index = language::read_option(reading, entry, names);
  if (index) test.trigger = domain::trigger_from_name(names[*index]);
  test.trigger_position = entry.value->position();
}

/// A case's own mock of a step stands in the place of the shared one.
void add_mocks(std::vector<Mock>& mocks, std::vector<Mock> own) {
  for (Mock& mock : own) {
    const auto shared = std::find_if(mocks.begin(), mocks.end(), [&](const Mock& m) { return m.step == mock.step; });
    if (shared == mocks.end()) {
      mocks.push_back(std::move(mock));
    } else {
      *shared = std::move(mock);
    }
  }
}

/// Without a status, an expected error means that it fails.
void complete_expectation(TestCase& test) {
  if (test.expect.members() == nullptr) test.expect = {test.position, PlacedValue::Members()};
  if (test.expect.find("status") != nullptr) return;
  const PlacedValue* const error = test.expect.find("error");
  const bool fails = error != nullptr && error->members() != nullptr;
  auto& members = std::get<PlacedValue::Members>(test.expect.content);
  members.insert(members.begin(),
                 {"status", test.expect.position, {test.expect.position, Json(fails ? "failed" : "succeeded")}});
}

TestCase read_case(Reading& reading, const Node& node, const Shared& shared, const ReadFile& read_file) {
  TestCase test;
  test.position = node.position();
  test.workflow = shared.workflow;
  test.workflow_position = shared.workflow_position;
  test.now = shared.now;
  test.mocks = shared.mocks;
  test.expect.position = node.position();
  if (language::read_mapping(reading, node, case_keys(), node.position()) == nullptr) return test;
  if (const Entry* entry = node.find("name")) read_name(reading, *entry, test);
  if (const Entry* entry = node.find("workflow")) {
    test.workflow = language::read_text(reading, *entry).value_or("");
    test.workflow_position = entry->value->position();
  }
  if (const Entry* entry = node.find("now")) test.now = read_instant(reading, *entry).value_or(test.now);
  if (const Entry* entry = node.find("trigger")) read_trigger(reading, *entry, test);
  if (const Entry* entry = node.find("event")) test.event = read_event(reading, *entry, read_file);
  if (const Entry* entry = node.find("inputs")) {
    test.inputs = placed_value(*entry->value);
    test.inputs->position = language::position_of(*entry);
    if (entry->value->entries() == nullptr) {
      language::report_type(reading, "`inputs`", *entry->value, entry->position, "a mapping");
    }
  }
  if (const Entry* entry = node.find("vars")) {
    test.vars = placed_value(*entry->value).json();
    if (entry->value->entries() == nullptr) {
      language::report_type(reading, "`vars`", *entry->value, entry->position, "a mapping");
    }
  }
  if (const Entry* entry = node.find("cancel-after")) {
    test.cancel_after = language::read_duration(reading, *entry, Duration(0), kLongestRun);
  }
  if (const Entry* entry = node.find("mocks")) add_mocks(test.mocks, read_mocks(reading, *entry));
  if (const Entry* entry = node.find("expect")) read_expectation(reading, *entry, test);
  complete_expectation(test);
  return test;
}

bool is_yaml_name(std::string_view text) {
  return text.ends_with(".yaml") || text.ends_with(".yml");
}

void read_cases(Reading& reading, const Entry& entry, const Shared& shared, const ReadFile& read_file,
                TestFile& tests) {
  const auto* items = language::read_list(reading, *entry.value, "`cases`");
  if (items == nullptr) return;
  for (const Node* item : *items) {
    TestCase test = read_case(reading, *item, shared, read_file);
    const bool taken = std::any_of(tests.cases.begin(), tests.cases.end(), [&](const TestCase& other) {
      return !test.name.empty() && other.name == test.name && other.workflow == test.workflow;
    });
    if (taken) {
      reading.report.add(item->find("name")->value->position(), "duplicate_case",
                         "a case above is named " + language::shown(test.name), "give each case a name of its own");
    }
    tests.cases.push_back(std::move(test));
  }
}

TestFile read_document(Reading& reading, const ReadFile& read_file) {
  TestFile tests;
  const Node& root = *reading.document.root;
  if (language::read_mapping(reading, root, file_keys(), root.position()) == nullptr) return tests;
  Shared shared;
  if (const Entry* entry = root.find("workflow")) {
    std::string workflow = language::read_text(reading, *entry).value_or("");
    if (is_yaml_name(workflow)) {
      tests.workflow_file = std::move(workflow);
      tests.workflow_file_position = entry->value->position();
    } else {
      shared.workflow = std::move(workflow);
      shared.workflow_position = entry->value->position();
    }
  }
  if (const Entry* entry = root.find("now")) shared.now = read_instant(reading, *entry).value_or(kUsualNow);
  if (const Entry* entry = root.find("mocks")) shared.mocks = read_mocks(reading, *entry);
  if (const Entry* entry = root.find("cases")) read_cases(reading, *entry, shared, read_file, tests);
  return tests;
}

}  // namespace

ResultOrErrors<TestFile> read_tests(std::string_view text, std::string_view file, const ReadFile& read_file) {
  language::Report report;
  language::yaml::Stream stream = language::yaml::read(text);
  for (Error& error : stream.errors) report.add(std::move(error));
  std::erase_if(stream.documents,
                [](const auto& document) { return document.root == nullptr || document.root->is_null(); });
  if (stream.documents.empty() && report.size() == 0) {
    report.add({1, 1}, "empty_document", "there is no test in this text", "begin with `cases:`");
  }
  if (stream.documents.size() > 1) {
    report.add(stream.documents[1].position, "too_many_documents", "a test file is one document",
               "write all cases below one `cases:`");
  }
  TestFile tests;
  if (!stream.documents.empty()) {
    const NoActions no_actions;
    language::Report warnings;
    Reading reading{stream.documents.front(), report, no_actions, warnings};
    tests = read_document(reading, read_file);
  }
  tests.file = file;
  if (report.size() > 0) return tl::unexpected(report.take(file));
  return tests;
}

}  // namespace ipaas::engine::testing
