// Calls that go in a circle or too deep, over several workflows.
#include "core/language/call_graph.h"

#include <map>

#include "core/language/workflow_parser.h"
#include "tests/support/catch.h"
#include "tests/support/fake_catalog.h"

using namespace ipaas;
using namespace ipaas::language;

namespace {

WorkflowPtr calling(const std::string& name, const std::vector<std::string>& callees) {
  std::string text = "name: " + name + "\non: { manual: {} }\nsteps:\n  - log: hi\n";
  for (const std::string& callee : callees) text += "  - call: " + callee + "\n";
  const test::FakeCatalog catalog;
  const auto parsed = parse_workflows(text, name + ".yaml", catalog);
  REQUIRE(parsed);
  return parsed->front();
}

/// What is said of the documents, `code at file:line path`, where the others live already.
std::string said(const std::vector<WorkflowPtr>& documents, const std::vector<WorkflowPtr>& living = {}) {
  std::vector<CallingDocument> calling;
  for (const WorkflowPtr& workflow : documents) calling.push_back({workflow->name + ".yaml", workflow});
  const auto errors = check_calls(calling, [&](const std::string& name) -> Result<WorkflowPtr> {
    for (const WorkflowPtr& workflow : living) {
      if (workflow->name == name) return workflow;
    }
    return nullptr;
  });
  REQUIRE(errors);
  std::string text;
  for (const Error& error : *errors) {
    text += (text.empty() ? "" : "; ") + error.code + " at " + error.file + ":" + std::to_string(error.position.line) +
            " " + error.message.substr(error.message.rfind(": ") + 2);
  }
  return text;
}

std::vector<WorkflowPtr> chain(int calls) {
  std::vector<WorkflowPtr> workflows;
  for (int i = 0; i < calls; ++i) workflows.push_back(calling("w" + std::to_string(i), {"w" + std::to_string(i + 1)}));
  workflows.push_back(calling("w" + std::to_string(calls), {}));
  return workflows;
}

}  // namespace

TEST_CASE("calls that end are right, also where two ways lead to one workflow or to none") {
  CHECK(said({calling("a", {"b", "c"}), calling("b", {"d"}), calling("c", {"d"}), calling("d", {})}).empty());
  CHECK(said({calling("a", {"nobody"})}).empty());
}

TEST_CASE("a cycle is told once, with its path, at a call of a document") {
  CHECK(said({calling("a", {"b"}), calling("b", {"a"})}) == "call_cycle at a.yaml:5 a -> b -> a");
  CHECK(said({calling("a", {"x", "b"}), calling("b", {"c"}), calling("c", {"b"})}) ==
        "call_cycle at b.yaml:5 b -> c -> b");
}

TEST_CASE("a cycle through living workflows is told at the document that closes it") {
  CHECK(said({calling("z", {"a"})}, {calling("a", {"b"}), calling("b", {"z"})}) ==
        "call_cycle at z.yaml:5 z -> a -> b -> z");
  // The document takes the place of the living one of its name.
  CHECK(said({calling("a", {})}, {calling("a", {"b"}), calling("b", {"a"})}).empty());
  // What cannot be reached is not looked at.
  CHECK(said({calling("n", {})}, {calling("a", {"b"}), calling("b", {"a"})}).empty());
}

TEST_CASE("eight calls may follow from each other, nine may not") {
  CHECK(said(chain(8)).empty());
  CHECK(said(chain(9)).starts_with("call_depth at w0.yaml:5 w0 -> w1 -> "));
}

TEST_CASE("a workflow that cannot be read is no reason to let calls pass") {
  const auto failed = check_calls({{"a.yaml", calling("a", {"b"})}}, [](const std::string&) -> Result<WorkflowPtr> {
    return fail(ErrorKind::kUnavailable, "the disk is gone");
  });
  CHECK_FALSE(failed);
}
