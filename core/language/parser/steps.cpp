// What all steps have in common, and the kinds that neither call nor wait nor hold steps.

#include <algorithm>

#include "core/language/parser/step_reader.h"

namespace ipaas::language {
namespace {

/// `uses`, `set`, … as a step may have one of them.
std::vector<std::string_view> kinds() {
  std::vector<std::string_view> names;
  for (const KeyRule& rule : step_keys().rules) {
    if (rule.kind) names.push_back(rule.name);
  }
  return names;
}

std::string kinds_of(const KeyRule& part) {
  std::vector<std::string_view> names;
  for (const std::string_view kind : kinds()) {
    if (part.belongs(kind)) names.push_back(kind);
  }
  return any_of(names);
}

bool is_always_false(const Step& step) {
  if (!step.condition) return false;
  const std::string& source = step.condition->source();
  const std::size_t begin = source.find_first_not_of(" \t\r\n");
  const std::size_t end = source.find_last_not_of(" \t\r\n");
  return begin != std::string::npos && source.substr(begin, end - begin + 1) == "false";
}

}  // namespace

Steps StepReader::read(const BlockOutline& block) {
  Steps steps;
  steps.reserve(block.size());
  bool stopped = false;
  for (const StepOutline& outline : block) {
    steps.push_back(read_step(outline));
    warn_of_never(steps.back(), stopped);
  }
  return steps;
}

Steps StepReader::read_on_failure(const BlockOutline& block) {
  around_.on_failure = true;
  Steps steps = read(block);
  around_.on_failure = false;
  return steps;
}

/// `stopped`: a step before this one always fails.
void StepReader::warn_of_never(const Step& step, bool& stopped) {
  const bool asks_for_status = step.condition && step.condition->uses_status_function();
  if (is_always_false(step)) {
    reading_.warnings.add(step.position, "never_runs", "this step never runs, as its condition is `false`",
                          "remove the step, or its condition");
  } else if (stopped && !asks_for_status) {
    reading_.warnings.add(step.position, "never_runs", "this step never runs, as a step before it always fails",
                          "give the step that fails a condition, or this one `if: failure()`");
  }
  stopped = stopped || (std::holds_alternative<FailStep>(step.action) && !step.condition && !step.continue_on_error);
}

Step StepReader::read_step(const StepOutline& outline) {
  scope_.begin(outline);
  Step step;
  const yaml::Node& node = *outline.node;
  step.id = outline.id;
  step.position = node.position();
  if (read_mapping(reading_, node, step_keys(), node.position()) != nullptr) {
    if (const auto* condition = node.find("if")) {
      Place allowed = place();
      allowed.scope.status_functions = true;
      step.condition = read_condition(reading_, *condition, allowed);
    }
    if (const auto* entry = node.find("continue-on-error")) {
      step.continue_on_error = read_boolean(reading_, *entry).value_or(false);
    }
    if (const auto* entry = node.find("sensitive")) step.sensitive = read_boolean(reading_, *entry).value_or(false);
    if (const auto* kind = read_kind(node)) read_action(outline, *kind, step);
  }
  scope_.end();
  return step;
}

/// The key that says what the step does. Reports none and several.
const yaml::Entry* StepReader::read_kind(const yaml::Node& node) {
  std::vector<const yaml::Entry*> written;
  for (const yaml::Entry& entry : *node.entries()) {
    const KeyRule* rule = step_keys().find(entry.key);
    if (rule != nullptr && rule->kind) written.push_back(&entry);
  }
  if (written.empty()) {
    reading_.report.add(node.position(), "missing_kind", "a step must say what it does", "write " + any_of(kinds()));
    return nullptr;
  }
  if (written.size() > 1) {
    reading_.report.add(written[1]->position, "several_kinds",
                        "a step does one thing, but this one has " + shown(written[0]->key) + " and " + shown(written[1]->key),
                        "make two steps of it");
    return nullptr;
  }
  refuse_parts_of_others(node, *written.front());
  return written.front();
}

void StepReader::refuse_parts_of_others(const yaml::Node& node, const yaml::Entry& kind) {
  for (const yaml::Entry& entry : *node.entries()) {
    const KeyRule* rule = step_keys().find(entry.key);
    if (rule == nullptr || rule->belongs(kind.key)) continue;
    reading_.report.add(entry.position, "unexpected_key",
                        shown(entry.key) + " belongs to " + kinds_of(*rule) + ", not to " + shown(kind.key),
                        kind.key == "wait-for" && wait_for_keys().find(entry.key) != nullptr ? "write it below `wait-for`"
                                                                                             : "remove it");
  }
}

void StepReader::read_action(const StepOutline& outline, const yaml::Entry& kind, Step& step) {
  const yaml::Node& node = *outline.node;
  if (kind.key == "uses") step.action = read_uses(node, kind);
  if (kind.key == "set") step.action = SetStep{read_tree(reading_, *kind.value, place())};
  if (kind.key == "log") step.action = read_log(kind);
  if (kind.key == "fail") step.action = read_fail(kind);
  if (kind.key == "parallel") step.action = read_parallel(outline);
  if (kind.key == "for-each") step.action = read_for_each(outline, kind);
  if (kind.key == "switch") step.action = read_switch(outline, kind);
  if (kind.key == "call") step.action = read_call(node, kind);
  if (kind.key == "sleep") step.action = read_sleep(kind);
  if (kind.key == "wait-for") step.action = read_wait_for(outline, kind);
}

LogStep StepReader::read_log(const yaml::Entry& entry) {
  LogStep step;
  const yaml::Entry* message = &entry;
  if (entry.value->entries() != nullptr) {
    static_cast<void>(read_mapping(reading_, *entry.value, log_keys(), entry.position));
    if (const auto* level = entry.value->find("level")) {
      const auto index = read_option(reading_, *level, log_keys());
      if (index) step.level = static_cast<domain::LogLevel>(*index);
    }
    message = entry.value->find("message");
  }
  if (message == nullptr) return step;
  if (auto text = read_template(reading_, *message, place())) step.message = TemplateTree(std::move(*text));
  return step;
}

FailStep StepReader::read_fail(const yaml::Entry& entry) {
  FailStep step;
  const yaml::Entry* message = &entry;
  if (entry.value->entries() != nullptr) {
    static_cast<void>(read_mapping(reading_, *entry.value, fail_keys(), entry.position));
    message = entry.value->find("message");
  }
  if (message == nullptr) return step;
  if (auto text = read_template(reading_, *message, place())) step.message = TemplateTree(std::move(*text));
  return step;
}

}  // namespace ipaas::language
