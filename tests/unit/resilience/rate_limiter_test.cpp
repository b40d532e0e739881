// Token buckets, on instants that the test makes up.
#include "core/resilience/rate_limiter.h"

#include <random>
#include <set>

#include "tests/support/catch.h"

using namespace ipaas;
using namespace ipaas::resilience;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{std::chrono::milliseconds(1'767'225'600'000)};
const TenantId kHere("tn_1");
const TenantId kThere("tn_2");

Duration wait(RateLimiter& limiter, int count, Duration per, Instant now, std::string_view key = "api",
              const TenantId& tenant = kHere) {
  return limiter.reserve(tenant, key, count, per, now, 1h).at - now;
}

}  // namespace

TEST_CASE("a full bucket lets its count through at once, and then one after the other") {
  RateLimiter limiter;
  for (int i = 0; i < 10; ++i) CHECK(wait(limiter, 10, 1s, kStart) == 0ms);
  CHECK(wait(limiter, 10, 1s, kStart) == 100ms);
  CHECK(wait(limiter, 10, 1s, kStart) == 200ms);
  // Those two are promised; what came in meanwhile is taken into account.
  CHECK(wait(limiter, 10, 1s, kStart + 250ms) == 50ms);
}

TEST_CASE("a bucket that was left alone is full again, and no fuller") {
  RateLimiter limiter;
  for (int i = 0; i < 2; ++i) CHECK(wait(limiter, 2, 1s, kStart) == 0ms);
  for (int i = 0; i < 2; ++i) CHECK(wait(limiter, 2, 1s, kStart + 10h) == 0ms);
  CHECK(wait(limiter, 2, 1s, kStart + 10h) == 500ms);
}

TEST_CASE("never more than the count and what was refilled go out in any time") {
  const int count = GENERATE(1, 3, 10, 7000);
  const Duration per = GENERATE(Duration(1ms), Duration(1s), Duration(5min));
  RateLimiter limiter;
  std::vector<Instant> sent;
  Instant now = kStart;
  for (int i = 0; i < 3000; ++i) {
    const auto reserved = limiter.reserve(kHere, "api", count, per, now, 24h * 365);
    REQUIRE(reserved.granted);
    REQUIRE(reserved.at >= now);
    sent.push_back(reserved.at);
    now += Duration(i % 3);
  }
  REQUIRE(std::is_sorted(sent.begin(), sent.end()));
  for (std::size_t i = static_cast<std::size_t>(2 * count); i < sent.size(); ++i) {
    // Between the first and the last of 2 * count + 1 there was time to refill count + 1 - 1.
    CHECK(sent[i] - sent[i - static_cast<std::size_t>(2 * count)] >= per - 1ms);
  }
}

TEST_CASE("keys and tenants have a bucket each") {
  RateLimiter limiter;
  CHECK(wait(limiter, 1, 1s, kStart, "a") == 0ms);
  CHECK(wait(limiter, 1, 1s, kStart, "b") == 0ms);
  CHECK(wait(limiter, 1, 1s, kStart, "a", kThere) == 0ms);
  CHECK(wait(limiter, 1, 1s, kStart, "a") == 1s);
}

TEST_CASE("who would wait too long takes nothing") {
  RateLimiter limiter;
  REQUIRE(limiter.reserve(kHere, "api", 1, 40min, kStart, 1h).granted);
  REQUIRE(limiter.reserve(kHere, "api", 1, 40min, kStart, 1h).at == kStart + 40min);
  for (int i = 0; i < 3; ++i) {
    const auto refused = limiter.reserve(kHere, "api", 1, 40min, kStart, 1h);
    CHECK_FALSE(refused.granted);
    CHECK(refused.at == kStart + 80min);
  }
  CHECK(limiter.reserve(kHere, "api", 1, 40min, kStart + 20min, 1h).granted);
}

TEST_CASE("a clock that was set back does not close a bucket for as long") {
  RateLimiter limiter;
  CHECK(wait(limiter, 1, 1s, kStart) == 0ms);
  CHECK(wait(limiter, 1, 1s, kStart - 24h) == 0ms);
  CHECK(wait(limiter, 1, 1s, kStart - 24h) == 1s);
}

TEST_CASE("limits that make no sense are the nearest that do") {
  RateLimiter limiter;
  CHECK(wait(limiter, 0, 1s, kStart, "none") == 0ms);
  CHECK(wait(limiter, 0, 1s, kStart, "none") == 1s);
  CHECK(wait(limiter, -5, -1s, kStart, "minus") == 0ms);
  CHECK(wait(limiter, -5, -1s, kStart, "minus") == 1ms);
}

