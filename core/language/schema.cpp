#include "core/language/schema.h"

#include <set>

#include "core/language/expression/function_docs.h"
#include "core/language/parser/key_table.h"
#include "core/language/schema_of_actions.h"

namespace ipaas::language {
namespace {

using Kind = ValueShape::Kind;

constexpr const char* kDraft = "http://json-schema.org/draft-07/schema#";
constexpr const char* kDuration = "^([0-9]+(ms|s|m|h|d|w))+$";
constexpr const char* kRate = "^[1-9][0-9]*/([0-9]*(ms|s|m|h|d|w))+$";
constexpr const char* kSize = "^[0-9]+ *([KMG]i?B|B)?$";
constexpr const char* kHoldsExpression = "\\$\\{\\{";

Json reference(const std::string& name) { return Json{{"$ref", "#/definitions/" + name}}; }

/// "a step" -> step, "`retry`" -> key retry
std::string name_of(const KeyTable& table) {
  const std::string_view what = table.what;
  if (what.starts_with('`')) return "key " + std::string(what.substr(1, what.size() - 2));
  return std::string(what.substr(what.find(' ') + 1));
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

/// Writes the definition of every table that it meets.
class SchemaWriter {
 public:
  Json definition(const KeyTable& table) {
    const std::string name = name_of(table);
    if (written_.insert(name).second) {
      Json written = object_of(table);
      definitions_[name] = std::move(written);
    }
    return reference(name);
  }

  [[nodiscard]] Json take() { return std::move(definitions_); }

 private:
  Json object_of(const KeyTable& table) {
    Json properties = Json::object();
    Json required = Json::array();
    for (const KeyRule& rule : table.rules) {
      Json value = value_of(rule.shape);
      // Beside $ref nothing counts in this draft.
      if (value.contains("$ref")) value = Json{{"allOf", Json::array({std::move(value)})}};
      value["description"] = rule.description;
      properties[std::string(rule.name)] = std::move(value);
      if (rule.status == KeyRule::Status::kRequired) required.push_back(rule.name);
    }
    Json object{{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
    if (!required.empty()) object["required"] = std::move(required);
    if (table.extensions) object["patternProperties"] = Json{{"^x-", Json::object()}};
    if (&table == &step_keys()) add_kinds(table, object);
    if (&table == &verify_keys()) add_schemes(table, object);
    return object;
  }

  /// A step does one thing, and takes what belongs to it.
  static void add_kinds(const KeyTable& table, Json& object) {
    Json kinds = Json::array();
    Json dependencies = Json::object();
    for (const KeyRule& rule : table.rules) {
      if (rule.kind) kinds.push_back(Json{{"required", {rule.name}}});
      if (rule.belongs_to.empty()) continue;
      Json owners = Json::array();
      for (const std::string& owner : words_of(rule.belongs_to)) owners.push_back(Json{{"required", {owner}}});
      dependencies[std::string(rule.name)] = Json{{"anyOf", std::move(owners)}};
    }
    if (!kinds.empty()) object["oneOf"] = std::move(kinds);
    if (!dependencies.empty()) object["dependencies"] = std::move(dependencies);
  }

  /// A scheme takes what belongs to it, and all but `none` a credential.
  static void add_schemes(const KeyTable& table, Json& object) {
    const auto is = [](Json scheme) { return Json{{"properties", {{"scheme", std::move(scheme)}}}}; };
    Json rules = Json::array();
    for (const KeyRule& rule : table.rules) {
      if (rule.belongs_to.empty()) continue;
      rules.push_back(Json{{"if", {{"required", {rule.name}}}}, {"then", is(Json{{"enum", words_of(rule.belongs_to)}})}});
    }
    rules.push_back(Json{{"if", is(Json{{"const", "none"}})},
                         {"then", {{"properties", {{"credential", false}}}}},
                         {"else", {{"required", {"credential"}}}}});
    object["allOf"] = std::move(rules);
  }

  Json value_of(const ValueShape& shape) {
    Json value = plain_value_of(shape);
    if (shape.other == nullptr) return value;
    return Json{{"anyOf", Json::array({std::move(value), value_of(*shape.other)})}};
  }

  Json plain_value_of(const ValueShape& shape) {
    switch (shape.kind) {
      case Kind::kAnything:
      case Kind::kLiteral: return Json::object();
      case Kind::kText: return text(shape.pattern);
      case Kind::kTemplate: return Json{{"type", {"string", "number", "boolean"}}};
      case Kind::kCondition: return reference("expression");
      case Kind::kExpression: return Json{{"type", "string"}, {"pattern", kHoldsExpression}};
      case Kind::kCollection: return Json{{"type", {"array", "object"}}};
      case Kind::kBoolean: return Json{{"type", "boolean"}};
      case Kind::kInteger: return Json{{"type", "integer"}, {"minimum", shape.least}, {"maximum", shape.most}};
      case Kind::kDuration: return Json{{"type", "string"}, {"pattern", kDuration}};
      case Kind::kRate: return Json{{"type", "string"}, {"pattern", kRate}};
      case Kind::kSize: return Json{{"type", "string"}, {"pattern", kSize}};
      case Kind::kOption: return Json{{"enum", shape.options}};
      case Kind::kList: return Json{{"type", "array"}, {"minItems", 1}, {"items", value_of(*shape.item)}};
      case Kind::kMap: return Json{{"type", "object"}, {"additionalProperties", value_of(*shape.item)}};
      case Kind::kMapping: return mapping(shape.table());
      case Kind::kEmpty: return Json{{"type", {"object", "null"}}, {"maxProperties", 0}};
      case Kind::kSteps: break;
    }
    return Json{{"type", "array"}, {"minItems", 1}, {"items", definition(step_keys())}};
  }

  static Json text(std::string_view pattern) {
    Json value{{"type", "string"}};
    if (!pattern.empty()) value["pattern"] = "^(" + std::string(pattern) + ")$";
    return value;
  }

  /// Where no key is required, nothing at all will do as well.
  Json mapping(const KeyTable& table) {
    if (!table.rules.empty()) return definition(table);
    return Json{{"type", {"object", "null"}}, {"maxProperties", 0}};
  }

  Json definitions_ = Json::object();
  std::set<std::string> written_;
};

/// What an editor shows of expressions: every function with what it takes and an example.
Json expression_definition() {
  Json functions = Json::object();
  std::string names;
  for (const FunctionDoc& function : function_docs()) {
    functions[std::string(function.name)] = Json{{"signature", signature_of(function)},
                                                 {"description", function.summary},
                                                 {"example", function.example},
                                                 {"result", function.result}};
    names += (names.empty() ? "" : " ") + std::string(function.name);
  }
  return Json{{"type", {"string", "number", "boolean"}},
              {"description", "GitHub Actions' expressions, with lambdas; functions: " + names},
              {"x-functions", std::move(functions)}};
}

/// `options` are for a choice, which cannot do without.
void add_choice(Json& input) {
  const Json is_choice{{"properties", {{"type", {{"const", "choice"}}}}}, {"required", {"type"}}};
  input["if"] = is_choice;
  input["then"] = Json{{"required", {"options"}}};
  input["else"] = Json{{"properties", {{"options", false}}}};
}

/// The inputs and credentials of every action, once it is known which one.
void add_actions(const ActionCatalog& catalog, Json& definitions) {
  Json names = Json::array();
  Json rules = Json::array();
  for (const std::string& connector : catalog.connectors()) {
    for (const std::string& action : catalog.actions(connector)) {
      const ActionInfo& info = *catalog.action(connector, action);
      const std::string name = connector + "/" + action;
      const std::string definition = "with " + connector + " " + action;
      definitions[definition] = schema_of_inputs(info);
      names.push_back(Json{{"const", name}, {"description", info.description}});
      rules.push_back(Json{{"if", {{"properties", {{"uses", {{"const", name}}}}}, {"required", {"uses"}}}},
                           {"then", schema_of_use(info, reference(definition))}});
    }
  }
  Json& step = definitions["step"];
  Json& uses = step["properties"]["uses"];
  uses.erase("type");
  uses["anyOf"] = std::move(names);
  step["allOf"] = std::move(rules);
}

}  // namespace

Json workflow_schema(const ActionCatalog& catalog) {
  SchemaWriter writer;
  Json root = writer.definition(workflow_keys());
  Json definitions = writer.take();
  definitions["expression"] = expression_definition();
  add_choice(definitions["input"]);
  add_actions(catalog, definitions);
  Json schema{{"$schema", kDraft}, {"title", "ipaas workflow"}};
  schema["allOf"] = Json::array({std::move(root)});
  schema["definitions"] = std::move(definitions);
  return schema;
}

Json connector_schema(const ActionCatalog& catalog, std::string_view connector) {
  const auto actions = catalog.actions(connector);
  if (actions.empty()) return Json();
  Json definitions = Json::object();
  for (const std::string& action : actions) {
    definitions[std::string(connector) + "/" + action] = schema_of_inputs(*catalog.action(connector, action));
  }
  return Json{{"$schema", kDraft}, {"title", "inputs of " + std::string(connector)}, {"definitions", std::move(definitions)}};
}

}  // namespace ipaas::language
