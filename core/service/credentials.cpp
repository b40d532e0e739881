#include "core/service/credentials.h"

#include <algorithm>

#include "core/language/suggest.h"
#include "core/service/workflows.h"

namespace ipaas::service {
namespace {

bool is_name(const std::string& text) {
  const auto lower = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= 63 && lower(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return lower(c) || c == '-'; });
}

tl::unexpected<Error> unknown_type(const connectors::Catalog& catalog, const std::string& type) {
  std::vector<std::string_view> names;
  std::string list;
  for (const auto& known : catalog.credential_types()) {
    names.push_back(known.name);
    list += (list.empty() ? "" : ", ") + known.name;
  }
  const auto near = language::closest(type, names);
  return fail(ErrorKind::kInvalid, "'" + type.substr(0, 40) + "' is not a credential type",
              near ? "did you mean '" + std::string(*near) + "'" : "choose one of " + list, "unknown_credential_type");
}

/// A workflow whose newest version names the credential, or nothing.
Result<std::string> user_of(const Context& context, const std::string& credential) {
  const auto workflows = context.reader.workflows(context.caller.tenant);
  if (!workflows) return tl::unexpected(workflows.error());
  for (const domain::Workflow& workflow : *workflows) {
    const auto definition =
        definition_of(context.reader, context.catalog, context.caller.tenant, workflow.id, workflow.version);
    if (!definition) continue;  // a version that no longer parses uses nothing
    const auto& uses = (*definition)->credentials;
    if (std::any_of(uses.begin(), uses.end(), [&](const auto& use) { return use.name == credential; })) {
      return workflow.name;
    }
  }
  return std::string();
}

}  // namespace

Result<domain::Credential> create_credential(const Context& context, const std::string& name, const std::string& type,
                                             const Json& fields) {
  if (auto allowed = require(context.caller, security::Permission::kCredentialWrite); !allowed) {
    return tl::unexpected(allowed.error());
  }
  if (!is_name(name)) {
    return fail(ErrorKind::kInvalid, "'" + name.substr(0, 40) + "' is not a name for a credential",
                "use lower-case letters, digits and hyphens, at most 63", "bad_name");
  }
  const connectors::CredentialType* known = context.catalog.credential_type(type);
  if (known == nullptr) return unknown_type(context.catalog, type);
  if (auto checked = connectors::check_credential(*known, fields); !checked) return tl::unexpected(checked.error());

  const Instant now = context.clock.now();
  const domain::Credential credential{.id = context.ids.make<CredentialId>(),
                                      .tenant = context.caller.tenant,
                                      .name = name,
                                      .type = type,
                                      .created_at = now,
                                      .updated_at = now,
                                      .deleted_at = {},
                                      .fields = Secret(dump_json(fields))};
  auto outcome = store::write_and_wait(
      context.writer, store::CreateCredential{context.caller.tenant, credential,
                                              audit(context, "credential.create", name, Json{{"type", type}})});
  if (!outcome) return tl::unexpected(outcome.error());
  context.runtime.credentials_changed();
  return credential;
}

Result<std::vector<domain::Credential>> list_credentials(const Context& context) {
  return require(context.caller, security::Permission::kCredentialRead).and_then([&] {
    return context.reader.credentials(context.caller.tenant);
  });
}

Result<void> delete_credential(const Context& context, const std::string& name) {
  if (auto allowed = require(context.caller, security::Permission::kCredentialWrite); !allowed) return allowed;
  const auto user = user_of(context, name);
  if (!user) return tl::unexpected(user.error());
  if (!user->empty()) {
    return fail(ErrorKind::kConflict, "the workflow '" + *user + "' uses the credential '" + name + "'",
                "apply the workflow with another credential in its place, or delete the workflow first");
  }
  auto outcome = store::write_and_wait(context.writer,
                                       store::DeleteCredential{context.caller.tenant, name, context.clock.now(),
                                                               audit(context, "credential.delete", name)});
  if (!outcome) return tl::unexpected(outcome.error());
  context.runtime.credentials_changed();
  return {};
}

}  // namespace ipaas::service
