// What every store promises about concurrency groups: never more than the limit, in the order of acceptance, and nobody
// waits while there is room.
#include <map>
#include <random>
#include <set>

#include "tests/contract/store_suite.h"

namespace ipaas::test {
namespace {

using domain::ExecutionStatus;

/// Begins what was stored queued, if there is a slot.
store::AdvanceExecution claim(const domain::Execution& stored, std::optional<Instant> look_again = {}) {
  auto change = make_change(stored);
  change.execution.status = ExecutionStatus::kRunning;
  change.execution.started_at = kNow;
  change.finished = {EffectId(stored.id.str() + "/start/1")};
  auto write = advance(std::move(change));
  write.claim = true;
  write.look_again = look_again;
  return write;
}

store::AdvanceExecution end(const domain::Execution& stored, ExecutionStatus status = ExecutionStatus::kSucceeded) {
  auto change = make_change(stored);
  change.execution.status = status;
  change.execution.ended_at = kNow;
  change.finished = {EffectId(stored.id.str() + "/start/1")};
  return advance(std::move(change));
}

domain::Execution read(StoreUnderTest& under_test, const std::string& id) {
  const auto snapshot = under_test.reader().execution(kTenant, ExecutionId(id));
  REQUIRE(snapshot);
  return snapshot->execution;
}

bool is_busy(const Result<store::Outcome>& result) {
  return result && result->kind == store::Outcome::Kind::kBusy;
}

/// Which starts are leased at `now`, by the last letter of their execution.
std::string due(StoreUnderTest& under_test, Instant now = kNow) {
  std::string letters;
  const auto outcome = under_test.commit(store::LeaseEffects{now, 100, 9});
  REQUIRE(outcome);
  for (const auto& leased : outcome->leased) letters += leased.effect.execution.str().back();
  return letters;
}

Result<store::Outcome> begin(StoreUnderTest& under_test, const std::string& id, std::optional<Instant> again = {}) {
  return under_test.commit(claim(read(under_test, id), again));
}

}  // namespace

TEST_CASE("a group gives as many slots as its limit, and says who is in the way", "[store][groups]") {
  EACH_STORE;
  under_test.with_workflow();
  for (const char* id : {"ex_a", "ex_b", "ex_c", "ex_d"})
    REQUIRE(is_done(under_test.commit(accept_queued(id, "g", 2))));
  CHECK(due(under_test) == "abcd");
  CHECK(is_done(begin(under_test, "ex_a")));
  CHECK(is_done(begin(under_test, "ex_b")));
  const auto third = begin(under_test, "ex_c");
  REQUIRE(is_busy(third));
  CHECK(third->oldest.str() == "ex_a");
  CHECK(third->count == 0);
  const auto fourth = begin(under_test, "ex_d");
  REQUIRE(is_busy(fourth));
  CHECK(fourth->count == 1);
  CHECK(read(under_test, "ex_c").revision == 1);
  CHECK(read(under_test, "ex_c").status == ExecutionStatus::kQueued);

  CHECK(due(under_test, kNow + std::chrono::hours(24 * 365)).empty());
  CHECK(*under_test.reader().next_effect_due() == std::nullopt);
  REQUIRE(is_done(under_test.commit(end(read(under_test, "ex_a")))));
  CHECK(due(under_test, kNow - std::chrono::hours(1)) == "c");
  CHECK(is_done(begin(under_test, "ex_c")));
  CHECK(due(under_test).empty());
}

TEST_CASE("who waits for a slot can ask who has one and how many are in front", "[store][groups]") {
  EACH_STORE;
  under_test.with_workflow();
  for (const char* id : {"ex_a", "ex_b", "ex_c", "ex_d"})
    REQUIRE(is_done(under_test.commit(accept_queued(id, "g", 2))));
  REQUIRE(is_done(under_test.commit(accept_queued("ex_x", "another"))));
  const auto standing = [&](const char* id, const TenantId& tenant = kTenant) {
    return under_test.reader().standing(tenant, ExecutionId(id));
  };
  CHECK(standing("ex_d")->in_front == 3);
  CHECK(standing("ex_d")->holders.empty());
  REQUIRE(is_done(begin(under_test, "ex_a")));
  REQUIRE(is_done(begin(under_test, "ex_b")));
  CHECK(standing("ex_c")->in_front == 0);
  CHECK(standing("ex_d")->in_front == 1);
  const std::vector<ExecutionId> both{ExecutionId("ex_a"), ExecutionId("ex_b")};
  CHECK(standing("ex_d")->holders == both);
  CHECK(standing("ex_a")->holders.empty());
  CHECK(standing("ex_x")->holders.empty());
  REQUIRE(is_done(under_test.commit(end(read(under_test, "ex_a")))));
  CHECK(standing("ex_d")->holders == std::vector<ExecutionId>{ExecutionId("ex_b")});
  CHECK(standing("ex_d", kOtherTenant).error().kind == ErrorKind::kNotFound);
  CHECK(standing("ex_nothing").error().kind == ErrorKind::kNotFound);
}

TEST_CASE("a slot goes to who was accepted first, also while it is on its way", "[store][groups]") {
  EACH_STORE;
  under_test.with_workflow();
  for (const char* id : {"ex_a", "ex_b"}) REQUIRE(is_done(under_test.commit(accept_queued(id, "g"))));
  const auto late = begin(under_test, "ex_b");
  REQUIRE(is_busy(late));
  CHECK(late->oldest.empty());
  CHECK(late->count == 1);
  CHECK(is_done(begin(under_test, "ex_a")));
}

TEST_CASE("groups of other names, other tenants and none do not meet", "[store][groups]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_x", "greet")}, kOtherTenant)));
  REQUIRE(is_done(under_test.commit(accept_queued("ex_a", "g"))));
  REQUIRE(is_done(begin(under_test, "ex_a")));
  REQUIRE(is_done(under_test.commit(accept_queued("ex_h", "h"))));
  CHECK(is_done(begin(under_test, "ex_h")));
  for (const char* id : {"ex_n", "ex_o"}) {
    REQUIRE(is_done(under_test.commit(accept_queued(id))));
    CHECK(is_done(begin(under_test, id)));
  }
  auto foreign = accept_queued("ex_f", "g");
  foreign.tenant = kOtherTenant;
  foreign.event.workflow = foreign.first->execution.workflow = WorkflowId("wf_x");
  REQUIRE(is_done(under_test.commit(foreign)));
  auto write = claim(foreign.first->execution);
  write.tenant = kOtherTenant;
  CHECK(is_done(under_test.commit(write)));
}

