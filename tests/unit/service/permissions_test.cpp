// Every service by every role.
#include "core/service/retention.h"
#include "core/service/retries.h"
#include "core/service/test_export.h"
#include "core/service/variables.h"
#include "tests/unit/service/service_case.h"

using namespace ipaas;
using namespace ipaas::test;
using security::Role;

namespace {

struct Row {
  const char* name;
  Role lowest;
  std::function<ErrorKind(const service::Context&)> call;  ///< what went wrong; kNotFound is fine: it was let in
};

template <typename T>
ErrorKind kind_of(const Result<T>& result) {
  return result ? ErrorKind::kNotFound : result.error().kind;
}

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"list workflows", Role::kViewer, [](const auto& c) { return kind_of(service::list_workflows(c)); }},
      {"get workflow", Role::kViewer, [](const auto& c) { return kind_of(service::get_workflow(c, "no")); }},
      {"list executions", Role::kViewer, [](const auto& c) { return kind_of(service::list_executions(c, {})); }},
      {"get execution", Role::kViewer,
       [](const auto& c) { return kind_of(service::get_execution(c, ExecutionId("ex_no"))); }},
      {"list logs", Role::kViewer, [](const auto& c) { return kind_of(service::list_logs(c, {})); }},
      {"run", Role::kOperator,
       [](const auto& c) {
         ErrorKind kind{};
         service::run_workflow(c, "no", Json::object(), [&](const auto& r) { kind = kind_of(r); });
         return kind;
       }},
      {"cancel", Role::kOperator,
       [](const auto& c) {
         ErrorKind kind{};
         service::cancel_execution(c, ExecutionId("ex_no"), [&](const auto& r) { kind = kind_of(r); });
         return kind;
       }},
      {"apply", Role::kEditor,
       [](const auto& c) {
         const auto applied = service::apply_workflows(c, {});
         return applied.error().front().kind;
       }},
      {"enable", Role::kEditor, [](const auto& c) { return kind_of(service::set_workflow_enabled(c, "no", true)); }},
      {"disable", Role::kEditor, [](const auto& c) { return kind_of(service::set_workflow_enabled(c, "no", false)); }},
      {"delete workflow", Role::kEditor, [](const auto& c) { return kind_of(service::delete_workflow(c, "no")); }},
      {"list attempts", Role::kViewer,
       [](const auto& c) { return kind_of(service::list_attempts(c, ExecutionId("ex_no"))); }},
      {"export a test", Role::kViewer,
       [](const auto& c) { return kind_of(service::export_test(c, ExecutionId("ex_no"))); }},
      {"retry", Role::kOperator,
       [](const auto& c) {
         ErrorKind kind{};
         service::retry_execution(c, ExecutionId("ex_no"), {}, [&](const auto& r) { kind = kind_of(r); });
         return kind;
       }},
      {"discard", Role::kOperator,
       [](const auto& c) { return kind_of(service::discard_execution(c, ExecutionId("ex_no"))); }},
      {"purge", Role::kAdmin, [](const auto& c) { return kind_of(service::purge_executions(c, {.workflow = "no"})); }},
      {"list variables", Role::kViewer, [](const auto& c) { return kind_of(service::list_variables(c)); }},
      {"set variable", Role::kEditor, [](const auto& c) { return kind_of(service::set_variable(c, "x", 1)); }},
      {"delete variable", Role::kEditor, [](const auto& c) { return kind_of(service::delete_variable(c, "no")); }},
      {"list credentials", Role::kEditor, [](const auto& c) { return kind_of(service::list_credentials(c)); }},
      {"create credential", Role::kAdmin,
       [](const auto& c) { return kind_of(service::create_credential(c, "x", "none", Json::object())); }},
      {"delete credential", Role::kAdmin, [](const auto& c) { return kind_of(service::delete_credential(c, "no")); }},
  };
  return kRows;
}

}  // namespace

TEST_CASE("a role may do what its row says and nothing above it") {
  for (const Row& row : rows()) {
    for (const Role role : {Role::kViewer, Role::kOperator, Role::kEditor, Role::kAdmin, Role::kOwner}) {
      INFO(row.name << " as " << security::role_name(role));
      ServiceCase with;
      CHECK((row.call(with.as(role)) == ErrorKind::kForbidden) == (role < row.lowest));
      CHECK(with.runtime.workflow_changes + with.runtime.credential_changes == 0);
    }
  }
}
