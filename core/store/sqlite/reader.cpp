#include "core/store/sqlite/reader.h"

#include "core/store/refusals.h"
#include "core/store/sqlite/labels.h"

namespace ipaas::store::sqlite {
namespace {

Refusal refused(tl::unexpected<Error> error) {
  return Refusal(std::move(error.value()));
}

domain::Workflow read_workflow(const Rows& rows) {
  return {.id = rows.id<WorkflowId>(0),
          .tenant = rows.id<TenantId>(1),
          .name = rows.text(2),
          .description = rows.text(3),
          .enabled = rows.flag(4),
          .version = rows.small(5),
          .created_at = rows.instant(6),
          .updated_at = rows.instant(7),
          .set = rows.text(8)};
}

}  // namespace

SqliteReader::SqliteReader(const std::filesystem::path& file, Sealer& sealer, const SqliteOptions& options,
                           std::shared_ptr<const std::atomic<bool>> trusted, std::shared_ptr<const Tally> tally)
    : connection_(file, Connection::Mode::kRead, options),
      payloads_(sealer),
      trusted_(std::move(trusted)),
      tally_(std::move(tally)) {}

Result<std::vector<domain::Workflow>> SqliteReader::workflows(const TenantId& tenant) {
  return reading([&] {
    std::vector<domain::Workflow> found;
    Rows rows = connection_
                    .prepared(
                        "SELECT id, tenant_id, name, description, enabled, version, created_at, updated_at, set_name, no"
                        " FROM workflows WHERE tenant_id = ? AND deleted = 0 ORDER BY name")
                    .query(tenant);
    while (rows.next()) {
      found.push_back(read_workflow(rows));
      found.back().triggers = triggers_of(rows.integer(9));
    }
    return found;
  });
}

Result<domain::Workflow> SqliteReader::workflow(const TenantId& tenant, std::string_view name) {
  return reading([&] {
    Rows rows = connection_
                    .prepared(
                        "SELECT id, tenant_id, name, description, enabled, version, created_at, updated_at, set_name, no"
                        " FROM workflows WHERE tenant_id = ? AND name = ? AND deleted = 0")
                    .query(tenant, name);
    if (!rows.next()) throw refused(no_workflow(name));
    domain::Workflow workflow = read_workflow(rows);
    workflow.triggers = triggers_of(rows.integer(9));
    return workflow;
  });
}

std::vector<domain::TriggerKind> SqliteReader::triggers_of(std::int64_t workflow_no) {
  std::vector<domain::TriggerKind> kinds;
  Rows rows = connection_.prepared("SELECT kind FROM triggers WHERE workflow_no = ? ORDER BY kind").query(workflow_no);
  while (rows.next()) kinds.push_back(rows.enumeration<domain::TriggerKind>(0));
  return kinds;
}

Result<domain::WorkflowVersion> SqliteReader::workflow_version(const TenantId& tenant, const WorkflowId& workflow,
                                                               int number) {
  return reading([&] {
    Rows rows = connection_
                    .prepared(
                        "SELECT v.source, v.digest, v.author, v.message, v.created_at FROM workflows w"
                        " JOIN workflow_versions v ON v.workflow_no = w.no"
                        " WHERE w.tenant_id = ? AND w.id = ? AND v.number = ?")
                    .query(tenant, workflow, number);
    if (!rows.next()) throw refused(no_version(workflow, number));
    return domain::WorkflowVersion{
        .workflow = workflow,
        .number = number,
        .source = payloads_.open_text({tenant, kVersionSource, joined(workflow.str(), number)}, rows, 0),
        .digest = rows.text(1),
        .author = rows.text(2),
        .message = rows.text(3),
        .created_at = rows.instant(4)};
  });
}

Result<std::vector<domain::WorkflowVersion>> SqliteReader::workflow_versions(const TenantId& tenant,
                                                                             const WorkflowId& workflow) {
  return reading([&] {
    std::vector<domain::WorkflowVersion> found;
    Rows rows = connection_
                    .prepared(
                        "SELECT v.number, v.digest, v.author, v.message, v.created_at FROM workflows w"
                        " JOIN workflow_versions v ON v.workflow_no = w.no"
                        " WHERE w.tenant_id = ? AND w.id = ? ORDER BY v.number DESC")
                    .query(tenant, workflow);
    while (rows.next()) {
      found.push_back({.workflow = workflow,
                       .number = rows.small(0),
                       .source = {},
                       .digest = rows.text(1),
                       .author = rows.text(2),
                       .message = rows.text(3),
                       .created_at = rows.instant(4)});
    }
    return found;
  });
}

domain::Credential SqliteReader::read_credential(const Rows& rows) {
  domain::Credential credential{.id = rows.id<CredentialId>(0),
                                .tenant = rows.id<TenantId>(1),
                                .name = rows.text(2),
                                .type = rows.text(3),
                                .created_at = rows.instant(4),
                                .updated_at = rows.instant(5),
                                .deleted_at = rows.maybe_instant(6),
                                .fields = {}};
  credential.fields = Secret(payloads_.open_text({credential.tenant, kCredentialFields, credential.id.str()}, rows, 7));
  return credential;
}

Result<std::vector<domain::Credential>> SqliteReader::credentials(const TenantId& tenant) {
  return reading([&] {
    std::vector<domain::Credential> found;
    Rows rows = connection_
                    .prepared(
                        "SELECT id, tenant_id, name, type, created_at, updated_at, deleted_at, NULL"
                        " FROM credentials WHERE tenant_id = ? AND deleted_at IS NULL ORDER BY name")
                    .query(tenant);
    while (rows.next()) found.push_back(read_credential(rows));
    return found;
  });
}

Result<domain::Credential> SqliteReader::credential(const TenantId& tenant, std::string_view name) {
  return reading([&] {
    Rows rows = connection_
                    .prepared(
                        "SELECT id, tenant_id, name, type, created_at, updated_at, deleted_at, fields"
                        " FROM credentials WHERE tenant_id = ? AND name = ? AND deleted_at IS NULL")
                    .query(tenant, name);
    if (!rows.next()) throw refused(no_credential(name));
    return read_credential(rows);
  });
}

Result<std::vector<domain::Credential>> SqliteReader::all_credentials() {
  return reading([&] {
    std::vector<domain::Credential> found;
    Rows rows = connection_
                    .prepared(
                        "SELECT id, tenant_id, name, type, created_at, updated_at, deleted_at, fields"
                        " FROM credentials ORDER BY id")
                    .query();
    while (rows.next()) found.push_back(read_credential(rows));
    return found;
  });
}

Result<domain::Tenant> SqliteReader::tenant(std::string_view name) {
  return reading([&] {
    Rows rows = connection_.prepared("SELECT tenant_id, name, created_at FROM tenants WHERE name = ?").query(name);
    if (!rows.next()) throw refused(no_tenant(name));
    return domain::Tenant{.id = rows.id<TenantId>(0), .name = rows.text(1), .created_at = rows.instant(2)};
  });
}

}  // namespace ipaas::store::sqlite
