// What retention plans to delete.
#include "core/service/retention.h"

#include "tests/unit/service/service_case.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

/// `wf_1<7d`, `payloads *<1d but wf_1 wf_2`
std::string told(const std::vector<store::PurgeExecutions>& plan) {
  std::string text;
  for (const auto& write : plan) {
    text += (text.empty() ? "" : "; ") + std::string(write.payloads_only ? "payloads " : "") +
            (write.workflow ? write.workflow->str() : "*") + "<" + std::to_string((kNow - write.ended_before) / 24h) + "d";
    for (const auto& id : write.except) text += " but " + id.str();
    CHECK(write.limit == 50);
    CHECK(write.tenant == kTenant);
  }
  return text;
}

std::string plan(service::RetentionPolicy policy, std::vector<service::RetainedWorkflow> workflows) {
  return told(service::retention_plan(kTenant, policy, workflows, kNow, 50));
}

}  // namespace

TEST_CASE("without a time nothing is deleted") {
  CHECK(plan({}, {}).empty());
  CHECK(plan({}, {{WorkflowId("wf_1"), {}}}).empty());
}

TEST_CASE("a workflow's own time wins over the tenant's, in either direction") {
  const std::vector<service::RetainedWorkflow> workflows = {
      {WorkflowId("wf_short"), {.executions = 24h, .payloads = {}}},
      {WorkflowId("wf_long"), {.executions = 24h * 365, .payloads = 24h * 2}},
      {WorkflowId("wf_plain"), {}}};
  CHECK(plan({.executions = 24h * 30, .payloads = 24h * 7}, workflows) ==
        "wf_short<1d; wf_long<365d; *<30d but wf_short but wf_long; payloads wf_long<2d; payloads *<7d but wf_long");
  CHECK(plan({}, workflows) == "wf_short<1d; wf_long<365d; payloads wf_long<2d");
}

TEST_CASE("purging needs an administrator, and a workflow that there is") {
  ServiceCase with;
  CHECK(service::purge_executions(with.as(security::Role::kEditor), {}).error().kind == ErrorKind::kForbidden);
  CHECK(service::purge_executions(with.owner(), {.workflow = "none"}).error().kind == ErrorKind::kNotFound);
  const auto purged = service::purge_executions(with.owner(), {.ended_before = kNow});
  REQUIRE(purged);
  CHECK(purged->executions == 0);
  CHECK_FALSE(purged->more);
}
