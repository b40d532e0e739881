// Runs one case of a test file against its workflow.
#pragma once

#include <string>
#include <vector>

#include "core/domain/effect.h"
#include "core/domain/log_line.h"
#include "core/engine/local_runner.h"
#include "core/engine/testing/compare.h"
#include "core/engine/testing/test_file.h"

namespace ipaas::engine::testing {

/// What only connectors and signature schemes know. Nothing of it touches a network.
class Receivers {
 public:
  virtual ~Receivers() = default;
  /// Why the connector would not send this: an unknown, missing or ill-typed input.
  [[nodiscard]] virtual std::optional<CallFailed> refusal(const domain::CallRequest& call) const = 0;
  /// Repeating it is harmless.
  [[nodiscard]] virtual bool repeatable(const domain::CallRequest& call) const = 0;
  /// What the connector reads out of an answer.
  [[nodiscard]] virtual std::variant<Json, CallFailed> interpret(const domain::CallRequest& call,
                                                                 const MockReply& reply, Instant now) const = 0;
  /// The scheme's id of a delivery, or nothing. Header names are in lower case.
  [[nodiscard]] virtual std::string delivery_id(const std::string& scheme, const Json& headers,
                                                const Json& body) const = 0;
};

struct CaseResult {
  std::vector<Difference> differences;  ///< empty: it passed
  /// `status error dedupe outputs steps calls`, as an expectation would write them.
  Json outcome = Json::object();
  std::vector<domain::LogEntry> logs;

  [[nodiscard]] bool passed() const { return differences.empty(); }
};

/// The case must have passed check_tests. Deterministic: nothing but the arguments counts.
[[nodiscard]] CaseResult run_case(const TestCase& test, const language::Workflow& workflow, const Receivers& receivers);

}  // namespace ipaas::engine::testing
