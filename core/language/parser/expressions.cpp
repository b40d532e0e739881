#include "core/language/parser/expressions.h"

#include <algorithm>
#include <cmath>

#include "core/base/letter_case.h"
#include "core/language/yaml/scalar.h"

namespace ipaas::language {
namespace {

/// Contexts that are seen in some places only.
struct LocalContext {
  std::string_view name;
  std::string_view where;
};
constexpr LocalContext kLocalContexts[] = {
    {"item", "inside `for-each`"}, {"index", "inside `for-each`"}, {"failure", "in `on-failure`"}, {"wait", "in `notify`"}};
const std::vector<std::string_view> kStepProperties = {"outputs", "outcome", "conclusion", "attempts", "error"};
/// Of all triggers: a workflow may have several.
const std::vector<std::string_view> kEventProperties = {
    "body", "headers", "query", "method", "path", "id", "received_at", "scheduled_for", "cron", "timezone",
    "workflow", "execution", "status", "outputs"};
const std::vector<std::string_view> kWaitProperties = {"url", "expires_at"};
const std::vector<std::string_view> kFailureProperties = {"step", "code", "message"};
const std::vector<std::string_view> kExecutionProperties = {"id", "workflow", "version", "started_at", "trigger"};

std::size_t offset_of(SourcePosition position) {
  return position.column > 0 ? static_cast<std::size_t>(position.column - 1) : 0;
}

std::string_view word_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  constexpr std::string_view kName = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  const std::size_t end = text.find_first_not_of(kName, at);
  return text.substr(at, end == std::string_view::npos ? end : end - at);
}

void report_expression(Reading& reading, const yaml::Node& node, Error error) {
  const std::size_t at = offset_of(error.position);
  const std::string_view word = word_at(node.scalar()->text, at);
  const auto local = std::find_if(std::begin(kLocalContexts), std::end(kLocalContexts),
                                  [&](const LocalContext& context) { return context.name == word; });
  if (error.code == "unknown_context" && local != std::end(kLocalContexts)) {
    error.message = shown(word) + " is seen only " + std::string(local->where);
    error.hint = "name an input or an output of a step";
  }
  error.position = yaml::position_within(reading.document, node, at);
  reading.report.add(std::move(error));
}

void check_property(Reading& reading, SourcePosition position, std::string_view of, std::string_view property,
                    const std::vector<std::string_view>& known) {
  const auto is_it = [&](std::string_view name) { return same_name(name, property); };
  if (property.empty() || std::any_of(known.begin(), known.end(), is_it)) return;
  reading.report.add(position, "unknown_property", std::string(of) + " has no " + shown(property), suggestion(property, known));
}

void check_step(Reading& reading, SourcePosition position, const Reference& reference, const StepScope& steps) {
  if (!steps.sees(reference.key)) {
    auto refusal = steps.why_not(reference.key);
    reading.report.add(position, "unknown_step", std::move(refusal.message), std::move(refusal.hint));
  }
  check_property(reading, position, "a step", reference.property, kStepProperties);
}

void check_input(Reading& reading, SourcePosition position, const Reference& reference, const std::vector<Input>& inputs) {
  std::vector<std::string_view> names;
  for (const Input& input : inputs) names.push_back(input.name);
  const auto is_it = [&](std::string_view name) { return same_name(name, reference.key); };
  if (std::any_of(names.begin(), names.end(), is_it)) return;
  std::string hint = suggestion(reference.key, names);
  if (hint.empty()) hint = "declare it below `inputs` at the top";
  reading.report.add(position, "unknown_input", "the workflow has no input " + shown(reference.key), std::move(hint));
}

void check_references(Reading& reading, const yaml::Node& node, const References& references, const Place& place) {
  const auto position_of_reference = [&](SourcePosition position) {
    return yaml::position_within(reading.document, node, offset_of(position));
  };
  for (const Reference& reference : references.contexts) {
    const SourcePosition position = position_of_reference(reference.position);
    if (reference.context == "vars") reading.variables.insert(reference.key.empty() ? "*" : lower_case(reference.key));
    if (reference.key.empty()) continue;
    if (reference.context == "steps" && place.steps != nullptr) check_step(reading, position, reference, *place.steps);
    if (reference.context == "inputs" && place.inputs != nullptr) check_input(reading, position, reference, *place.inputs);
    if (reference.context == "event") check_property(reading, position, "an event", reference.key, kEventProperties);
    if (reference.context == "wait") check_property(reading, position, "`wait`", reference.key, kWaitProperties);
    if (reference.context == "failure") check_property(reading, position, "`failure`", reference.key, kFailureProperties);
    if (reference.context == "execution") check_property(reading, position, "`execution`", reference.key, kExecutionProperties);
  }
}

std::optional<Expression> checked(Reading& reading, const yaml::Node& node, Result<Expression> parsed, const Place& place) {
  if (!parsed) {
    report_expression(reading, node, std::move(parsed.error()));
    return std::nullopt;
  }
  check_references(reading, node, parsed->references(), place);
  return std::move(*parsed);
}

std::optional<Template> checked_template(Reading& reading, const yaml::Node& node, const Place& place) {
  auto parsed = Template::parse_all(node.scalar()->text, place.scope);
  if (!parsed) {
    for (Error& error : parsed.error()) report_expression(reading, node, std::move(error));
    return std::nullopt;
  }
  check_references(reading, node, parsed->references(), place);
  return std::move(*parsed);
}

/// A value that is known now, or one that has expressions somewhere below it.
struct Part {
  std::optional<Json> literal;
  TemplateTree tree;

