// Breakers, on instants that the test makes up.
#include "core/resilience/circuit_breaker.h"

#include "tests/support/catch.h"

using namespace ipaas;
using namespace ipaas::resilience;
using namespace std::chrono_literals;
using End = CircuitBreaker::End;

namespace {

constexpr Instant kStart{std::chrono::milliseconds(1'767'225'600'000)};

/// One allowed call that ended so; true when that opened the breaker.
bool call(CircuitBreaker& breaker, End end, Instant now = kStart, std::string_view to = "api") {
  const auto permit = breaker.allow(to, now);
  REQUIRE_FALSE(permit.wait);
  return breaker.done(to, permit.probe, end, now);
}

CircuitBreaker opened() {
  CircuitBreaker breaker;
  for (int i = 0; i < 5; ++i) call(breaker, End::kDown);
  return breaker;
}

}  // namespace

TEST_CASE("five failures in a row open a breaker for a minute") {
  CircuitBreaker breaker;
  for (int i = 0; i < 4; ++i) CHECK_FALSE(call(breaker, End::kDown));
  CHECK(breaker.open(kStart).empty());
  CHECK(call(breaker, End::kDown));
  CHECK(breaker.allow("api", kStart).wait == 60s);
  CHECK(breaker.allow("api", kStart + 59s).wait == 1s);
  REQUIRE(breaker.open(kStart).size() == 1);
  CHECK(breaker.open(kStart).front().destination == "api");
  CHECK(breaker.open(kStart).front().until == kStart + 60s);
  CHECK_FALSE(breaker.allow("other", kStart).wait);
}

TEST_CASE("an answer in between begins the count anew, and what says nothing does not") {
  CircuitBreaker breaker;
  for (int i = 0; i < 4; ++i) call(breaker, End::kDown);
  call(breaker, End::kAnswered);
  for (int i = 0; i < 4; ++i) CHECK_FALSE(call(breaker, End::kDown));
  call(breaker, End::kUnknown);
  CHECK(call(breaker, End::kDown));
}

TEST_CASE("after its minute one call is let through, and no other until that has ended") {
  CircuitBreaker breaker = opened();
  const auto probe = breaker.allow("api", kStart + 60s);
  CHECK_FALSE(probe.wait);
  CHECK(probe.probe);
  CHECK(breaker.allow("api", kStart + 60s).wait == 5s);
  CHECK(breaker.allow("api", kStart + 10min).wait == 5s);
  SECTION("which closes it when it is answered") {
    CHECK_FALSE(breaker.done("api", true, End::kAnswered, kStart + 61s));
    for (int i = 0; i < 4; ++i) CHECK_FALSE(call(breaker, End::kDown, kStart + 61s));
    CHECK(breaker.open(kStart + 61s).empty());
  }
  SECTION("which keeps it open for another minute when it fails") {
    CHECK(breaker.done("api", true, End::kDown, kStart + 70s));
    CHECK(breaker.allow("api", kStart + 71s).wait == 59s);
    CHECK(breaker.allow("api", kStart + 130s).probe);
  }
  SECTION("and the next one is let through when it was cancelled") {
    CHECK_FALSE(breaker.done("api", true, End::kUnknown, kStart + 61s));
    CHECK(breaker.allow("api", kStart + 61s).probe);
  }
}

TEST_CASE("calls that were out when it opened neither close it nor open it for longer") {
  CircuitBreaker breaker = opened();
  CHECK_FALSE(breaker.done("api", false, End::kAnswered, kStart + 10s));
  CHECK_FALSE(breaker.done("api", false, End::kDown, kStart + 20s));
  CHECK(breaker.allow("api", kStart + 30s).wait == 30s);
}

TEST_CASE("a clock that was set back does not keep it open for as long") {
  CircuitBreaker breaker = opened();
  CHECK(breaker.allow("api", kStart - 24h).wait == 60s);
  CHECK(breaker.allow("api", kStart - 24h + 60s).probe);
}

TEST_CASE("destinations that are well take no memory, and of others there are so many at most") {
  CircuitBreaker breaker(2);
  for (int i = 0; i < 100; ++i) call(breaker, End::kAnswered, kStart, "well-" + std::to_string(i));
  CHECK(breaker.destinations() == 0);
  for (int i = 0; i < 100; ++i) call(breaker, End::kDown, kStart, "down-" + std::to_string(i));
  CHECK(breaker.destinations() == 2);
  // What was forgotten meanwhile is reported all the same.
  CHECK_FALSE(breaker.done("down-0", true, End::kUnknown, kStart));
}
