#include "tests/unit/language/workflow_case.h"

using namespace ipaas;
using namespace ipaas::test;
using language::bind_inputs;

namespace {

std::vector<language::Input> declared() {
  return only_workflow("name: a\non: { manual: {} }\ninputs:\n"
                       "  city: { type: choice, options: [Berlin, Paris], default: Berlin }\n"
                       "  count: { type: number, required: true }\n"
                       "  dry-run: { type: boolean, default: false }\n"
                       "  note: {}\n"
                       "  extra: { type: json, default: { a: [1] } }\n"
                       "steps: [ { log: x } ]\n")
      ->inputs;
}

std::string refusal(const Json& given) {
  const auto bound = bind_inputs(declared(), given);
  if (bound) return {};
  CHECK(bound.error().code == "input_invalid");
  return bound.error().message + ": " + bound.error().hint;
}

}  // namespace

TEST_CASE("inputs that are not given take their defaults, in the order of the declaration") {
  const auto bound = bind_inputs(declared(), {{"count", 5}});
  REQUIRE(bound);
  CHECK(bound->dump() == R"({"city":"Berlin","count":5,"dry-run":false,"extra":{"a":[1]}})");
}

TEST_CASE("texts are read as what the input is declared to be") {
  const auto bound = bind_inputs(
      declared(), {{"count", "12345678901234567"}, {"dry-run", "true"}, {"extra", "[1, \"x\"]"}, {"note", "7"}, {"city", "Paris"}});
  REQUIRE(bound);
  CHECK(bound->dump() == R"({"city":"Paris","count":12345678901234567,"dry-run":true,"note":"7","extra":[1,"x"]})");
}

TEST_CASE("inputs that do not fit are refused") {
  CHECK(refusal({{"count", 1}, {"ctiy", "x"}}) == "there is no input `ctiy`: did you mean `city`?");
  CHECK(refusal(Json::object()).starts_with("the input `count` is required"));
  CHECK(refusal(nullptr).starts_with("the input `count` is required"));
  CHECK(refusal(Json::array()).starts_with("the inputs must be an object"));
  CHECK(refusal({{"count", "five"}}).starts_with("the input `count` must be a number, but is text"));
  CHECK(refusal({{"count", nullptr}}).starts_with("the input `count` must be a number, but is null"));
  CHECK(refusal({{"count", 1}, {"dry-run", "yes"}}).starts_with("the input `dry-run` must be true or false"));
  CHECK(refusal({{"count", 1}, {"city", "Rome"}}).starts_with("the input `city` has no option `Rome`"));
  CHECK(refusal({{"count", 1}, {"note", 5}}).starts_with("the input `note` must be text, but is a number"));
  CHECK(refusal({{"count", 1}, {"extra", "{"}}).starts_with("the input `extra` is not JSON"));
}
