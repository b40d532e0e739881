#include "core/connectors/manifest.h"

#include <algorithm>
#include <array>

#include "core/connectors/http_text.h"
#include "core/connectors/manifest_keys.h"
#include "core/connectors/request_parts.h"
#include "core/connectors/url.h"
#include "core/language/yaml/reader.h"

namespace ipaas::connectors {
namespace {

using language::ActionInput;
using language::ExpressionScope;
using language::yaml::Node;

const ExpressionScope kCredentialScope{.contexts = {"credential"}};
const ExpressionScope kRequestScope{.contexts = {"inputs"}};
const ExpressionScope kReplyScope{.contexts = {"status", "headers", "body", "inputs"}};

template <typename Value, std::size_t N>
Value choose(ManifestKeys& keys, std::string_view key, const std::array<std::pair<std::string_view, Value>, N>& options) {
  const auto text = keys.text(key);
  if (text.empty()) return options.front().second;
  for (const auto& [name, value] : options) {
    if (name == text) return value;
  }
  keys.refuse(key, "has a value that is not known");
  return options.front().second;
}

CredentialField read_field(const std::string& name, const Node* node, ManifestProblem& problem) {
  using Format = CredentialField::Format;
  constexpr std::array<std::pair<std::string_view, Format>, 3> kFormats = {
      {{"text", Format::kText}, {"url", Format::kUrl}, {"token", Format::kToken}}};
  ManifestKeys keys(node, "the credential field " + name, problem);
  CredentialField field;
  field.name = name;
  field.required = keys.flag("required", false);
  field.secret = keys.flag("secret", true);
  field.description = keys.required_text("description");
  field.format = choose(keys, "format", kFormats);
  field.options = keys.texts("options");
  keys.finish();
  return field;
}

CredentialWay read_way(const std::string& name, const Node* node, ManifestProblem& problem) {
  ManifestKeys keys(node, "the way " + name, problem);
  CredentialWay way;
  way.name = name;
  way.needs = keys.texts("needs");
  way.headers = keys.tree("headers", kCredentialScope).value_or(language::TemplateTree());
  way.query = keys.tree("query", kCredentialScope).value_or(language::TemplateTree());
  way.url = keys.tree("url", kCredentialScope);
  keys.finish();
  return way;
}

void read_one_of(CredentialType& type, ManifestKeys& keys) {
  const auto* lists = keys.node("one-of");
  if (lists == nullptr) return;
  if (lists->items() == nullptr) return keys.refuse("one-of", "is not a list of lists");
  for (const auto* list : *lists->items()) {
    auto& names = type.one_of.emplace_back();
    if (list->items() == nullptr) return keys.refuse("one-of", "is not a list of lists");
    for (const auto* name : *list->items()) {
      if (name->scalar() != nullptr) names.push_back(name->scalar()->text);
    }
  }
}

void check_fields_exist(const Manifest& manifest, ManifestKeys& keys) {
  const auto& fields = manifest.credential_type->fields;
  const auto exists = [&](const std::string& name) {
    return std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.name == name; });
  };
  for (const auto& names : manifest.credential_type->one_of) {
    if (!std::all_of(names.begin(), names.end(), exists)) keys.refuse("one-of", "names a field that does not exist");
  }
  for (const auto& way : manifest.ways) {
    if (!std::all_of(way.needs.begin(), way.needs.end(), exists)) keys.refuse("attach", "needs a field that does not exist");
  }
}

void read_credential(Manifest& manifest, const Node* node, ManifestProblem& problem) {
  if (node == nullptr) return;
  ManifestKeys keys(node, "the credential", problem);
  auto& type = manifest.credential_type.emplace();
  type.name = keys.required_text("type");
  type.description = keys.required_text("description");
  for (const auto& [name, field] : keys.entries("fields")) type.fields.push_back(read_field(name, field, problem));
  read_one_of(type, keys);
  for (const auto& [name, way] : keys.entries("attach")) manifest.ways.push_back(read_way(name, way, problem));
  check_fields_exist(manifest, keys);
  keys.finish();
}

ActionInput read_input(const std::string& name, const Node* node, ManifestProblem& problem) {
  using Type = ActionInput::Type;
  constexpr std::array<std::pair<std::string_view, Type>, 6> kTypes = {{{"any", Type::kAny},
                                                                       {"string", Type::kString},
                                                                       {"number", Type::kNumber},
                                                                       {"boolean", Type::kBoolean},
                                                                       {"object", Type::kObject},
                                                                       {"array", Type::kArray}}};
  ManifestKeys keys(node, "the input " + name, problem);
  ActionInput input;
  input.name = name;
  input.type = choose(keys, "type", kTypes);
  input.required = keys.flag("required", false);
  input.description = keys.required_text("description");
  input.options = keys.texts("options");
  keys.finish();
  return input;
}

void read_path(ManifestRequest& request, ManifestKeys& keys) {
  const auto* node = keys.node("path");
  if (node == nullptr) return;
  if (node->items() == nullptr) {
    request.path = keys.text("path");
    // An input in the middle of a text could add segments, or leave them.
    if (request.path.find("${{") != std::string::npos) keys.refuse("path", "holds an expression: write a list of segments");
    return;
  }
  ManifestKeys::Entries segments;
  for (const auto* item : *node->items()) {
    auto segment = language::Template::parse(item->scalar() == nullptr ? "" : item->scalar()->text, kRequestScope);
    if (!segment) return keys.refuse("path", segment.error().message);
    request.segments.emplace_back(std::move(*segment));
  }
}