TEST_CASE("an empty name is a group like any other", "[store][groups]") {
  EACH_STORE;
  under_test.with_workflow();
  for (const char* id : {"ex_a", "ex_b"}) REQUIRE(is_done(under_test.commit(accept_queued(id, ""))));
  CHECK(read(under_test, "ex_a").group == "");
  REQUIRE(is_done(under_test.commit(accept_queued("ex_n"))));
  CHECK(!read(under_test, "ex_n").group);
  REQUIRE(due(under_test) == "abn");
  CHECK(is_done(begin(under_test, "ex_a")));
  CHECK(is_busy(begin(under_test, "ex_b")));
  CHECK(is_done(begin(under_test, "ex_n")));
  REQUIRE(is_done(under_test.commit(end(read(under_test, "ex_a")))));
  CHECK(due(under_test) == "b");
}

namespace {

/// Begun in `group`, if any, and calling: its effect is `<id>/call/1`.
store::AdvanceExecution begin_calling(StoreUnderTest& under_test, const std::string& id) {
  auto write = claim(read(under_test, id));
  write.change.effects = {make_effect(id, "call", domain::EffectKind::kChild)};
  return write;
}

/// Called by `parent`, where `held` are the groups of those above.
store::AcceptEvent called(const std::string& parent, const std::string& id, const std::optional<std::string>& group,
                          std::vector<std::string> held) {
  auto write = accept_queued(id, group);
  write.first->execution.parent = domain::Parent{ExecutionId(parent), EffectId(parent + "/call/1")};
  write.first->execution.held = std::move(held);
  return write;
}

/// Begun without asking for a slot, as one does that shares another's.
Result<store::Outcome> begin_shared(StoreUnderTest& under_test, const std::string& id) {
  auto write = begin_calling(under_test, id);
  write.claim = false;
  return under_test.commit(write);
}

}  // namespace