TEST_CASE("of too many keys the one that was not used for the longest time is forgotten") {
  RateLimiter limiter(2);
  CHECK(wait(limiter, 1, 1s, kStart, "a") == 0ms);
  CHECK(wait(limiter, 1, 1s, kStart, "b") == 0ms);
  CHECK(wait(limiter, 1, 1s, kStart, "a") == 1s);
  CHECK(wait(limiter, 1, 1s, kStart, "c") == 0ms);  // b goes
  CHECK(limiter.keys() == 2);
  CHECK(wait(limiter, 1, 1s, kStart, "a") == 2s);
  CHECK(wait(limiter, 1, 1s, kStart, "b") == 0ms);
}

TEST_CASE("a tenant that invents keys empties no bucket of another one") {
  RateLimiter limiter(10);
  CHECK(wait(limiter, 1, 1h, kStart, "a", kThere) == 0ms);
  for (int i = 0; i < 1000; ++i) CHECK(wait(limiter, 1, 1h, kStart, "key" + std::to_string(i)) == 0ms);
  CHECK(limiter.keys() == 10);
  CHECK(wait(limiter, 1, 1h, kStart, "a", kThere) == 1h);
}

TEST_CASE("what is given back before its time goes to the next one, at that time") {
  RateLimiter limiter;
  for (int i = 0; i < 4; ++i) CHECK(wait(limiter, 1, 1s, kStart) == i * 1s);
  limiter.give_back(kHere, "api", kStart + 1s);
  limiter.give_back(kHere, "api", kStart + 2s);
  CHECK(wait(limiter, 1, 1s, kStart) == 1s);
  CHECK(wait(limiter, 1, 1s, kStart) == 2s);
  CHECK(wait(limiter, 1, 1s, kStart) == 4s);
}

TEST_CASE("a thousand that are given back hold up nobody") {
  RateLimiter limiter;
  for (int i = 0; i < 1000; ++i) CHECK(wait(limiter, 1, 1s, kStart) == i * 1s);
  for (int i = 1; i < 1000; ++i) limiter.give_back(kHere, "api", kStart + i * 1s);
  CHECK(wait(limiter, 1, 1s, kStart + 500ms) == 500ms);
  CHECK(wait(limiter, 1, 1s, kStart + 5min) == 0ms);
}

TEST_CASE("what is given back at once is in the bucket again") {
  RateLimiter limiter;
  for (int i = 0; i < 2; ++i) CHECK(wait(limiter, 2, 1s, kStart) == 0ms);
  limiter.give_back(kHere, "api", kStart);
  CHECK(wait(limiter, 2, 1s, kStart) == 0ms);
  CHECK(wait(limiter, 2, 1s, kStart) == 500ms);
  // Of buckets that nobody knows, nothing is kept.
  limiter.give_back(kHere, "other", kStart);
  limiter.give_back(kThere, "api", kStart);
  CHECK(limiter.keys() == 1);
}

TEST_CASE("whatever is given back, never more than the count and what was refilled go out in any time") {
  const int count = GENERATE(1, 3, 10);
  const auto seed = static_cast<unsigned>(GENERATE(range(0, 20)));
  std::mt19937 random(seed);
  constexpr Duration kPer = 1s;
  RateLimiter limiter;
  std::multiset<Instant> sent;
  Instant now = kStart;
  for (int i = 0; i < 2000; ++i) {
    const auto reserved = limiter.reserve(kHere, "api", count, kPer, now, 1h);
    REQUIRE(reserved.granted);
    sent.insert(reserved.at);
    if (random() % 3 == 0) {
      // Any that has not gone out yet, or has been granted just now.
      const auto waiting = sent.lower_bound(now);
      const auto open = std::distance(waiting, sent.end());
      const auto freed = std::next(waiting, static_cast<std::ptrdiff_t>(random() % static_cast<unsigned>(open)));
      limiter.give_back(kHere, "api", *freed);
      sent.erase(freed);
    }
    now += Duration(random() % (2000U / static_cast<unsigned>(count)));
  }
  for (auto first = sent.begin(); first != sent.end(); ++first) {
    const auto in_time = std::distance(first, sent.lower_bound(*first + kPer));
    CHECK(in_time <= 2 * count);
  }
}

TEST_CASE("a time that no clock can count is the longest that makes sense") {
  RateLimiter limiter;
  const Duration endless = std::chrono::hours(24 * 7) * 20'000;
  CHECK(limiter.reserve(kHere, "api", 1, endless, kStart, 1h).granted);
  CHECK_FALSE(limiter.reserve(kHere, "api", 1, endless, kStart, 1h).granted);
}
