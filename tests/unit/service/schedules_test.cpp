// Resting schedules, firing by hand, and going back to an older version.
#include "core/service/schedules.h"

#include "core/base/time_text.h"
#include "tests/unit/service/service_case.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;
using security::Role;

namespace {

constexpr std::string_view kHourly = "{ manual: {}, schedule: [ { cron: \"0 * * * *\" } ] }";

std::string instants(const Result<service::Backfill>& backfill) {
  REQUIRE(backfill);
  std::string text;
  for (const auto& item : backfill->items) text += (text.empty() ? "" : " ") + format_instant(item.instant).substr(11, 5);
  return text;
}

class BackfillCase : public ServiceCase {
 public:
  BackfillCase() {
    REQUIRE(apply({workflow_text("tick", kHourly)}) == "created tick");
    clock.advance(24h);
  }
  Result<service::Backfill> backfill(Duration from, Duration to, bool dry_run = false, const std::string& name = "tick") {
    return service::backfill_schedules(owner(), {name, kNow + from, kNow + to, dry_run});
  }
  [[nodiscard]] domain::Schedule schedule() { return service::list_schedules(owner(), "tick").value().at(0); }
  void fire(Duration instant) {
    store::AcceptEvent write;
    write.tenant = kTenant;
    write.event = make_event("ev_" + std::to_string(instant.count()), schedule().workflow.str());
    write.tick = store::AcceptEvent::Tick{schedule().id, kNow + instant, kNow + instant + 1h};
    write.tick->by_hand = true;
    REQUIRE(memory->commit({write}).front()->kind == store::Outcome::Kind::kDone);
  }
};

}  // namespace

TEST_CASE("a backfill starts every instant of its time that has not fired, the oldest first") {
  BackfillCase with;
  with.fire(2h);
  CHECK(instants(with.backfill(1h, 5h, true)) == "01:00 03:00 04:00");
  CHECK(with.runtime.arrivals.empty());
  CHECK(instants(with.backfill(1h, 5h)) == "01:00 03:00 04:00");
  REQUIRE(with.runtime.arrivals.size() == 3);
  const auto& arrival = with.runtime.arrivals[1];
  CHECK(arrival.trigger == domain::TriggerKind::kSchedule);
  CHECK(arrival.payload.value["scheduled_for"] == "2026-01-01T03:00:00.000Z");
  CHECK(arrival.starter == "uid:7");
  CHECK(arrival.tick->by_hand);
  CHECK(arrival.tick->due == kNow + 3h);
  CHECK(arrival.tick->next == kNow + 4h);
  REQUIRE(arrival.audit);
  CHECK(arrival.audit->action == "schedule.backfill");
  CHECK(arrival.audit->target == "tick");
  CHECK(instants(with.backfill(30min, 1h, true)).empty());
  CHECK(instants(with.backfill(1h, 1h + 1ms, true, with.schedule().id.str())) == "01:00");
}

TEST_CASE("a backfill starts at most a thousand, and says where it left off") {
  BackfillCase with;
  with.clock.advance(100 * 24h);
  const auto first = with.backfill(0h, 2000h, true);
  REQUIRE(first);
  CHECK(first->items.size() == 1000);
  CHECK(first->left == kNow + 1000h);
  CHECK_FALSE(with.backfill(1000h, 2000h, true)->left);
}

TEST_CASE("a backfill is refused where it makes no sense") {
  BackfillCase with;
  const auto kind = [](const auto& result) { return result ? ErrorKind::kInternal : result.error().kind; };
  CHECK(kind(with.backfill(5h, 5h)) == ErrorKind::kInvalid);
  CHECK(kind(with.backfill(5h, 25h)) == ErrorKind::kInvalid);
  CHECK(kind(with.backfill(1h, 2h, false, "nobody")) == ErrorKind::kNotFound);
  CHECK(kind(with.backfill(1h, 2h, false, "sc_nobody")) == ErrorKind::kNotFound);
  REQUIRE(with.apply({workflow_text("plain")}) == "created plain");
  CHECK(kind(with.backfill(1h, 2h, false, "plain")) == ErrorKind::kConflict);
  CHECK(kind(service::backfill_schedules(with.as(Role::kOperator), {"tick", kNow, kNow + 1h})) == ErrorKind::kForbidden);
  REQUIRE(service::set_workflow_enabled(with.owner(), "tick", false));
  CHECK(kind(with.backfill(1h, 2h)) == ErrorKind::kConflict);
  CHECK(with.runtime.arrivals.empty());
}

TEST_CASE("a paused schedule stands after now when it is resumed") {
  BackfillCase with;
  const auto paused = service::pause_schedules(with.owner(), "tick", true);
  REQUIRE(paused);
  CHECK(paused->front().paused_at == kNow + 24h);
  const auto resumed = service::pause_schedules(with.owner(), paused->front().id.str(), false);
  REQUIRE(resumed);
  CHECK_FALSE(resumed->front().paused_at);
  CHECK(resumed->front().next_due == kNow + 25h);
  CHECK(with.runtime.workflow_changes == 3);
  CHECK_FALSE(service::pause_schedules(with.owner(), "nobody", true));
  CHECK_FALSE(service::pause_schedules(with.as(Role::kOperator), "tick", true));
}

