// What every store promises about who is served next.
#include <algorithm>
#include <set>

#include "tests/contract/store_suite.h"

namespace ipaas::test {
namespace {

const TenantId kThirdTenant{"tn_third"};

/// A queued execution of a tenant, whose workflow is `wf_<tenant>`.
store::AcceptEvent queued(const TenantId& tenant, const std::string& id,
                          domain::Priority priority = domain::Priority::kNormal) {
  auto write = accept_queued(id);
  write.tenant = tenant;
  write.event.workflow = write.first->execution.workflow = WorkflowId("wf_" + tenant.str());
  write.first->execution.priority = priority;
  return write;
}

void with_tenants(StoreUnderTest& under_test) {
  for (const TenantId& tenant : {kTenant, kOtherTenant, kThirdTenant}) {
    REQUIRE(under_test.commit(save_workflows({make_workflow("wf_" + tenant.str(), "greet")}, tenant)));
  }
}

/// The executions whose effects are leased, `x` for `ex_x`.
std::string lease(StoreUnderTest& under_test, std::size_t limit, Instant now = kNow) {
  std::string letters;
  const auto outcome = under_test.commit(store::LeaseEffects{now, limit, 7});
  REQUIRE(outcome);
  for (const auto& leased : outcome->leased) letters += leased.effect.execution.str().substr(3, 1);
  return letters;
}

void queue_many(StoreUnderTest& under_test, const TenantId& tenant, char letter, int count) {
  std::vector<store::Write> writes;
  for (int i = 0; i < count; ++i) {
    writes.emplace_back(queued(tenant, std::string("ex_") + letter + std::to_string(10'000 + i)));
  }
  for (const auto& result : under_test.store().commit(writes)) REQUIRE(is_done(result));
}

std::ptrdiff_t count(const std::string& letters, char letter) {
  return std::count(letters.begin(), letters.end(), letter);
}

}  // namespace

TEST_CASE("tenants are served in turn, however much one of them has", "[store][leasing]") {
  EACH_STORE;
  with_tenants(under_test);
  queue_many(under_test, kTenant, 'a', 500);
  queue_many(under_test, kOtherTenant, 'b', 3);
  queue_many(under_test, kThirdTenant, 'c', 1);
  CHECK(lease(under_test, 7) == "abcabab");
  CHECK(lease(under_test, 4) == "aaaa");
  queue_many(under_test, kThirdTenant, 'd', 1);
  CHECK(count(lease(under_test, 2), 'd') == 1);
}

TEST_CASE("turns go on where they stopped", "[store][leasing]") {
  EACH_STORE;
  with_tenants(under_test);
  queue_many(under_test, kTenant, 'a', 50);
  queue_many(under_test, kOtherTenant, 'b', 50);
  queue_many(under_test, kThirdTenant, 'c', 50);
  std::string all;
  for (int i = 0; i < 12; ++i) all += lease(under_test, 1);
  CHECK(all == "abcabcabcabc");
  all.clear();
  for (int i = 0; i < 9; ++i) all += lease(under_test, 5);
  for (const char letter : {'a', 'b', 'c'}) CHECK(count(all, letter) == 15);
}

TEST_CASE("within a tenant what goes on goes before what begins, then the urgent, and then the older",
          "[store][leasing]") {
  EACH_STORE;
  with_tenants(under_test);
  under_test.commit(save_workflows({make_workflow("wf_1", "part")}));
  auto running = accept("ex_r", domain::ExecutionStatus::kRunning);
  running.first->execution.priority = domain::Priority::kLow;
  running.first->effects = {make_effect("ex_r", "call", kNow - std::chrono::seconds(1)),
                            make_effect("ex_r", "sleep", domain::EffectKind::kTimer, kNow)};
  auto old = queued(kTenant, "ex_o");
  old.first->effects = {make_effect("ex_o", "start", domain::EffectKind::kStart, kNow - std::chrono::hours(1))};
  using enum domain::Priority;
  for (const auto& result : under_test.commit_together(queued(kTenant, "ex_l", kLow), queued(kTenant, "ex_n", kNormal),
                                                       old, queued(kTenant, "ex_h", kHigh), running)) {
    REQUIRE(is_done(result));
  }
  CHECK(lease(under_test, 1) == "r");
  CHECK(lease(under_test, 10) == "rhonl");
}

TEST_CASE("what is for later is not leased, and is known", "[store][leasing]") {
  EACH_STORE;
  with_tenants(under_test);
  auto later = queued(kOtherTenant, "ex_b");
  later.first->effects = {make_effect("ex_b", "start", domain::EffectKind::kStart, kNow + std::chrono::hours(1))};
  auto sleeping = queued(kTenant, "ex_a");
  sleeping.first->effects = {make_effect("ex_a", "nap", domain::EffectKind::kTimer, kNow + std::chrono::hours(2))};
  for (const auto& result : under_test.commit_together(later, sleeping)) REQUIRE(is_done(result));
  CHECK(lease(under_test, 5).empty());
  CHECK(*under_test.reader().next_effect_due() == kNow + std::chrono::hours(1));
  CHECK(lease(under_test, 5, kNow + std::chrono::minutes(90)) == "b");
  CHECK(lease(under_test, 5, kNow + std::chrono::minutes(90)).empty());
  CHECK(lease(under_test, 5, kNow + std::chrono::hours(2)) == "a");
  CHECK(*under_test.reader().next_effect_due() == std::nullopt);
}

TEST_CASE("a batch that is refused does not lose what was due", "[store][leasing]") {
  EACH_STORE;
  with_tenants(under_test);
  REQUIRE(is_done(under_test.commit(queued(kTenant, "ex_a"))));
  auto twin = queued(kTenant, "ex_a");
  std::vector<store::Write> batch{store::LeaseEffects{kNow, 5, 7}, twin, queued(kTenant, "ex_b")};
  const auto results = under_test.store().commit(batch);
  REQUIRE(results[0]);
  CHECK(results[0]->leased.size() == 1);
  CHECK(refused_as(results[1], ErrorKind::kConflict));
  CHECK(lease(under_test, 5) == "b");
}

TEST_CASE("effects that needed no decision are finished without one", "[store][leasing]") {
  EACH_STORE;
  under_test.with_workflow();
  auto ended = accept("ex_1");
  ended.first->effects = {make_effect("ex_1", "report", domain::EffectKind::kReport),
                          make_effect("ex_1", "announce", domain::EffectKind::kAnnounce)};
  REQUIRE(is_done(under_test.commit(ended)));
  store::FinishEffects finish{kTenant, ExecutionId("ex_1"), {EffectId("ex_1/report/1"), EffectId("ex_1/never/1")}};
  CHECK(is_done(under_test.commit(finish)));
  CHECK(is_done(under_test.commit(finish)));
  const auto snapshot = under_test.reader().execution(kTenant, ExecutionId("ex_1"));
  CHECK(snapshot->execution.revision == 1);
  REQUIRE(snapshot->effects.size() == 1);
  CHECK(snapshot->effects.front().kind == domain::EffectKind::kAnnounce);
  finish.tenant = kOtherTenant;
  finish.effects = {EffectId("ex_1/announce/1")};
  CHECK(refused_as(under_test.commit(finish), ErrorKind::kNotFound));
  CHECK(under_test.reader().counts()->outbox == 1);
}

TEST_CASE("calls can be left where they are, and what else is due is found among any number of them", "[store][leasing]") {
  EACH_STORE;
  with_tenants(under_test);
  for (const char letter : {'a', 'b', 'c'}) {
    auto write = queued(letter == 'c' ? kOtherTenant : kTenant, std::string("ex_") + letter);
    const std::string id = write.first->execution.id.str();
    write.first->effects.clear();
    for (int i = 0; i < 20; ++i) write.first->effects.push_back(make_effect(id, "call" + std::to_string(i)));
    write.first->effects.push_back(make_effect(id, "nap", domain::EffectKind::kTimer));
    REQUIRE(is_done(under_test.commit(write)));
  }
  REQUIRE(is_done(under_test.commit(queued(kTenant, "ex_d"))));
  store::LeaseEffects others{.now = kNow, .limit = 100, .owner = 7};
  others.calls = false;
  const auto leased = under_test.commit(others);
  REQUIRE(leased);
  std::multiset<std::string> found;
  for (const auto& each : leased->leased) {
    found.insert(each.effect.execution.str().substr(3, 1) + std::string(effect_name(each.effect.kind)));
  }
  CHECK(found == std::multiset<std::string>{"atimer", "btimer", "ctimer", "dstart"});
  CHECK(under_test.commit(others)->leased.empty());
  CHECK(*under_test.reader().next_effect_due().value() == kNow);
  CHECK(lease(under_test, 100).size() == 60);
}

}  // namespace ipaas::test