  [[nodiscard]] TemplateTree as_tree() && { return literal ? TemplateTree(std::move(*literal)) : std::move(tree); }
};

class TreeReader {
 public:
  TreeReader(Reading& reading, const Place& place) : reading_(reading), place_(place) {}

  Part read(const yaml::Node& node) {
    if (node.scalar() != nullptr) return read_scalar(node);
    if (node.items() != nullptr) return read_items(*node.items());
    if (node.entries() != nullptr) return read_entries(*node.entries());
    return {Json(), {}};
  }

 private:
  Part read_scalar(const yaml::Node& node) {
    const std::string& text = node.scalar()->text;
    if (holds_expression(text)) {
      auto parsed = checked_template(reading_, node, place_);
      return parsed ? Part{std::nullopt, TemplateTree(std::move(*parsed))} : Part{Json(), {}};
    }
    Json value = yaml::resolve(*node.scalar());
    if (value.is_number_float() && !std::isfinite(value.get<double>())) {
      reading_.report.add(node.position(), "wrong_type", "JSON has no number " + shown(text), "quote it");
    }
    return {std::move(value), {}};
  }

  Part read_items(const yaml::Node::Items& nodes) {
    std::vector<Part> parts;
    parts.reserve(nodes.size());
    for (const yaml::Node* node : nodes) parts.push_back(read(*node));
    if (all_literal(parts)) {
      Json list = Json::array();
      for (Part& part : parts) list.push_back(std::move(*part.literal));
      return {std::move(list), {}};
    }
    TemplateTree::Items items;
    items.reserve(parts.size());
    for (Part& part : parts) items.push_back(std::move(part).as_tree());
    return {std::nullopt, TemplateTree(std::move(items))};
  }

  Part read_entries(const yaml::Node::Entries& entries) {
    std::vector<Part> parts;
    parts.reserve(entries.size());
    for (const yaml::Entry& entry : entries) {
      if (holds_expression(entry.key)) {
        reading_.report.add(entry.position, "expression_in_key", "a key cannot hold an expression",
                            "make the object with an expression, such as `${{ fromJSON(…) }}`");
      }
      parts.push_back(read(*entry.value));
    }
    if (all_literal(parts)) return {literal_object(entries, parts), {}};
    TemplateTree::Members members;
    members.reserve(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) members.emplace_back(entries[i].key, std::move(parts[i]).as_tree());
    return {std::nullopt, TemplateTree(std::move(members))};
  }

  static bool all_literal(const std::vector<Part>& parts) {
    return std::all_of(parts.begin(), parts.end(), [](const Part& part) { return part.literal.has_value(); });
  }

  static Json literal_object(const yaml::Node::Entries& entries, std::vector<Part>& parts) {
    Json object = Json::object();
    // As a vector it is appended to without a search for an equal key, which YAML has ruled out.
    std::vector<std::pair<const std::string, Json>>& members = object.get_ref<Json::object_t&>();
    members.reserve(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) members.emplace_back(entries[i].key, std::move(*parts[i].literal));
    return object;
  }

  Reading& reading_;
  const Place& place_;
};

bool has_expression(const yaml::Node& node) {
  if (const auto* scalar = node.scalar()) return holds_expression(scalar->text);
  if (const auto* items = node.items()) {
    return std::any_of(items->begin(), items->end(), [](const yaml::Node* item) { return has_expression(*item); });
  }
  if (const auto* entries = node.entries()) {
    return std::any_of(entries->begin(), entries->end(), [](const yaml::Entry& entry) { return has_expression(*entry.value); });
  }
  return false;
}

}  // namespace

Place webhook_place() { return {ExpressionScope{{"event"}, false, false}}; }

Place step_place(const StepScope& steps, const std::vector<Input>& inputs, Surroundings surroundings) {
  Place place{ExpressionScope{{"event", "inputs", "steps", "execution", "vars"}, false, false}, &steps, &inputs};
  if (surroundings.loop) place.scope.contexts.insert(place.scope.contexts.end(), {"item", "index"});
  if (surroundings.on_failure) place.scope.contexts.emplace_back("failure");
  if (surroundings.notify) place.scope.contexts.emplace_back("wait");
  return place;
}

std::optional<Expression> read_condition(Reading& reading, const yaml::Entry& entry, const Place& place) {
  if (entry.value->scalar() == nullptr) {
    report_type(reading, shown(entry.key), *entry.value, entry.position, "a condition", "write an expression");
    return std::nullopt;
  }
  return checked(reading, *entry.value, parse_condition(entry.value->scalar()->text, place.scope), place);
}

std::optional<Template> read_template(Reading& reading, const yaml::Entry& entry, const Place& place) {
  if (entry.value->scalar() == nullptr) {
    report_type(reading, shown(entry.key), *entry.value, entry.position, "text");
    return std::nullopt;
  }
  return checked_template(reading, *entry.value, place);
}

TemplateTree read_tree(Reading& reading, const yaml::Node& node, const Place& place) {
  return TreeReader(reading, place).read(node).as_tree();
}

Json read_literal(Reading& reading, const yaml::Node& node, std::string_view what) {
  if (has_expression(node)) {
    reading.report.add(node.position(), "bad_value", std::string(what) + " cannot be computed",
                       "write the value, without `${{ }}`");
    return Json();
  }
  const Place nowhere;
  return TreeReader(reading, nowhere).read(node).literal.value_or(Json());
}

void check_deferred(Reading& reading, const yaml::Entry& entry) {
  const Place reply{ExpressionScope{{"status", "headers", "body"}, false, false}};
  static_cast<void>(read_condition(reading, entry, reply));
}

}  // namespace ipaas::language
