// Steps that wait for something else: `call`, `sleep`, `wait-for`.

#include <utility>

#include "core/base/time_text.h"
#include "core/language/parser/step_reader.h"

namespace ipaas::language {

CallStep StepReader::read_call(const yaml::Node& node, const yaml::Entry& entry) {
  CallStep step;
  step.workflow = read_workflow_name(reading_, entry).value_or("");
  if (!step.workflow.empty() && step.workflow == workflow_.name) {
    reading_.report.add(entry.value->position(), "call_cycle", "a workflow cannot call itself", "call another one");
  }
  if (const auto* with = node.find("with")) {
    if (with->value->entries() == nullptr && !with->value->is_null()) {
      report_type(reading_, "`with`", *with->value, with->position, "a mapping", "write one key for each input");
    } else {
      step.with = read_tree(reading_, *with->value, place());
    }
  }
  if (const auto* wait = node.find("wait")) step.wait = read_boolean(reading_, *wait).value_or(true);
  if (const auto* retry = node.find("retry")) step.retry = read_retry(reading_, *retry);
  if (const auto* timeout = node.find("timeout")) step.timeout = read_duration(reading_, *timeout, step_keys());
  return step;
}

SleepStep StepReader::read_sleep(const yaml::Entry& entry) {
  const auto* scalar = entry.value->scalar();
  if (scalar == nullptr || !holds_expression(scalar->text)) {
    const auto duration = read_duration(reading_, entry, step_keys());
    return {*Template::parse(duration ? format_duration(*duration) : "", {})};
  }
  auto text = read_template(reading_, entry, place());
  return {text ? std::move(*text) : *Template::parse("", {})};
}

void StepReader::read_approval(const yaml::Entry& entry, WaitForStep& step) {
  step.kind = WaitForStep::Kind::kApproval;
  if (entry.value->is_null() || read_mapping(reading_, *entry.value, approval_keys(), entry.position) == nullptr) return;
  const yaml::Node& node = *entry.value;
  if (const auto* message = node.find("message")) step.message = read_template(reading_, *message, place());
  if (const auto* self = node.find("self")) step.self = read_boolean(reading_, *self).value_or(false);
  const auto* roles = node.find("roles");
  if (roles == nullptr) return;
  const auto* items = read_list(reading_, *roles->value, "`roles`");
  if (items == nullptr) return;
  const auto options = approval_keys().find("roles")->shape.item->options;
  for (const yaml::Node* item : *items) {
    const yaml::Entry role{"roles", item->position(), item};
    const auto index = read_option(reading_, role, {options.begin(), options.end()});
    if (index) step.roles.emplace_back(options[*index]);
  }
}

WaitForStep StepReader::read_wait_for(const StepOutline& outline, const yaml::Entry& entry) {
  WaitForStep step;
  const yaml::Node* node = read_mapping(reading_, *entry.value, wait_for_keys(), entry.position);
  if (node == nullptr) return step;
  const auto* callback = node->find("callback");
  const auto* approval = node->find("approval");
  if ((callback == nullptr) == (approval == nullptr)) {
    reading_.report.add(entry.position, callback == nullptr ? "missing_key" : "exclusive_keys",
                        "`wait-for` waits either for a callback or for an approval", "write `callback: {}` or `approval: { … }` below it");
  }
  if (callback != nullptr && !callback->value->is_null()) {
    static_cast<void>(read_mapping(reading_, *callback->value, callback_keys(), callback->position));
  }
  if (approval != nullptr) read_approval(*approval, step);
  if (const auto* timeout = node->find("timeout")) {
    step.timeout = read_duration(reading_, *timeout, wait_for_keys()).value_or(step.timeout);
  }
  if (const auto* end = node->find("on-timeout")) {
    const auto index = read_option(reading_, *end, wait_for_keys());
    if (index) step.on_timeout = static_cast<WaitForStep::OnTimeout>(*index);
  }
  const Surroundings outside = std::exchange(around_, {around_.loop, around_.on_failure, true});
  const std::size_t mark = scope_.mark();
  step.notify = read(outline.blocks.front());
  scope_.hide_since(mark, outline.id);
  around_ = outside;
  return step;
}

}  // namespace ipaas::language
