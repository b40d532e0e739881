// What variables may be called and hold, and what is told of them.
#include "core/service/variables.h"

#include "core/service/views.h"
#include "tests/unit/service/service_case.h"

using namespace ipaas;
using namespace ipaas::test;

TEST_CASE("a variable is set, and the instance is told") {
  ServiceCase with;
  const auto set = service::set_variable(with.owner(), "Region", "eu");
  REQUIRE(set);
  CHECK(with.runtime.variable_changes == 1);
  // A second spelling is the same variable, which keeps its first name.
  CHECK(service::set_variable(with.owner(), "REGION", 7)->name == "Region");
  const auto all = service::list_variables(with.owner());
  REQUIRE(all->size() == 1);
  CHECK(all->front().value == 7);
  REQUIRE(service::delete_variable(with.owner(), "region"));
  CHECK(service::delete_variable(with.owner(), "region").error().kind == ErrorKind::kNotFound);
  CHECK(with.runtime.variable_changes == 3);
}

TEST_CASE("names that no expression can write, and values beyond the limit, are refused") {
  ServiceCase with;
  for (const char* name : {"", "1st", "a b", "a.b", "-a", "ä", "a/b", "x'y"}) {
    INFO(name);
    const auto set = service::set_variable(with.owner(), name, 1);
    REQUIRE_FALSE(set);
    CHECK(set.error().code == "bad_name");
  }
  CHECK(service::set_variable(with.owner(), std::string(101, 'a'), 1).error().code == "bad_name");
  CHECK(service::set_variable(with.owner(), std::string(100, 'a'), 1));
  CHECK(service::set_variable(with.owner(), "big", std::string(service::kLongestVariable - 2, 'x')));
  CHECK(service::set_variable(with.owner(), "big", std::string(service::kLongestVariable, 'x')).error().kind ==
        ErrorKind::kTooLarge);
}

TEST_CASE("a tenant has so many variables and no more") {
  ServiceCase with;
  for (std::size_t i = 0; i < service::kMostVariables; ++i) {
    REQUIRE(service::set_variable(with.owner(), "v" + std::to_string(i), 1));
  }
  CHECK(service::set_variable(with.owner(), "one-more", 1).error().kind == ErrorKind::kTooLarge);
  CHECK(service::set_variable(with.owner(), "V0", 2));
}

TEST_CASE("a secret in a variable is masked where it is shown") {
  ServiceCase with;
  const auto plain = service::set_variable(with.owner(), "note", "it is hunter2-hunter2");
  CHECK(service::view(*plain, with.masker)["value"] == "it is ***REDACTED***");
  const auto named = service::set_variable(with.owner(), "api_token", "abc");
  CHECK(service::view(*named, with.masker)["value"] == "***REDACTED***");
  CHECK(service::view(*service::set_variable(with.owner(), "n", 7), with.masker)["value"] == 7);
}
