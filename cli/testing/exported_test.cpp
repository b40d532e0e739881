#include "cli/testing/exported_test.h"

#include "cli/output/structured.h"
#include "cli/testing/receivers.h"
#include "core/engine/testing/run_case.h"
#include "core/language/workflow_parser.h"

namespace ipaas::cli {
namespace {

namespace testing = engine::testing;

/// As much of `actual` as is expected; notes where that is something else.
Json as_expected(const std::string& place, const Json& expected, const Json& actual, std::vector<std::string>& differing) {
  if (!expected.is_object() || !actual.is_object()) {
    if (expected != actual) differing.push_back(place);
    return actual;
  }
  Json out = Json::object();
  for (const auto& [key, value] : expected.items()) {
    const auto found = actual.find(key);
    out[key] = as_expected(testing::member_path(place, key), value, found == actual.end() ? Json() : *found, differing);
  }
  return out;
}

}  // namespace

ResultOrErrors<std::vector<std::string>> settle_expectations(Json& test, const std::string& source,
                                                             const connectors::Catalog& catalog) {
  const auto workflows = language::parse_workflows(source, "the version that ran", catalog);
  if (!workflows) return tl::unexpected(workflows.error());
  const auto no_files = [](const std::string& path) -> Result<std::string> {
    return fail(ErrorKind::kInvalid, path + " is not read here");
  };
  const auto tests = testing::read_tests(yaml_text(test), "the exported test", no_files);
  if (!tests) return tl::unexpected(tests.error());
  if (auto errors = testing::check_tests(*tests, *workflows); !errors.empty()) return tl::unexpected(std::move(errors));
  const testing::TestCase& only = tests->cases.front();
  const auto result = testing::run_case(only, *testing::workflow_of(only, *workflows), BuiltInReceivers(catalog));
  std::vector<std::string> differing;
  Json& expect = test["cases"][0]["expect"];
  expect = as_expected("expect", expect, result.outcome, differing);
  return differing;
}

}  // namespace ipaas::cli
