// What came in at webhooks, and what waits for an answer.
#include "tests/contract/store_suite.h"

using namespace ipaas;
using namespace ipaas::test;
using domain::Delivery;
using namespace std::chrono_literals;

namespace {

Delivery noted(const std::string& id, Instant at, Delivery::Fate fate = Delivery::Fate::kRefused) {
  Delivery delivery;
  delivery.id = EventId(id);
  delivery.tenant = kTenant;
  delivery.workflow = WorkflowId("wf_1");
  delivery.at = at;
  delivery.fate = fate;
  delivery.code = "signature_mismatch";
  delivery.reason = "no signature fits";
  return delivery;
}

std::vector<std::string> ids_of(const Result<std::vector<Delivery>>& found) {
  REQUIRE(found);
  std::vector<std::string> ids;
  for (const Delivery& delivery : *found) ids.push_back(delivery.id.str());
  return ids;
}

store::AcceptEvent delivered(const std::string& suffix, Instant at) {
  domain::Execution execution = make_execution("ex_" + suffix, domain::ExecutionStatus::kRunning);
  execution.event = EventId("ev_" + suffix);
  execution.created_at = at;
  store::AcceptEvent write = accept(make_change(execution));
  write.event.received_at = at;
  write.payload = R"({"body":")" + suffix + "\"}";
  return write;
}

}  // namespace

TEST_CASE("deliveries are listed the newest first, whatever became of them") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(is_done(under_test.commit(delivered("1", kNow))));
  store::AcceptEvent disabled = delivered("2", kNow + 2s);
  disabled.first.reset();
  REQUIRE(is_done(under_test.commit(disabled)));
  REQUIRE(is_done(under_test.commit(store::NoteDeliveries{{noted("ev_x", kNow + 1s), noted("ev_y", kNow + 3s, Delivery::Fate::kDuplicate)}})));
  REQUIRE(is_done(under_test.commit(delivered("3", kNow + 4s))));

  const auto found = under_test.reader().deliveries(kTenant, WorkflowId("wf_1"), 10);
  CHECK(ids_of(found) == std::vector<std::string>{"ev_3", "ev_y", "ev_2", "ev_x", "ev_1"});
  CHECK((*found)[0].fate == Delivery::Fate::kAccepted);
  CHECK((*found)[0].execution.str() == "ex_3");
  CHECK((*found)[2].fate == Delivery::Fate::kDisabled);
  CHECK((*found)[2].execution.empty());
  CHECK((*found)[3].code == "signature_mismatch");
  CHECK((*found)[3].reason == "no signature fits");
  CHECK(ids_of(under_test.reader().deliveries(kTenant, WorkflowId("wf_1"), 2)) == std::vector<std::string>{"ev_3", "ev_y"});
}

TEST_CASE("a delivery is found with what it carried, where that was kept") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(is_done(under_test.commit(delivered("1", kNow))));
  store::AcceptEvent disabled = delivered("2", kNow);
  disabled.first.reset();
  REQUIRE(is_done(under_test.commit(disabled)));
  REQUIRE(is_done(under_test.commit(store::NoteDeliveries{{noted("ev_x", kNow)}})));

  const auto accepted = under_test.reader().delivery(kTenant, EventId("ev_1"));
  REQUIRE(accepted);
  CHECK(accepted->payload == R"({"body":"1"})");
  CHECK(accepted->delivery.workflow.str() == "wf_1");
  CHECK(accepted->delivery.execution.str() == "ex_1");
  CHECK(under_test.reader().delivery(kTenant, EventId("ev_2"))->payload == R"({"body":"2"})");
  CHECK(under_test.reader().delivery(kTenant, EventId("ev_x"))->payload.empty());
  for (const char* id : {"ev_nothing", "", "ex_1", "e"}) {
    CHECK(refused_as(under_test.reader().delivery(kTenant, EventId(id)), ErrorKind::kNotFound));
  }
  CHECK(refused_as(under_test.reader().delivery(kOtherTenant, EventId("ev_1")), ErrorKind::kNotFound));
  CHECK(refused_as(under_test.reader().delivery(kOtherTenant, EventId("ev_2")), ErrorKind::kNotFound));
  CHECK(refused_as(under_test.reader().deliveries(kOtherTenant, WorkflowId("wf_1"), 5), ErrorKind::kNotFound));
}