TEST_CASE("lag is how late the last tick was, or how long one waits by now") {
  domain::Schedule schedule = make_schedule("sc_1", "0 * * * *", kNow);
  schedule.last_lag = 3s;
  CHECK(service::lag_of(schedule, kNow - 1s) == 3s);
  CHECK(service::lag_of(schedule, kNow + 10s) == 10s);
  schedule.paused_at = kNow;
  CHECK(service::lag_of(schedule, kNow + 10s) == 3s);
}

TEST_CASE("applying keeps where a schedule stands and gives it the jitter of the new version") {
  ServiceCase with;
  const auto text = [](const std::string& more) {
    return workflow_text("tick", "{ manual: {}, schedule: [ { cron: \"0 * * * *\"" + more + " } ] }");
  };
  REQUIRE(with.apply({text("")}) == "created tick");
  const auto before = service::list_schedules(with.owner(), "tick").value().at(0);
  CHECK(before.next_due == kNow + 1h);
  with.clock.advance(90min);
  REQUIRE(with.apply({text(", timezone: Europe/Paris")}) == "updated tick");
  const auto other = service::list_schedules(with.owner(), "tick").value().at(0);
  CHECK(other.id != before.id);
  CHECK(other.next_due == kNow + 2h);
}

TEST_CASE("rolling back makes the old text the newest version") {
  ServiceCase with;
  const std::string first = workflow_text("greet", "{ manual: {} }", "steps: [ { log: one } ]\n");
  REQUIRE(with.apply({first}) == "created greet");
  REQUIRE(with.apply({workflow_text("greet", "{ manual: {} }", "steps: [ { log: two } ]\n")}) == "updated greet");
  const auto back = service::roll_back_workflow(with.owner(), "greet", 1, "");
  REQUIRE(back);
  CHECK(back->version == 3);
  const auto versions = service::list_versions(with.owner(), "greet");
  REQUIRE(versions->size() == 3);
  CHECK(versions->at(0).message == "back to version 1");
  CHECK(versions->at(0).author == "uid:7");
  CHECK(versions->at(0).digest == versions->at(2).digest);
  CHECK(service::get_version(with.owner(), "greet", 3)->source == first);

  const auto again = service::roll_back_workflow(with.owner(), "greet", 1, "");
  REQUIRE(again);
  CHECK(again->action == store::SavedWorkflow::Action::kUnchanged);
  for (const int unknown : {0, 4, -1}) {
    const auto refused = service::roll_back_workflow(with.owner(), "greet", unknown, "");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().front().kind == ErrorKind::kNotFound);
  }
  CHECK_FALSE(service::roll_back_workflow(with.owner(), "nobody", 1, ""));
  CHECK_FALSE(service::roll_back_workflow(with.as(Role::kOperator), "greet", 1, ""));
}

TEST_CASE("calls that go in a circle over living workflows are refused, and a called one is not deleted") {
  ServiceCase with;
  const auto calling = [](const std::string& name, const std::string& callee) {
    return workflow_text(name, "{ manual: {} }", "steps: [ { log: hi }, { call: " + callee + " } ]\n");
  };
  REQUIRE(with.apply({workflow_text("leaf"), calling("middle", "leaf")}) == "created leaf, created middle");
  CHECK(with.apply({calling("leaf", "middle")}) == "call_cycle");
  CHECK(with.errors.front().message.find("leaf -> middle -> leaf") != std::string::npos);
  CHECK(with.errors.front().file == "f0.yaml");
  const auto refused = service::delete_workflow(with.owner(), "leaf");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "still_called");
  CHECK(refused.error().message.find("middle") != std::string::npos);
  CHECK(service::delete_workflow(with.owner(), "middle"));
  CHECK(service::delete_workflow(with.owner(), "leaf"));

  service::ApplyRequest request;
  request.documents.push_back({"top.yaml", calling("top", "nobody")});
  const auto applied = service::apply_workflows(with.owner(), request);
  REQUIRE(applied);
  CHECK(applied->front().missing_calls == std::vector<std::string>{"nobody"});
}

TEST_CASE("an old version that apply would refuse today is refused") {
  ServiceCase with;
  REQUIRE(with.memory->commit({save_workflows({make_workflow("wf_1", "greet", workflow_text("greet", "{ manual: {} }", kSlackSteps))})}).front());
  REQUIRE(with.memory->commit({save_workflows({make_workflow("wf_1", "greet", workflow_text("greet"))})}).front());
  const auto refused = service::roll_back_workflow(with.owner(), "greet", 1, "");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().front().code == "credential_missing");
  CHECK(with.reader->workflow(kTenant, "greet")->version == 2);
}