TEST_CASE("who runs in a group that an ancestor holds shares its slot", "[store][groups]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(is_done(under_test.commit(accept_queued("ex_a", "g"))));
  REQUIRE(is_done(under_test.commit(begin_calling(under_test, "ex_a"))));
  REQUIRE(is_done(under_test.commit(called("ex_a", "ex_b", "g", {"f", "g"}))));
  CHECK(is_done(begin(under_test, "ex_b")));
  REQUIRE(is_done(under_test.commit(end(read(under_test, "ex_b")))));
  REQUIRE(is_done(under_test.commit(end(read(under_test, "ex_a")))));
  REQUIRE(is_done(under_test.commit(accept_queued("ex_c", "g"))));
  CHECK(is_done(begin(under_test, "ex_c")));
}

TEST_CASE("what goes on after its caller has ended takes a slot itself", "[store][groups]") {
  EACH_STORE;
  under_test.with_workflow();
  const bool between = GENERATE(false, true);
  REQUIRE(is_done(under_test.commit(accept_queued("ex_a", "g"))));
  REQUIRE(is_done(under_test.commit(begin_calling(under_test, "ex_a"))));
  std::string caller = "ex_a";
  if (between) {
    REQUIRE(is_done(under_test.commit(called("ex_a", "ex_m", std::nullopt, {"g"}))));
    REQUIRE(is_done(begin_shared(under_test, "ex_m")));
    caller = "ex_m";
  }
  REQUIRE(is_done(under_test.commit(called(caller, "ex_b", "g", {"g"}))));
  REQUIRE(is_done(begin_shared(under_test, "ex_b")));
  REQUIRE(is_done(under_test.commit(accept_queued("ex_c", "g"))));
  REQUIRE(due(under_test, kNow - Duration(1)).empty());
  REQUIRE(is_busy(begin(under_test, "ex_c")));

  auto cancelled = end(read(under_test, "ex_a"), ExecutionStatus::kCancelled);
  cancelled.change.finished.emplace_back("ex_a/call/1");
  REQUIRE(is_done(under_test.commit(cancelled)));
  CHECK(is_busy(begin(under_test, "ex_c")));
  CHECK(begin(under_test, "ex_c")->oldest.str() == "ex_b");
  SECTION("until it has ended, too") {
    if (between) REQUIRE(is_done(under_test.commit(end(read(under_test, "ex_m"), ExecutionStatus::kCancelled))));
    CHECK(is_busy(begin(under_test, "ex_c")));
    REQUIRE(is_done(under_test.commit(end(read(under_test, "ex_b"), ExecutionStatus::kCancelled))));
    CHECK(due(under_test, kNow - Duration(1)) == "c");
    CHECK(is_done(begin(under_test, "ex_c")));
  }
  SECTION("and so does what it calls then, in a group of which nobody above has a slot any more") {
    REQUIRE(is_done(under_test.commit(end(read(under_test, "ex_b"), ExecutionStatus::kCancelled))));
    if (!between) return;
    auto late = called("ex_m", "ex_l", "g", {"g"});
    late.first->execution.parent->effect = EffectId("ex_m/late/1");
    auto calls = make_change(read(under_test, "ex_m"));
    calls.effects = {make_effect("ex_m", "late", domain::EffectKind::kChild)};
    REQUIRE(is_done(under_test.commit(advance(calls))));
    REQUIRE(is_done(under_test.commit(late)));
    REQUIRE(is_done(begin_shared(under_test, "ex_l")));
    CHECK(is_busy(begin(under_test, "ex_c")));
  }
}