TEST_CASE("of what was not kept only the newest is remembered, and nothing of a workflow that is gone") {
  EACH_STORE;
  under_test.with_workflow();
  store::AcceptEvent disabled = delivered("kept", kNow - 1s);
  disabled.first.reset();
  REQUIRE(is_done(under_test.commit(disabled)));
  for (std::size_t round = 0; round < 3; ++round) {
    store::NoteDeliveries write;
    for (std::size_t i = 0; i < store::kRememberedDeliveries / 2; ++i) {
      const std::size_t number = round * store::kRememberedDeliveries / 2 + i;
      write.deliveries.push_back(noted("ev_n" + std::to_string(number), kNow + Duration(static_cast<std::int64_t>(number))));
    }
    REQUIRE(is_done(under_test.commit(write)));
  }
  const auto found = under_test.reader().deliveries(kTenant, WorkflowId("wf_1"), 5000);
  REQUIRE(found);
  CHECK(found->size() == store::kRememberedDeliveries + 1);
  CHECK(found->front().id.str() == "ev_n" + std::to_string(store::kRememberedDeliveries * 3 / 2 - 1));
  CHECK(found->back().id.str() == "ev_kept");
  Delivery lost = noted("ev_lost", kNow);
  lost.workflow = WorkflowId("wf_gone");
  CHECK(is_done(under_test.commit(store::NoteDeliveries{{lost}})));
  CHECK(refused_as(under_test.reader().delivery(kTenant, EventId("ev_lost")), ErrorKind::kNotFound));
}

TEST_CASE("open waits are those of steps that have not ended, page by page") {
  EACH_STORE;
  under_test.with_workflow();
  const auto waiting = [](const std::string& path, domain::StepStatus status, const char* kind = "wait-for") {
    domain::Step step;
    step.path = path;
    step.kind = kind;
    step.status = status;
    step.started_at = kNow;
    return step;
  };
  store::AcceptEvent one = delivered("1", kNow);
  one.first->steps = {waiting("b", domain::StepStatus::kWaiting), waiting("a", domain::StepStatus::kRunning),
                      waiting("c", domain::StepStatus::kSucceeded), waiting("d", domain::StepStatus::kWaiting, "sleep")};
  store::AcceptEvent two = delivered("2", kNow);
  two.first->steps = {waiting("a", domain::StepStatus::kWaiting)};
  REQUIRE(is_done(under_test.commit(one)));
  REQUIRE(is_done(under_test.commit(two)));
  const auto list = [&](const store::OpenWait& after, std::size_t limit) {
    std::string text;
    const auto waits = under_test.reader().open_waits(kTenant, after, limit);
    for (const store::OpenWait& wait : *waits) {
      text += wait.execution.str() + "/" + wait.path + " ";
    }
    return text;
  };
  CHECK(list({}, 10) == "ex_1/a ex_1/b ex_2/a ");
  CHECK(list({}, 2) == "ex_1/a ex_1/b ");
  CHECK(list({ExecutionId("ex_1"), "a"}, 10) == "ex_1/b ex_2/a ");
  CHECK(list({ExecutionId("ex_1"), "b"}, 10) == "ex_2/a ");
  CHECK(list({ExecutionId("ex_2"), "a"}, 10).empty());
  CHECK(under_test.reader().open_waits(kOtherTenant, {}, 10)->empty());

  domain::ExecutionChange answered = make_change(two.first->execution);
  answered.steps = {waiting("a", domain::StepStatus::kSucceeded)};
  REQUIRE(is_done(under_test.commit(advance(answered))));
  CHECK(list({}, 10) == "ex_1/a ex_1/b ");
}
