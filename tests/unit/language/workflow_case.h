// Parsing a text in a test, and what came of it in one line an error.
#pragma once

#include <string>
#include <string_view>

#include "core/language/workflow_parser.h"
#include "tests/support/catch.h"
#include "tests/support/fake_catalog.h"

namespace ipaas::test {

inline ResultOrErrors<std::vector<language::WorkflowPtr>> parse(std::string_view text) {
  static const FakeCatalog catalog;
  return language::parse_workflows(text, "flow.yaml", catalog);
}

/// "3:5 unknown_key, 7:1 yaml_syntax".
inline std::string places_of(const std::vector<Error>& errors) {
  std::string list;
  for (const Error& error : errors) {
    if (!list.empty()) list += ", ";
    list += std::to_string(error.position.line) + ":" + std::to_string(error.position.column) + " " + error.code;
  }
  return list;
}

/// The places of all errors, or nothing.
inline std::string problems(std::string_view text) {
  const auto parsed = parse(text);
  return parsed ? std::string() : places_of(parsed.error());
}

/// The first error as a person sees it.
inline std::string first_error(std::string_view text) {
  const auto parsed = parse(text);
  return parsed ? std::string() : to_string(parsed.error().front());
}

inline language::WorkflowPtr only_workflow(std::string_view text) {
  const auto parsed = parse(text);
  if (!parsed) FAIL(to_string(parsed.error().front()));
  REQUIRE(parsed->size() == 1);
  return parsed->front();
}

/// A workflow around these steps, which begin in line 4; `steps` is indented by two.
inline std::string with_steps(std::string_view steps) {
  return "name: demo\non: { manual: {} }\nsteps:\n" + std::string(steps);
}

/// A workflow around these triggers, which begin in line 3; `on` is indented by two.
inline std::string with_triggers(std::string_view triggers) {
  return "name: demo\non:\n" + std::string(triggers) + "steps:\n  - log: hello\n";
}

}  // namespace ipaas::test