TEST_CASE("a slot is held until `finally` has ended", "[store][groups]") {
  EACH_STORE;
  under_test.with_workflow();
  for (const char* id : {"ex_a", "ex_b"}) REQUIRE(is_done(under_test.commit(accept_queued(id, "g"))));
  REQUIRE(is_done(begin(under_test, "ex_a")));
  REQUIRE(is_busy(begin(under_test, "ex_b")));
  auto cancelled = make_change(read(under_test, "ex_a"));
  cancelled.execution.status = ExecutionStatus::kCancelled;
  cancelled.execution.phase = domain::Phase::kFinally;
  REQUIRE(is_done(under_test.commit(advance(cancelled))));
  CHECK(due(under_test).empty());
  CHECK(is_busy(begin(under_test, "ex_b")));
  CHECK(under_test.reader().counts()->live_executions == 2);
  REQUIRE(is_done(under_test.commit(end(read(under_test, "ex_a"), ExecutionStatus::kCancelled))));
  CHECK(due(under_test) == "b");
}

TEST_CASE("who is cancelled on its way to a slot leaves it to the next", "[store][groups]") {
  EACH_STORE;
  under_test.with_workflow();
  for (const char* id : {"ex_a", "ex_b", "ex_c"}) REQUIRE(is_done(under_test.commit(accept_queued(id, "g"))));
  REQUIRE(due(under_test) == "abc");
  REQUIRE(is_done(begin(under_test, "ex_a")));
  REQUIRE(is_busy(begin(under_test, "ex_b")));
  REQUIRE(is_busy(begin(under_test, "ex_c")));
  REQUIRE(is_done(under_test.commit(end(read(under_test, "ex_a")))));
  SECTION("before it is leased") {}
  SECTION("while it is leased") {
    REQUIRE(due(under_test) == "b");
  }
  REQUIRE(is_done(under_test.commit(end(read(under_test, "ex_b"), ExecutionStatus::kCancelled))));
  CHECK(due(under_test) == "c");
  CHECK(is_done(begin(under_test, "ex_c")));
}

TEST_CASE("whoever waits looks again when it wants to", "[store][groups]") {
  EACH_STORE;
  under_test.with_workflow();
  for (const char* id : {"ex_a", "ex_b"}) REQUIRE(is_done(under_test.commit(accept_queued(id, "g"))));
  REQUIRE(due(under_test) == "ab");
  REQUIRE(is_done(begin(under_test, "ex_a")));
  REQUIRE(is_busy(begin(under_test, "ex_b", kNow + std::chrono::seconds(1))));
  CHECK(*under_test.reader().next_effect_due() == kNow + std::chrono::seconds(1));
  CHECK(due(under_test).empty());
  CHECK(due(under_test, kNow + std::chrono::seconds(1)) == "b");
}

TEST_CASE("a limit that was raised lets the whole queue move up", "[store][groups]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(is_done(under_test.commit(accept_queued("ex_a", "g", 1))));
  for (const char* id : {"ex_b", "ex_c", "ex_d", "ex_e"})
    REQUIRE(is_done(under_test.commit(accept_queued(id, "g", 3))));
  REQUIRE(due(under_test) == "abcde");
  REQUIRE(is_busy(begin(under_test, "ex_e")));
  REQUIRE(is_busy(begin(under_test, "ex_d")));
  REQUIRE(is_done(begin(under_test, "ex_a")));
  REQUIRE(is_done(begin(under_test, "ex_b")));
  REQUIRE(is_done(begin(under_test, "ex_c")));
  REQUIRE(due(under_test).empty());
  for (const char* id : {"ex_a", "ex_b", "ex_c"}) REQUIRE(is_done(under_test.commit(end(read(under_test, id)))));
  // One is woken by those ends; it wakes the other, for which there is room as well.
  REQUIRE(due(under_test) == "d");
  REQUIRE(is_done(begin(under_test, "ex_d")));
  CHECK(due(under_test) == "e");
}

