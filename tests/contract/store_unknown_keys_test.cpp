// Keys of calls that may have happened, which a decision adds to an execution that has begun.
#include "tests/contract/store_suite.h"

using namespace ipaas;
using namespace ipaas::test;

TEST_CASE("an execution keeps the keys that a later decision adds, and what it began with besides") {
  EACH_STORE;
  under_test.with_workflow();
  auto execution = make_execution("ex_1", domain::ExecutionStatus::kRunning);
  execution.vars = {{"region", "eu"}};
  REQUIRE(is_done(under_test.commit(accept(make_change(execution)))));
  auto later = make_change(execution);
  later.execution.idempotency_keys = {{"pay", "order 7"}, {"all[3].send", "ex_1/all[3].send"}};
  REQUIRE(is_done(under_test.commit(advance(later))));
  const auto stored = under_test.reader().execution(kTenant, execution.id)->execution;
  CHECK(stored.idempotency_keys == later.execution.idempotency_keys);
  CHECK(stored.vars == Json{{"region", "eu"}});
}

TEST_CASE("a purge leaves the workflows alone that it is told to") {
  EACH_STORE;
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_1", "a"), make_workflow("wf_2", "b")})));
  REQUIRE(under_test.commit(accept(make_change(make_execution("ex_1", domain::ExecutionStatus::kSucceeded, "wf_1", "a")))));
  REQUIRE(under_test.commit(accept(make_change(make_execution("ex_2", domain::ExecutionStatus::kSucceeded, "wf_2", "b")))));
  store::PurgeExecutions write{.tenant = kTenant, .ended_before = kNow + Duration(1), .limit = 10};
  write.except = {WorkflowId("wf_1")};
  const auto purged = under_test.commit(write);
  REQUIRE(purged);
  CHECK(purged->count == 1);
  CHECK(under_test.reader().execution(kTenant, ExecutionId("ex_1")));
  CHECK_FALSE(under_test.reader().execution(kTenant, ExecutionId("ex_2")));
}
