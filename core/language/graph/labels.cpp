#include "core/language/graph/labels.h"

#include <algorithm>

#include "core/base/terminal_text.h"
#include "core/base/time_text.h"

namespace ipaas::language {
namespace {

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : std::string(between)) + word;
  return text;
}

/// A value as it was written, as far as it fits in a line.
std::string text_of(const TemplateTree& tree) {
  return tree.visit([](const auto& value) -> std::string {
    using Value = std::decay_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, Template>) return value.text();
    else if constexpr (std::is_same_v<Value, Json>) return value.is_string() ? value.template get<std::string>() : value.dump();
    else if constexpr (std::is_same_v<Value, TemplateTree::Items>) return std::to_string(value.size()) + " items";
    else return std::to_string(value.size()) + " entries";
  });
}

struct ActionLabel {
  std::string operator()(const UsesStep& step) const {
    return step.connector + "/" + step.action + (step.credential.empty() ? "" : " as " + step.credential);
  }
  std::string operator()(const SetStep& step) const { return "set " + short_text(text_of(step.value)); }
  std::string operator()(const LogStep& step) const { return "log " + short_text(text_of(step.message)); }
  std::string operator()(const FailStep& step) const { return "fail " + short_text(text_of(step.message)); }
  std::string operator()(const ParallelStep& step) const {
    return std::string("all at once") + (step.fail_fast ? ", the first failure cancels the others" : "");
  }
  std::string operator()(const ForEachStep& step) const {
    const std::string at_once = step.max_parallel > 1 ? ", " + std::to_string(step.max_parallel) + " at once" : "";
    return "for each of " + short_text(text_of(step.items)) + at_once;
  }
  std::string operator()(const SwitchStep& step) const { return "switch " + short_text(text_of(step.value)); }
  std::string operator()(const CallStep& step) const {
    return "call " + step.workflow + (step.wait ? "" : ", without waiting for it");
  }
  std::string operator()(const SleepStep& step) const { return "sleep " + short_text(step.duration.text()); }
  std::string operator()(const WaitForStep& step) const {
    const bool approval = step.kind == WaitForStep::Kind::kApproval;
    std::string text = approval ? "wait for approval" : "wait for a callback";
    if (!step.roles.empty()) text += " by " + joined(step.roles, " or ");
    text += ", " + format_duration(step.timeout) + " at most";
    return text + (step.on_timeout == WaitForStep::OnTimeout::kContinue ? ", then goes on" : "");
  }
};

const RetryPolicy* retry_of(const Step& step) {
  if (const auto* uses = std::get_if<UsesStep>(&step.action)) return &uses->retry;
  return nullptr;
}

}  // namespace

std::string short_text(std::string_view text, std::size_t most) {
  std::string line;
  bool space = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (blank && (space || line.empty())) continue;
    line += blank ? ' ' : c;
    space = blank;
  }
  if (space && !line.empty()) line.pop_back();
  std::size_t end = 0;
  for (std::size_t count = 0; end < line.size(); ++end) {
    if ((static_cast<unsigned char>(line[end]) & 0xC0) != 0x80 && count++ == most) break;
  }
  const bool cut = end < line.size();
  line.resize(end);
  return escape_control(line) + (cut ? "…" : "");
}

std::vector<std::string> trigger_labels(const Workflow& workflow) {
  std::vector<std::string> labels;
  if (workflow.webhook) {
    labels.push_back("webhook, verified by " + workflow.webhook->scheme);
    if (workflow.webhook->scheme == "none") labels.back() = "webhook, open to anyone";
    if (workflow.webhook->filter) labels.back() += ", if " + short_text(workflow.webhook->filter->source());
  }
  for (const ScheduleOn& on : workflow.schedules) labels.push_back("schedule " + short_text(on.cron) + " " + on.timezone);
  if (workflow.manual) labels.emplace_back("manual");
  if (workflow.on_workflow) labels.push_back("end of " + joined(workflow.on_workflow->names, ", "));
  return labels;
}

std::string action_label(const Step& step) { return std::visit(ActionLabel(), step.action); }

std::vector<std::string> notes_of(const Step& step) {
  std::vector<std::string> notes;
  if (step.condition) notes.push_back("if " + short_text(step.condition->source()));
  if (step.continue_on_error) notes.emplace_back("may fail");
  const RetryPolicy* retry = retry_of(step);
  if (retry != nullptr && retry->max_attempts != RetryPolicy().max_attempts) {
    notes.push_back("up to " + std::to_string(retry->max_attempts) + (retry->max_attempts == 1 ? " attempt" : " attempts"));
  }
  return notes;
}

}  // namespace ipaas::language
