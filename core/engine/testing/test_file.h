// Tests of a workflow, as they are written in YAML beside it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/clock.h"
#include "core/domain/trigger.h"
#include "core/engine/testing/placed_value.h"
#include "core/language/workflow.h"

namespace ipaas::engine::testing {

/// An answer as the receiver would send it; the connector reads it.
struct MockReply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;
};

/// A failed call.
struct MockError {
  std::string code;
  std::string message;
  std::optional<Duration> retry_after;  ///< set: the receiver asks to wait
};

struct MockAnswer {
  std::variant<Json, MockReply, MockError> answer = Json::object();  ///< Json: the outputs
  Duration takes{};
};

/// What answers the calls of one step.
struct Mock {
  std::string step;
  SourcePosition position;
  std::vector<MockAnswer> answers;
  bool every_try = true;  ///< the one answer is given to every try; else each try has its own
};

/// What starts the execution of a case.
struct GivenEvent {
  SourcePosition position;
  Json members = Json::object();  ///< by trigger: body headers query method path id received_at …
};

struct TestCase {
  std::string name;
  SourcePosition position;
  std::string workflow;  ///< empty: the only one
  SourcePosition workflow_position;
  Instant now{};
  std::optional<domain::TriggerKind> trigger;
  SourcePosition trigger_position;
  std::optional<GivenEvent> event;
  std::optional<PlacedValue> inputs;
  Json vars = Json::object();  ///< of the tenant
  std::optional<Duration> cancel_after;
  std::vector<Mock> mocks;

  SourcePosition expect_position;
  /// A mapping of those of `status error dedupe outputs steps calls` that are written, and always `status`.
  PlacedValue expect;
  std::vector<PlacedValue> logs;  ///< texts that occur in a line
  bool exact = false;
};

struct TestFile {
  std::string file;
  std::string workflow_file;  ///< as written, relative to the test file; empty: the file of the same name
  SourcePosition workflow_file_position;
  std::vector<TestCase> cases;
};

/// Reads a file that the test names, relative to the test file.
using ReadFile = std::function<Result<std::string>(const std::string& path)>;

/// Reads a test file, one YAML document. Everything that is wrong with it comes back at once, with the codes of the
/// workflow's parser (unknown_key, wrong_type, bad_value …).
[[nodiscard]] ResultOrErrors<TestFile> read_tests(std::string_view text, std::string_view file,
                                                  const ReadFile& read_file);

/// The workflow of a case: by its name, or the only one. nullptr where there is none.
[[nodiscard]] const language::Workflow* workflow_of(const TestCase& test,
                                                    const std::vector<language::WorkflowPtr>& workflows);

/// What a test file says of workflows that they do not have: unknown_workflow, unknown_step, unknown_trigger …
[[nodiscard]] std::vector<Error> check_tests(const TestFile& tests,
                                             const std::vector<language::WorkflowPtr>& workflows);

/// What starts the execution: as written, or as the event and the workflow's triggers suggest. Nothing if it is open.
[[nodiscard]] std::optional<domain::TriggerKind> trigger_of(const TestCase& test, const language::Workflow& workflow);

}  // namespace ipaas::engine::testing