ManifestRequest read_request(const Node* node, ManifestProblem& problem) {
  ManifestKeys keys(node, "the request", problem);
  ManifestRequest request;
  if (auto method = keys.text("method"); !method.empty()) request.method = std::move(method);
  const auto checked = request_method(request.method);
  if (!checked || *checked != request.method) keys.refuse("method", "is not a method");
  read_path(request, keys);
  request.query = keys.sparse("query", kRequestScope).value_or(SparseTemplate{});
  request.headers = keys.sparse("headers", kRequestScope).value_or(SparseTemplate{});
  request.json = keys.sparse("json", kRequestScope);
  request.form = keys.sparse("form", kRequestScope);
  if (request.json && request.form) keys.refuse("form", "excludes `json`");
  request.idempotency_header = keys.text("idempotency-header");
  if (!request.idempotency_header.empty() && !is_token(request.idempotency_header)) {
    keys.refuse("idempotency-header", "is not the name of a header");
  }
  request.idempotent =
      keys.flag("idempotent", is_idempotent_method(request.method) || !request.idempotency_header.empty());
  keys.finish();
  return request;
}

/// What the action writes replaces what the connector says.
ManifestErrors read_errors(const Node* node, ManifestErrors errors, ManifestProblem& problem) {
  using Class = ManifestErrors::Class;
  constexpr std::array<std::pair<std::string_view, Class>, 4> kLists = {{{"rejected", Class::kRejected},
                                                                        {"credential-refused", Class::kCredentialRefused},
                                                                        {"deferred", Class::kDeferred},
                                                                        {"unknown", Class::kUnknown}}};
  ManifestKeys keys(node, "the errors", problem);
  if (auto reason = keys.tree("reason", kReplyScope)) errors.reason = std::move(reason);
  if (auto message = keys.tree("message", kReplyScope)) errors.message = std::move(message);
  if (auto wait = keys.tree("retry-after", kReplyScope)) errors.retry_after = std::move(wait);
  for (const auto& [key, reason_class] : kLists) {
    for (auto& reason : keys.texts(key)) errors.classes.insert_or_assign(std::move(reason), reason_class);
  }
  keys.finish();
  return errors;
}

void check_ways(const Manifest& manifest, const ManifestAction& action, ManifestKeys& keys) {
  for (const auto& name : action.ways) {
    if (manifest.way(name) == nullptr) keys.refuse("credential", "names a way that does not exist");
  }
  const bool needs_base = action.ways.empty() || std::any_of(action.ways.begin(), action.ways.end(), [&](const auto& name) {
    const auto* way = manifest.way(name);
    return way != nullptr && !way->url;
  });
  if (needs_base && manifest.base_url.empty()) keys.refuse("request", "goes nowhere: the manifest has no `base-url`");
}

ManifestAction read_action(const Manifest& manifest, const std::string& name, const Node* node,
                           const ManifestErrors& errors, ManifestProblem& problem) {
  ManifestKeys keys(node, "the action " + name, problem);
  ManifestAction action;
  action.info.connector = manifest.name;
  action.info.name = name;
  action.info.description = keys.required_text("description");
  for (const auto& [input, value] : keys.entries("inputs")) action.info.inputs.push_back(read_input(input, value, problem));
  action.ways = keys.texts("credential");
  const bool optional = keys.flag("optional-credential", false);
  if (!action.ways.empty() && manifest.credential_type) {
    action.info.credential_types = {manifest.credential_type->name};
    action.info.credential_required = !optional;
  }
  action.request = read_request(keys.node("request"), problem);
  check_ways(manifest, action, keys);
  if (const auto condition = keys.text("success"); !condition.empty()) {
    auto parsed = language::parse_condition(condition, kReplyScope);
    if (!parsed) {
      keys.refuse("success", parsed.error().message);
    } else {
      action.success = std::move(*parsed);
    }
  }
  action.errors = read_errors(keys.node("errors"), errors, problem);
  action.outputs = keys.tree("outputs", kReplyScope);
  keys.finish();
  return action;
}

Manifest read_root(const Node* root, ManifestProblem& problem) {
  ManifestKeys keys(root, "a manifest", problem);
  Manifest manifest;
  manifest.name = keys.required_text("name");
  manifest.description = keys.required_text("description");
  manifest.base_url = keys.text("base-url");
  if (!manifest.base_url.empty() && !parse_url(manifest.base_url)) keys.refuse("base-url", "is not a URL");
  read_credential(manifest, keys.node("credential"), problem);
  const auto errors = read_errors(keys.node("errors"), {}, problem);
  for (const auto& [name, node] : keys.entries("actions")) {
    manifest.actions.push_back(read_action(manifest, name, node, errors, problem));
  }
  if (manifest.actions.empty()) keys.refuse("actions", "is missing");
  keys.finish();
  return manifest;
}

tl::unexpected<Error> in_file(Error error, std::string_view file) {
  error.kind = ErrorKind::kInternal;
  error.file = file;
  error.code = "bad_manifest";
  return tl::unexpected(std::move(error));
}

}  // namespace

const CredentialWay* Manifest::way(std::string_view way_name) const {
  const auto found = std::find_if(ways.begin(), ways.end(), [&](const auto& way) { return way.name == way_name; });
  return found == ways.end() ? nullptr : &*found;
}

Result<Manifest> read_manifest(std::string_view text, std::string_view file) {
  auto stream = language::yaml::read(text);
  if (!stream.errors.empty()) return in_file(std::move(stream.errors.front()), file);
  ManifestProblem problem;
  if (stream.documents.size() != 1 || stream.documents.front().root == nullptr) {
    problem.set({1, 1}, "a manifest is one YAML document");
    return in_file(problem.take(), file);
  }
  auto manifest = read_root(stream.documents.front().root, problem);
  if (problem.is_set()) return in_file(problem.take(), file);
  return manifest;
}

}  // namespace ipaas::connectors