TEST_CASE("many who wait are counted as they come and go", "[store][groups]") {
  EACH_STORE;
  under_test.with_workflow();
  constexpr int kMany = 600;
  const auto id = [](int i) { return "ex_" + std::to_string(1000 + i); };
  std::vector<store::Write> writes;
  for (int i = 0; i < kMany; ++i) writes.emplace_back(accept_queued(id(i), "g"));
  for (const auto& result : under_test.store().commit(writes)) REQUIRE(is_done(result));
  REQUIRE(is_done(begin(under_test, id(0))));
  CHECK(begin(under_test, id(kMany - 1))->count == kMany - 2);
  REQUIRE(is_done(under_test.commit(end(read(under_test, id(7)), ExecutionStatus::kCancelled))));
  CHECK(begin(under_test, id(kMany - 1))->count == kMany - 3);
  REQUIRE(is_done(under_test.commit(accept_queued(id(kMany), "g"))));
  CHECK(begin(under_test, id(kMany))->count == kMany - 2);
  CHECK(begin(under_test, id(kMany / 2))->count == kMany / 2 - 2);
  // A write that is refused in the middle of its batch takes back what it had counted.
  auto twin = accept_queued(id(3), "g");
  const auto results = under_test.commit_together(accept_queued(id(kMany + 1), "g"), twin);
  REQUIRE(is_done(results[0]));
  REQUIRE(refused_as(results[1], ErrorKind::kConflict));
  CHECK(begin(under_test, id(kMany + 1))->count == kMany - 1);
}

namespace {

/// What the store is compared with: lists, in the order of acceptance.
class Model {
 public:
  struct Member {
    std::string id;
    int limit = 1;
    enum class State { kWaiting, kHolding, kEnded } state = State::kWaiting;
  };

  std::vector<Member> members;

  [[nodiscard]] int holding() const { return count(Member::State::kHolding, members.size()); }
  [[nodiscard]] int waiting_before(std::size_t place) const { return count(Member::State::kWaiting, place); }
  [[nodiscard]] bool has_room(std::size_t place) const {
    return holding() + waiting_before(place) < members[place].limit;
  }
  [[nodiscard]] std::optional<std::size_t> first_waiting() const {
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (members[i].state == Member::State::kWaiting) return i;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::string oldest_holding() const {
    for (const Member& member : members) {
      if (member.state == Member::State::kHolding) return member.id;
    }
    return {};
  }

 private:
  [[nodiscard]] int count(Member::State state, std::size_t end) const {
    int found = 0;
    for (std::size_t i = 0; i < end; ++i) found += members[i].state == state ? 1 : 0;
    return found;
  }
};

/// A daemon that leases, begins, ends, cancels and dies at random, against the model.
class RandomRun {
 public:
  RandomRun(StoreUnderTest& under_test, unsigned seed) : under_test_(under_test), random_(seed) {}

  void step() {
    switch (pick(12)) {
      case 0:
      case 1:
      case 2:
        return accept_one();
      case 3:
      case 4:
        return lease_some();
      case 5:
      case 6:
      case 7:
        return begin_leased();
      case 8:
      case 9:
        return end_one();
      case 10:
        return cancel_one();
      default:
        return pick(4) == 0 ? restart() : end_one();
    }
  }

  /// Nobody waits whose turn it is: the first in line is due, or on its way, wherever there is room for it.
  void check_nobody_is_forgotten() {
    for (auto& [name, model] : groups_) {
      const auto first = model.first_waiting();
      if (!first || !model.has_room(*first)) continue;
      const std::string& id = model.members[*first].id;
      if (leased_.contains(id)) continue;
      INFO("the first in line of group " << name << " is " << id);
      const auto snapshot = under_test_.reader().execution(kTenant, ExecutionId(id));
      REQUIRE(snapshot);
      REQUIRE(snapshot->effects.size() == 1);
      REQUIRE(snapshot->effects.front().due_at <= kNow);
    }
  }

  /// Everybody gets a turn when all goes on.
  void drain() {
    for (int round = 0; round < 10'000 && !everybody_ended(); ++round) {
      lease_some();
      const auto leased = leased_;
      for (const std::string& id : leased) begin_one(id);
      for (auto& [name, model] : groups_) {
        for (std::size_t i = 0; i < model.members.size(); ++i) {
          if (model.members[i].state == Model::Member::State::kHolding)
            end_member(model, i, ExecutionStatus::kSucceeded);
        }
      }
    }
    CHECK(everybody_ended());
    CHECK(under_test_.reader().counts()->live_executions == 0);
    CHECK(under_test_.reader().counts()->outbox == 0);
  }

