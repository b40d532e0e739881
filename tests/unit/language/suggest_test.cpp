#include "core/language/suggest.h"

#include <array>

#include "tests/support/catch.h"

using namespace ipaas::language;

namespace {
constexpr std::array<std::string_view, 4> kKeys = {"steps", "inputs", "outputs", "timeout"};
}

TEST_CASE("the nearest candidate is suggested") {
  CHECK(closest("step", kKeys) == "steps");
  CHECK(closest("setps", kKeys) == "steps");
  CHECK(closest("STEPS", kKeys) == "steps");
  CHECK(closest("intputs", kKeys) == "inputs");
  CHECK(closest("ouptuts", kKeys) == "outputs");
  CHECK(did_you_mean("time-out", kKeys) == "did you mean `timeout`?");
}

TEST_CASE("what is too different is not suggested") {
  CHECK_FALSE(closest("credential", kKeys));
  CHECK_FALSE(closest("", kKeys));
  CHECK_FALSE(closest("x", kKeys));
  CHECK_FALSE(closest(std::string(100'000, 'a'), kKeys));
  CHECK(did_you_mean("credential", kKeys).empty());
}
