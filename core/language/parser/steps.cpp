#include "core/language/parser/steps.h"

#include <algorithm>

#include "core/language/parser/uses.h"

namespace ipaas::language {
namespace {

constexpr std::size_t kMostSteps = 500;

const std::vector<std::string_view> kKinds = {"uses", "set", "log", "fail"};
constexpr std::string_view kLaterKinds[] = {"parallel", "for-each", "switch", "call", "sleep", "wait-for"};

/// The key that says what the step does. Reports none and several; nothing as well for a kind that does not run yet,
/// which has been reported with its key.
const yaml::Entry* read_kind(Reading& reading, const yaml::Node& node) {
  std::vector<const yaml::Entry*> kinds;
  bool later = false;
  for (const yaml::Entry& entry : *node.entries()) {
    if (std::find(kKinds.begin(), kKinds.end(), entry.key) != kKinds.end()) kinds.push_back(&entry);
    later |= std::find(std::begin(kLaterKinds), std::end(kLaterKinds), entry.key) != std::end(kLaterKinds);
  }
  if (kinds.empty()) {
    if (!later) {
      reading.report.add(node.position(), "missing_kind", "a step must say what it does", "write " + any_of(kKinds));
    }
    return nullptr;
  }
  if (kinds.size() > 1 || later) {
    const yaml::Entry& second = *kinds.back();
    reading.report.add(second.position, "several_kinds", "a step does one thing, but this one has several of " + any_of(kKinds),
                       "make two steps of it");
  }
  return kinds.front();
}

LogStep read_log(Reading& reading, const yaml::Entry& entry, const Place& place) {
  LogStep step;
  const yaml::Entry* message = &entry;
  if (entry.value->entries() != nullptr) {
    static_cast<void>(read_mapping(reading, *entry.value, log_keys(), entry.position));
    if (const auto* level = entry.value->find("level")) {
      const auto index = read_option(reading, *level, {"debug", "info", "warn", "error"});
      if (index) step.level = static_cast<domain::LogLevel>(*index);
    }
    message = entry.value->find("message");
  }
  if (message == nullptr) return step;
  if (auto text = read_template(reading, *message, place)) step.message = TemplateTree(std::move(*text));
  return step;
}

FailStep read_fail(Reading& reading, const yaml::Entry& entry, const Place& place) {
  FailStep step;
  const yaml::Entry* message = &entry;
  if (entry.value->entries() != nullptr) {
    static_cast<void>(read_mapping(reading, *entry.value, fail_keys(), entry.position));
    message = entry.value->find("message");
  }
  if (message == nullptr) return step;
  if (auto text = read_template(reading, *message, place)) step.message = TemplateTree(std::move(*text));
  return step;
}

void refuse_keys_of_uses(Reading& reading, const yaml::Node& node, const yaml::Entry& kind) {
  for (const std::string_view key : {"credential", "with", "retry", "timeout"}) {
    const yaml::Entry* entry = node.find(key);
    if (entry == nullptr) continue;
    reading.report.add(entry->position, "unexpected_key", shown(key) + " belongs to a step that `uses` an action, not to " + shown(kind.key),
                       "remove it");
  }
}

void read_action(Reading& reading, const yaml::Node& node, const yaml::Entry& kind, const Place& place, Workflow& workflow,
                 Step& step) {
  if (kind.key == "uses") {
    step.action = read_uses(reading, node, kind, place, workflow);
    return;
  }
  refuse_keys_of_uses(reading, node, kind);
  if (kind.key == "set") step.action = SetStep{read_tree(reading, *kind.value, place)};
  if (kind.key == "log") step.action = read_log(reading, kind, place);
  if (kind.key == "fail") step.action = read_fail(reading, kind, place);
}

Step read_step(Reading& reading, const yaml::Node& node, const Place& place, Workflow& workflow) {
  Step step;
  step.id = (*place.steps)[place.step];
  step.position = node.position();
  if (read_mapping(reading, node, step_keys(), node.position()) == nullptr) return step;
  if (const auto* condition = node.find("if")) {
    Place allowed = place;
    allowed.scope.status_functions = true;
    step.condition = read_condition(reading, *condition, allowed);
  }
  if (const auto* entry = node.find("continue-on-error")) {
    step.continue_on_error = read_boolean(reading, *entry).value_or(false);
  }
  if (const auto* kind = read_kind(reading, node)) read_action(reading, node, *kind, place, workflow, step);
  return step;
}

}  // namespace

StepIds read_steps(Reading& reading, const yaml::Entry& entry, Workflow& workflow) {
  if (entry.value->is_null()) {
    report_type(reading, "`steps`", *entry.value, entry.position, "a list", "write steps such as `- log: hello` below it");
    return {};
  }
  const auto* nodes = read_list(reading, *entry.value, "`steps`");
  if (nodes == nullptr) return {};
  if (nodes->size() > kMostSteps) {
    reading.report.add((*nodes)[kMostSteps]->position(), "too_many_steps", "a workflow has at most " + std::to_string(kMostSteps) + " steps",
                       "make several workflows of it");
    return {};
  }
  StepIds ids = read_step_ids(reading, *nodes);
  workflow.steps.reserve(nodes->size());
  for (std::size_t i = 0; i < nodes->size(); ++i) {
    workflow.steps.push_back(read_step(reading, *(*nodes)[i], step_place(ids, i), workflow));
  }
  return ids;
}

}  // namespace ipaas::language