 private:
  std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }
  Model& any_group() { return groups_["group-" + std::to_string(pick(3))]; }

  [[nodiscard]] bool everybody_ended() const {
    for (const auto& [name, model] : groups_) {
      if (model.holding() > 0 || model.first_waiting()) return false;
    }
    return true;
  }

  void accept_one() {
    const std::string name = "group-" + std::to_string(pick(3));
    const std::string id = "ex_" + std::to_string(100'000 + ++accepted_);
    const int limit = 1 + static_cast<int>(pick(3));
    REQUIRE(is_done(under_test_.commit(accept_queued(id, name, limit))));
    groups_[name].members.push_back({id, limit});
    known_[id] = name;
  }

  void lease_some() {
    const auto outcome = under_test_.commit(store::LeaseEffects{kNow, 1 + pick(4), boot_});
    REQUIRE(outcome);
    for (const auto& leased : outcome->leased) leased_.insert(leased.effect.execution.str());
  }

  void begin_leased() {
    if (leased_.empty()) return;
    auto chosen = leased_.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(pick(leased_.size())));
    begin_one(std::string(*chosen));
  }

  void begin_one(const std::string& id) {
    leased_.erase(id);
    Model& model = groups_.at(known_.at(id));
    const auto place = place_of(model, id);
    if (model.members[place].state != Model::Member::State::kWaiting) return;
    const bool room = model.has_room(place);
    const int in_front = model.waiting_before(place);
    const auto result = under_test_.commit(claim(read(under_test_, id)));
    if (room) {
      REQUIRE(is_done(result));
      model.members[place].state = Model::Member::State::kHolding;
      CHECK(model.holding() <= 3);
    } else {
      REQUIRE(is_busy(result));
      CHECK(result->count == in_front);
      CHECK(result->oldest.str() == model.oldest_holding());
    }
  }

  void end_one() {
    Model& model = any_group();
    for (std::size_t i = 0; i < model.members.size(); ++i) {
      if (model.members[i].state == Model::Member::State::kHolding && pick(2) == 0) {
        return end_member(model, i, ExecutionStatus::kSucceeded);
      }
    }
  }

  void cancel_one() {
    Model& model = any_group();
    if (model.members.empty()) return;
    const std::size_t place = pick(model.members.size());
    if (model.members[place].state != Model::Member::State::kEnded) {
      end_member(model, place, ExecutionStatus::kCancelled);
    }
  }

  void end_member(Model& model, std::size_t place, ExecutionStatus status) {
    REQUIRE(is_done(under_test_.commit(end(read(under_test_, model.members[place].id), status))));
    model.members[place].state = Model::Member::State::kEnded;
  }

  void restart() {
    leased_.clear();
    ++boot_;
    REQUIRE(under_test_.store().release_orphans(boot_));
  }

  static std::size_t place_of(const Model& model, const std::string& id) {
    for (std::size_t i = 0; i < model.members.size(); ++i) {
      if (model.members[i].id == id) return i;
    }
    return model.members.size();
  }

  StoreUnderTest& under_test_;
  std::mt19937 random_;
  std::map<std::string, Model> groups_;
  std::map<std::string, std::string> known_;  ///< the group of each execution
  std::set<std::string> leased_;
  int accepted_ = 0;
  domain::BootId boot_ = 1;
};

}  // namespace

TEST_CASE("no slot leaks and nobody is forgotten, whatever happens in which order", "[store][groups]") {
  EACH_STORE;
  const unsigned seed = GENERATE(1U, 2U, 3U, 4U);
  INFO("seed " << seed);
  under_test.with_workflow();
  RandomRun run(under_test, seed);
  for (int i = 0; i < 1500; ++i) {
    run.step();
    run.check_nobody_is_forgotten();
  }
  run.drain();
}

}  // namespace ipaas::test
