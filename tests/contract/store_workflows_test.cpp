// What every store promises about workflows, schedules and credentials.
#include "tests/contract/store_suite.h"

namespace ipaas::test {
namespace {

using Action = store::SavedWorkflow::Action;

domain::Credential make_credential(const std::string& id, std::string name) {
  return {.id = CredentialId(id),
          .tenant = kTenant,
          .name = std::move(name),
          .type = "bearer",
          .created_at = kNow,
          .updated_at = kNow,
          .deleted_at = {},
          .fields = Secret(R"({"token":"t0ken"})")};
}

}  // namespace

TEST_CASE("every store is made with the default tenant", "[store]") {
  EACH_STORE;
  const auto tenant = under_test.reader().tenant("default");
  REQUIRE(tenant);
  CHECK(tenant->id == kTenant);
  CHECK(refused_as(under_test.reader().tenant("nobody"), ErrorKind::kNotFound));
}

TEST_CASE("a workflow is created, updated as a new version, and left alone when nothing changed", "[store]") {
  EACH_STORE;
  auto created = under_test.commit(save_workflows({make_workflow("wf_1", "greet", "v1")}));
  REQUIRE(created);
  CHECK(created->workflows.front().action == Action::kCreated);
  auto unchanged = under_test.commit(save_workflows({make_workflow("wf_9", "greet", "v1")}));
  CHECK(unchanged->workflows.front().action == Action::kUnchanged);
  CHECK(unchanged->workflows.front().id.str() == "wf_1");
  auto update = save_workflows({make_workflow("wf_9", "greet", "v2")});
  update.items[0].description = "better";
  update.items[0].triggers.clear();
  update.now = kNow + std::chrono::hours(1);
  auto updated = under_test.commit(update);
  CHECK(updated->workflows.front().action == Action::kUpdated);
  CHECK(updated->workflows.front().version == 2);
  CHECK(updated->workflows.front().id.str() == "wf_1");

  const auto workflow = under_test.reader().workflow(kTenant, "greet");
  REQUIRE(workflow);
  CHECK(workflow->description == "better");
  CHECK(workflow->version == 2);
  CHECK(workflow->enabled);
  CHECK(workflow->created_at == kNow);
  CHECK(workflow->updated_at == kNow + std::chrono::hours(1));
  const auto version = under_test.reader().workflow_version(kTenant, WorkflowId("wf_1"), 1);
  REQUIRE(version);
  CHECK(version->source == "v1");
  CHECK(version->digest == "digest of v1");
  CHECK(version->author == "owner:uid=0");
  CHECK(version->message == "first");
  CHECK(refused_as(under_test.reader().workflow_version(kTenant, WorkflowId("wf_1"), 3), ErrorKind::kNotFound));
  CHECK(under_test.reader().webhook_triggers()->empty());
  const auto versions = under_test.reader().workflow_versions(kTenant, WorkflowId("wf_1"));
  REQUIRE(versions->size() == 2);
  CHECK(versions->at(0).number == 2);
  CHECK(versions->at(0).created_at == kNow + std::chrono::hours(1));
  CHECK(versions->at(1).number == 1);
  CHECK(versions->at(1).digest == "digest of v1");
  CHECK(versions->at(1).author == "owner:uid=0");
  CHECK(versions->at(1).message == "first");
  CHECK(versions->at(1).source.empty());
  CHECK(under_test.reader().workflow_versions(kOtherTenant, WorkflowId("wf_1"))->empty());
}

TEST_CASE("two workflows of one name are refused with everything beside them", "[store]") {
  EACH_STORE;
  const auto result = under_test.commit(
      save_workflows({make_workflow("wf_1", "one"), make_workflow("wf_2", "twin"), make_workflow("wf_3", "twin")}));
  CHECK(refused_as(result, ErrorKind::kConflict));
  CHECK(under_test.reader().workflows(kTenant)->empty());
  const auto same_id = under_test.commit(save_workflows({make_workflow("wf_1", "one"), make_workflow("wf_1", "two")}));
  CHECK(refused_as(same_id, ErrorKind::kConflict));
  CHECK(under_test.reader().workflows(kTenant)->empty());
}

TEST_CASE("a schedule lives as long as its rule and time zone stand in the workflow", "[store]") {
  EACH_STORE;
  const Instant later = kNow + std::chrono::hours(1);
  REQUIRE(under_test.commit(save_workflows({make_workflow(
      "wf_1", "greet", "v1", {make_schedule("sc_1", "0 7 * * *", kNow), make_schedule("sc_2", "0 8 * * *", later)})})));
  REQUIRE(under_test.commit(save_workflows(
      {make_workflow("wf_1", "greet", "v2",
                     {make_schedule("sc_3", "0 7 * * *", later), make_schedule("sc_4", "0 9 * * *", later)})})));
  const auto schedules = under_test.reader().schedules(kTenant, WorkflowId("wf_1"));
  REQUIRE(schedules);
  REQUIRE(schedules->size() == 2);
  CHECK(schedules->at(0).id.str() == "sc_1");
  CHECK(schedules->at(0).next_due == kNow);
  CHECK(schedules->at(0).workflow.str() == "wf_1");
  CHECK(schedules->at(0).timezone == "Europe/Berlin");
  CHECK(schedules->at(1).id.str() == "sc_4");
}

TEST_CASE("a disabled workflow is due for nothing, and enabling skips what it missed", "[store]") {
  EACH_STORE;
  REQUIRE(
      under_test.commit(save_workflows({make_workflow("wf_1", "greet", "v1", {make_schedule("sc_1", "0 7 * * *")})})));
  REQUIRE(under_test.commit(store::SetWorkflowEnabled{kTenant, "greet", false, {}, kNow, {}}));
  CHECK(under_test.reader().schedules_by_due(10)->empty());
  CHECK(!under_test.reader().workflow(kTenant, "greet")->enabled);
  REQUIRE(under_test.reader().webhook_triggers()->size() == 1);
  CHECK(!under_test.reader().webhook_triggers()->front().enabled);

  const Instant next = kNow + std::chrono::hours(24);
  const auto schedule = make_schedule("sc_1", "0 7 * * *", next);
  REQUIRE(under_test.commit(store::SetWorkflowEnabled{kTenant, "greet", true, {schedule}, kNow, {}}));
  REQUIRE(under_test.reader().schedules_by_due(10)->size() == 1);
  CHECK(under_test.reader().schedules_by_due(10)->front().next_due == next);

  const auto missed = make_schedule("sc_1", "0 7 * * *", next + std::chrono::hours(24));
  REQUIRE(under_test.commit(store::SetWorkflowEnabled{kTenant, "greet", true, {missed}, kNow, {}}));
  CHECK(under_test.reader().schedules_by_due(10)->front().next_due == next);
  CHECK(refused_as(under_test.commit(store::SetWorkflowEnabled{kTenant, "nobody", true, {}, kNow, {}}),
                   ErrorKind::kNotFound));
}

TEST_CASE("schedules come by due time, at most as many as asked for", "[store]") {
  EACH_STORE;
  REQUIRE(under_test.commit(save_workflows(
      {make_workflow("wf_1", "greet", "v1",
                     {make_schedule("sc_1", "1 * * * *", kNow + std::chrono::hours(2)),
                      make_schedule("sc_2", "2 * * * *", kNow), make_schedule("sc_3", "3 * * * *", std::nullopt)})})));
  const auto due = under_test.reader().schedules_by_due(10);
  REQUIRE(due->size() == 2);
  CHECK(due->front().id.str() == "sc_2");
  CHECK(under_test.reader().schedules_by_due(1)->size() == 1);
}

TEST_CASE("executions outlive their workflow, and its name can be used again", "[store]") {
  EACH_STORE;
  under_test.with_workflow();
  REQUIRE(is_done(under_test.commit(accept("ex_1", domain::ExecutionStatus::kRunning))));
  REQUIRE(under_test.commit(store::DeleteWorkflow{kTenant, "greet", {}}));
  CHECK(refused_as(under_test.reader().workflow(kTenant, "greet"), ErrorKind::kNotFound));
  CHECK(refused_as(under_test.commit(store::DeleteWorkflow{kTenant, "greet", {}}), ErrorKind::kNotFound));
  CHECK(refused_as(under_test.commit(accept("ex_2")), ErrorKind::kNotFound));
  CHECK(under_test.reader().webhook_triggers()->empty());
  CHECK(under_test.reader().execution(kTenant, ExecutionId("ex_1"))->execution.workflow_name == "greet");
  CHECK(under_test.reader().workflow_version(kTenant, WorkflowId("wf_1"), 1));
  CHECK(is_done(under_test.commit(advance(make_change(make_execution("ex_1", domain::ExecutionStatus::kSucceeded))))));

  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_2", "greet")})));
  REQUIRE(is_done(
      under_test.commit(accept(make_change(make_execution("ex_3", domain::ExecutionStatus::kSucceeded, "wf_2"))))));
  const auto listed = under_test.reader().executions(kTenant, {.workflow = "greet"});
  REQUIRE(listed->size() == 2);
  CHECK(listed->front().id.str() == "ex_3");
}

TEST_CASE("a webhook trigger tells what the endpoint must know", "[store]") {
  EACH_STORE;
  under_test.with_workflow();
  const auto triggers = under_test.reader().webhook_triggers();
  REQUIRE(triggers->size() == 1);
  CHECK(triggers->front().tenant == kTenant);
  CHECK(triggers->front().tenant_name == "default");
  CHECK(triggers->front().workflow.str() == "wf_1");
  CHECK(triggers->front().workflow_name == "greet");
  CHECK(triggers->front().enabled);
}

TEST_CASE("who listens to the end of workflows is told of enabled ones, as of their newest version", "[store]") {
  EACH_STORE;
  const auto listening = [](const std::string& id, const std::string& name, std::vector<std::string> names,
                            const std::string& source = "v1") {
    auto item = make_workflow(id, name, source);
    item.listener.emplace();
    item.listener->names = std::move(names);
    item.listener->when = {"succeeded", "failed"};
    return item;
  };
  REQUIRE(under_test.commit(
      save_workflows({listening("wf_1", "tell", {"orders", "import"}), make_workflow("wf_2", "orders")})));
  REQUIRE(under_test.commit(save_workflows({listening("wf_3", "theirs", {"*"})}, kOtherTenant)));
  const auto listeners = under_test.reader().end_listeners();
  REQUIRE(listeners->size() == 2);
  CHECK(listeners->at(0).tenant == kTenant);
  CHECK(listeners->at(0).workflow.str() == "wf_1");
  CHECK(listeners->at(0).workflow_name == "tell");
  CHECK(listeners->at(0).version == 1);
  CHECK(listeners->at(0).names == std::vector<std::string>{"import", "orders"});
  CHECK(listeners->at(0).when == std::vector<std::string>{"succeeded", "failed"});
  CHECK(listeners->at(1).tenant == kOtherTenant);
  CHECK(listeners->at(1).names == std::vector<std::string>{"*"});

  REQUIRE(under_test.commit(store::DeleteWorkflow{kOtherTenant, "theirs", {}}));
  REQUIRE(under_test.commit(save_workflows({listening("wf_9", "tell", {"other"}, "v2")})));
  REQUIRE(under_test.reader().end_listeners()->size() == 1);
  CHECK(under_test.reader().end_listeners()->front().version == 2);
  CHECK(under_test.reader().end_listeners()->front().names == std::vector<std::string>{"other"});
  REQUIRE(under_test.commit(store::SetWorkflowEnabled{kTenant, "tell", false, {}, kNow, {}}));
  CHECK(under_test.reader().end_listeners()->empty());
  REQUIRE(under_test.commit(store::SetWorkflowEnabled{kTenant, "tell", true, {}, kNow, {}}));
  CHECK(under_test.reader().end_listeners()->size() == 1);
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_9", "tell", "v3")})));
  CHECK(under_test.reader().end_listeners()->empty());
}

TEST_CASE("a credential's name is taken until it is deleted, and its fields stay known to the masker", "[store]") {
  EACH_STORE;
  REQUIRE(under_test.commit(store::CreateCredential{kTenant, make_credential("cr_1", "api"), {}}));
  CHECK(refused_as(under_test.commit(store::CreateCredential{kTenant, make_credential("cr_2", "api"), {}}),
                   ErrorKind::kConflict));
  const auto listed = under_test.reader().credentials(kTenant);
  REQUIRE(listed->size() == 1);
  CHECK(listed->front().fields.empty());
  const auto read = under_test.reader().credential(kTenant, "api");
  REQUIRE(read);
  CHECK(read->fields.reveal() == R"({"token":"t0ken"})");
  CHECK(read->type == "bearer");
  CHECK(refused_as(under_test.reader().credential(kOtherTenant, "api"), ErrorKind::kNotFound));
  CHECK(refused_as(under_test.commit(store::DeleteCredential{kOtherTenant, "api", kNow, {}}), ErrorKind::kNotFound));

  REQUIRE(under_test.commit(store::DeleteCredential{kTenant, "api", kNow, {}}));
  CHECK(refused_as(under_test.reader().credential(kTenant, "api"), ErrorKind::kNotFound));
  CHECK(under_test.reader().credentials(kTenant)->empty());
  REQUIRE(under_test.reader().all_credentials()->size() == 1);
  CHECK(under_test.reader().all_credentials()->front().deleted_at == kNow);
  CHECK(under_test.reader().all_credentials()->front().fields.reveal() == R"({"token":"t0ken"})");
  CHECK(under_test.commit(store::CreateCredential{kTenant, make_credential("cr_3", "api"), {}}));
}

TEST_CASE("writes that are audited keep their record with them", "[store]") {
  EACH_STORE;
  domain::AuditRecord record{kTenant, kNow, "owner:uid=0", "workflow.apply", "greet", {{"version", 1}}};
  auto write = save_workflows({make_workflow("wf_1", "greet")});
  write.audit = record;
  CHECK(under_test.commit(write));
  CHECK(under_test.commit(store::DeleteWorkflow{kTenant, "greet", record}));
}

TEST_CASE("a workflow is in the set under which it was applied last", "[store]") {
  EACH_STORE;
  const auto in_set = [](std::string set, std::string source = "v1") {
    auto write = save_workflows({make_workflow("wf_1", "greet", std::move(source))});
    write.set = std::move(set);
    return write;
  };
  const auto set_now = [&] { return under_test.reader().workflow(kTenant, "greet")->set; };
  CHECK_FALSE(under_test.commit(in_set("shop"))->workflows.front().left_set);
  CHECK(set_now() == "shop");
  CHECK(under_test.reader().workflows(kTenant)->front().set == "shop");
  // Without a set it stays where it is.
  CHECK_FALSE(under_test.commit(in_set("", "v2"))->workflows.front().left_set);
  CHECK(set_now() == "shop");
  const auto moved = under_test.commit(in_set("ops", "v2"))->workflows.front();
  CHECK(moved.action == Action::kUnchanged);
  CHECK(moved.left_set == "shop");
  CHECK(moved.version == 2);
  CHECK(under_test.commit(in_set("shop", "v3"))->workflows.front().left_set == "ops");
  CHECK(set_now() == "shop");

  REQUIRE(under_test.commit(store::DeleteWorkflow{kTenant, "greet", {}}));
  REQUIRE(under_test.commit(save_workflows({make_workflow("wf_2", "greet")})));
  CHECK(set_now().empty());
  const auto joined = under_test.commit(in_set("shop"))->workflows.front();
  CHECK(joined.action == Action::kUnchanged);
  CHECK(joined.left_set == "");
}

TEST_CASE("pruning deletes with the apply what is in the set, and nothing else ever", "[store]") {
  EACH_STORE;
  const auto apply = [&](std::vector<store::SaveWorkflows::Item> items, std::string set,
                         std::vector<std::string> prune = {}) {
    auto write = save_workflows(std::move(items));
    write.set = std::move(set);
    write.prune = std::move(prune);
    return under_test.commit(std::move(write));
  };
  REQUIRE(apply({make_workflow("wf_1", "keep"), make_workflow("wf_2", "old", "v1", {make_schedule("sc_1", "0 7 * * *")})},
                "shop"));
  REQUIRE(apply({make_workflow("wf_3", "other")}, "ops"));
  REQUIRE(apply({make_workflow("wf_4", "alone")}, ""));
  const auto count = [&] { return under_test.reader().workflows(kTenant)->size(); };

  // Refused whole: the new workflow beside it is not there either.
  for (const char* name : {"other", "alone", "nobody", "keep"}) {
    INFO(name);
    const auto refused =
        apply({make_workflow("wf_1", "keep"), make_workflow("wf_5", "fresh")}, "shop", {"old", name});
    CHECK(refused_as(refused, ErrorKind::kConflict));
    CHECK(count() == 4);
  }
  CHECK(refused_as(apply({make_workflow("wf_1", "keep")}, "", {"alone"}), ErrorKind::kConflict));
  CHECK(refused_as(apply({make_workflow("wf_1", "keep")}, "shop", {"old", "old"}), ErrorKind::kConflict));
  auto foreign = save_workflows({make_workflow("wf_6", "theirs")}, TenantId("tn_other"));
  foreign.set = "shop";
  foreign.prune = {"old"};
  CHECK(refused_as(under_test.commit(foreign), ErrorKind::kConflict));
  CHECK(count() == 4);

  const auto pruned = apply({make_workflow("wf_1", "keep")}, "shop", {"old"});
  REQUIRE(pruned);
  REQUIRE(pruned->workflows.size() == 2);
  CHECK(pruned->workflows[0].action == Action::kUnchanged);
  CHECK(pruned->workflows[1].action == Action::kPruned);
  CHECK(pruned->workflows[1].name == "old");
  CHECK(pruned->workflows[1].id.str() == "wf_2");
  CHECK(pruned->workflows[1].version == 1);
  CHECK(refused_as(under_test.reader().workflow(kTenant, "old"), ErrorKind::kNotFound));
  CHECK(under_test.reader().schedules_by_due(10)->empty());
  CHECK(under_test.reader().webhook_triggers()->size() == 3);
  CHECK(count() == 3);
  CHECK(refused_as(apply({make_workflow("wf_1", "keep")}, "shop", {"old"}), ErrorKind::kConflict));
}

}  // namespace ipaas::test
