#include "core/connectors/http_credential.h"

#include "core/base/encoding.h"
#include "core/connectors/action_inputs.h"
#include "core/connectors/host_rule.h"
#include "core/connectors/http_text.h"
#include "core/connectors/request_parts.h"

namespace ipaas::connectors {
namespace {

tl::unexpected<Error> refused(const CredentialFields& credential, const std::string& what, std::string hint) {
  return fail(ErrorKind::kInvalid, "the credential " + credential.name + " " + what, std::move(hint),
              "credential_refused");
}

Result<std::string> needed_field(const CredentialFields& credential, std::string_view name) {
  auto text = field_text(credential, name);
  if (text.empty()) return refused(credential, "has no " + std::string(name), "create it again with that field");
  return text;
}

Result<void> attach_bearer(HttpCall& call, const CredentialFields& credential) {
  const auto token = needed_field(credential, "token");
  if (!token) return tl::unexpected(token.error());
  return add_credential_header(call, credential, "Authorization", "Bearer " + *token);
}

Result<void> attach_basic(HttpCall& call, const CredentialFields& credential) {
  const auto username = needed_field(credential, "username");
  if (!username) return tl::unexpected(username.error());
  const auto password = needed_field(credential, "password");
  if (!password) return tl::unexpected(password.error());
  return add_credential_header(call, credential, "Authorization", "Basic " + base64_encode(*username + ":" + *password));
}

Result<void> attach_api_key(HttpCall& call, const CredentialFields& credential) {
  auto value = needed_field(credential, "value");
  if (!value) return tl::unexpected(value.error());
  const auto name = needed_field(credential, "name");
  if (!name) return tl::unexpected(name.error());
  if (field_text(credential, "in") != "query") return add_credential_header(call, credential, *name, std::move(*value));
  call.credential_query.emplace_back(*name, Secret(std::move(*value)));
  return {};
}

}  // namespace

Result<void> check_presence(const domain::CallRequest& request, const std::optional<CredentialFields>& credential) {
  if (request.credential.empty() || credential) return {};
  return fail(ErrorKind::kInvalid, "the credential " + request.credential + " does not exist",
              "create it with ipaas credential create " + request.credential, "credential_missing");
}

std::string field_text(const CredentialFields& credential, std::string_view name) {
  return text_input(credential.fields, name);
}

Result<void> add_credential_header(HttpCall& call, const CredentialFields& credential, const std::string& name,
                                   std::string value) {
  if (!is_token(name)) return refused(credential, "names a header that cannot be one", "use letters, digits and dashes");
  if (!is_field_value(value)) {
    return refused(credential, "holds a line break or another control character", "create it again without");
  }
  if (has_header(call.headers, lower_case(name))) {
    return fail(ErrorKind::kInvalid, "the header " + name + " is written and given by the credential " + credential.name,
                "leave one of them out", "input_invalid");
  }
  call.credential_headers.emplace_back(name, Secret(std::move(value)));
  return {};
}

Result<void> attach_common_credential(HttpCall& call, const CredentialFields& credential, const Url& url) {
  if (const auto allowed = check_destination(credential.name, credential.fields, url); !allowed) return allowed;
  if (credential.type == "bearer") return attach_bearer(call, credential);
  if (credential.type == "basic") return attach_basic(call, credential);
  if (credential.type == "api-key") return attach_api_key(call, credential);
  return refused(credential, "is of the type " + credential.type + ", which says not how to send it",
                 "use a credential of type bearer, basic or api-key");
}

}  // namespace ipaas::connectors
