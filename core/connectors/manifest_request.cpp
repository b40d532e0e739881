#include "core/connectors/manifest_request.h"

#include <algorithm>

#include "core/base/version.h"
#include "core/connectors/action_inputs.h"
#include "core/connectors/host_rule.h"
#include "core/connectors/http_credential.h"
#include "core/connectors/http_text.h"
#include "core/connectors/request_parts.h"
#include "core/connectors/url.h"

namespace ipaas::connectors {
namespace {

using language::JsonContext;
using language::TemplateTree;

std::string full_name(const ManifestAction& action) { return action.info.connector + "/" + action.info.name; }

Result<Json> evaluate(const TemplateTree& tree, const Json& contexts) { return tree.evaluate(JsonContext(contexts), {}); }

void drop_absent(Json& value, const Json& shape) {
  if (!shape.is_object() || !value.is_object()) return;
  for (const auto& [key, inner] : shape.items()) {
    const auto found = value.find(key);
    if (found == value.end()) continue;
    drop_absent(*found, inner);
    const bool emptied = inner.is_object() && !inner.empty() && found->empty();
    if (found->is_null() || emptied) value.erase(key);
  }
}

/// What the templates of the credential see. The one place where a secret meets an expression, and both are ours.
Json credential_contexts(const Manifest& manifest, const CredentialFields& credential) {
  Json fields = credential.fields;
  if (text_input(fields, "base_url").empty()) fields["base_url"] = manifest.base_url;
  return Json{{"credential", std::move(fields)}};
}

tl::unexpected<Error> refused(const CredentialFields& credential, const std::string& what, std::string hint) {
  return fail(ErrorKind::kInvalid, "the credential " + credential.name + " " + what, std::move(hint),
              "credential_refused");
}

/// The first way whose fields the credential has; nullptr where the action goes without.
Result<const CredentialWay*> choose_way(const Manifest& manifest, const ManifestAction& action,
                                        const std::optional<CredentialFields>& credential) {
  if (action.ways.empty()) {
    if (credential) return refused(*credential, "is of no use to " + full_name(action), "leave `credential` out");
    return nullptr;
  }
  const std::string& type = manifest.credential_type->name;
  if (!credential) {
    if (!action.info.credential_required) return nullptr;
    return fail(ErrorKind::kInvalid, full_name(action) + " needs a credential",
                "create it with ipaas credential create NAME --type " + type, "credential_missing");
  }
  if (credential->type != type) {
    return refused(*credential, "is of the type " + credential->type + ", not " + type,
                   "use a credential of type " + type);
  }
  std::string needed;
  for (const auto& name : action.ways) {
    const auto* way = manifest.way(name);
    const bool complete = std::all_of(way->needs.begin(), way->needs.end(), [&](const auto& field) {
      return !field_text(*credential, field).empty();
    });
    if (complete) return way;
    for (const auto& field : way->needs) needed += (needed.empty() ? "" : " or ") + field;
  }
  return refused(*credential, "has no " + needed + ", which " + full_name(action) + " needs",
                 "create one of type " + type + " with that field");
}

/// Where the call goes before path and query. The text of an address that is itself a secret is never quoted.
Result<Url> base_of(const Manifest& manifest, const CredentialWay* way, const std::optional<CredentialFields>& credential) {
  if (!credential) return parse_url(manifest.base_url);
  const Json contexts = credential_contexts(manifest, *credential);
  const auto text = way != nullptr && way->url ? evaluate(*way->url, contexts)
                                               : Result<Json>(contexts["credential"]["base_url"]);
  const auto url = text ? parse_url(text->is_string() ? text->get<std::string>() : std::string())
                        : Result<Url>(tl::unexpected(text.error()));
  if (!url) return refused(*credential, "has an address that is not usable: " + url.error().message, url.error().hint);
  // Where to go is the credential's own word here, so only `hosts` can narrow it.
  Json limits = Json::object();
  if (const auto* hosts = find_input(credential->fields, "hosts")) limits["hosts"] = *hosts;
  if (const auto allowed = check_destination(credential->name, limits, *url); !allowed) {
    return tl::unexpected(allowed.error());
  }
  return url;
}

Result<void> add_path(Url& url, const ManifestRequest& request, const Json& contexts) {
  if (!request.path.empty()) {
    auto joined = join_url(url, request.path);
    if (!joined) return tl::unexpected(joined.error());
    url = std::move(*joined);
  }
  std::vector<std::string> segments;
  for (const auto& segment : request.segments) {
    const auto value = evaluate(segment, contexts);
    if (!value) return tl::unexpected(value.error());
    segments.push_back(scalar_text(*value).value_or(""));
  }
  return append_segments(url, segments);
}

Result<void> add_query(Url& url, const ManifestRequest& request, const Json& contexts) {
  const auto values = evaluate_sparse(request.query, contexts);
  if (!values) return tl::unexpected(values.error());
  const auto pairs = name_value_pairs(*values, "the query");
  if (!pairs) return tl::unexpected(pairs.error());
  append_query(url, *pairs);
  return {};
}

Result<void> add_headers(HttpCall& call, const ManifestRequest& request, const Json& contexts, const std::string& key) {
  const auto values = evaluate_sparse(request.headers, contexts);
  if (!values) return tl::unexpected(values.error());
  auto headers = header_list(*values);
  if (!headers) return tl::unexpected(headers.error());
  call.headers = std::move(*headers);
  call.headers.emplace_back("User-Agent", "ipaas/" + std::string(kVersion));
  if (!request.idempotency_header.empty() && !key.empty() && is_field_value(key)) {
    call.headers.emplace_back(request.idempotency_header, key);
  }
  return {};
}

Result<void> add_body(HttpCall& call, const ManifestRequest& request, const Json& contexts) {
  const auto& written = request.json ? request.json : request.form;
  if (!written) return {};
  auto value = evaluate_sparse(*written, contexts);
  if (!value) return tl::unexpected(value.error());
  auto body = request_body(Json{{request.json ? "json" : "form", std::move(*value)}}, {});
  if (!body) return tl::unexpected(body.error());
  set_body(call, std::move(**body));
  return {};
}

Result<void> attach(HttpCall& call, const Manifest& manifest, const CredentialWay& way, const CredentialFields& credential) {
  const Json contexts = credential_contexts(manifest, credential);
  const auto headers = evaluate(way.headers, contexts);
  if (!headers) return refused(credential, "cannot be attached: " + headers.error().message, headers.error().hint);
  const auto query = evaluate(way.query, contexts);
  if (!query) return refused(credential, "cannot be attached: " + query.error().message, query.error().hint);
  const auto header_pairs = name_value_pairs(*headers, "the credential's headers");
  const auto query_pairs = name_value_pairs(*query, "the credential's query");
  if (!header_pairs || !query_pairs) return refused(credential, "cannot be attached", "check its fields");
  for (const auto& [name, value] : *header_pairs) {
    if (const auto added = add_credential_header(call, credential, name, value); !added) return added;
  }
  for (const auto& [name, value] : *query_pairs) call.credential_query.emplace_back(name, Secret(value));
  return {};
}

}  // namespace

Result<Json> evaluate_sparse(const SparseTemplate& sparse, const Json& contexts) {
  auto value = evaluate(sparse.tree, contexts);
  if (value) drop_absent(*value, sparse.shape);
  return value;
}

Result<HttpCall> build_manifest_call(const Manifest& manifest, const ManifestAction& action, const Json& inputs,
                                     const std::optional<CredentialFields>& credential,
                                     const std::string& idempotency_key) {
  const auto way = choose_way(manifest, action, credential);
  if (!way) return tl::unexpected(way.error());
  auto url = base_of(manifest, *way, credential);
  if (!url) return tl::unexpected(url.error());
  const Json contexts = {{"inputs", inputs}};
  HttpCall call;
  call.method = action.request.method;
  Result<void> built = add_path(*url, action.request, contexts);
  if (built) built = add_query(*url, action.request, contexts);
  if (built) built = add_headers(call, action.request, contexts, idempotency_key);
  if (built) built = add_body(call, action.request, contexts);
  if (built && *way != nullptr) built = attach(call, manifest, **way, *credential);
  if (!built) return tl::unexpected(built.error());
  if (*way != nullptr && (*way)->url) {
    call.credential_url = Secret(url->text());
  } else {
    call.url = url->text();
  }
  return call;
}

}  // namespace ipaas::connectors
