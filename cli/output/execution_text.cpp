#include "cli/output/execution_text.h"

#include <algorithm>

#include "cli/output/fields.h"
#include "cli/output/step_tree.h"
#include "cli/output/table.h"
#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

std::string took(const Json& object, Instant now) {
  return elapsed(text_of(object, "started_at"), text_of(object, "ended_at"), now);
}

/// Nobody has looked after it, or who has.
std::string dead_letter_text(const Json& execution) {
  const std::string care = text_of(execution, "care");
  if (care == "none") return " yes: ipaas execution retry " + text_of(execution, "id");
  return care.empty() ? care : " no, it was " + care;
}

std::string head(const Json& execution, const Style& style, Instant now, std::size_t width) {
  std::string out;
  const auto row = [&](std::string_view title, const std::string& value) {
    if (value.empty()) return;
    const std::size_t room = width > title.size() ? width - title.size() : 0;
    const std::string shown = cut_to(escape_control(value), room);
    out.append(style.paint(Colour::kDim, title)).append(style.paint(colour_of(value), shown)).append("\n");
  };
  const std::string started = text_of(execution, "started_at");
  const std::string event = text_of(execution, "event");
  row("execution  ", text_of(execution, "id"));
  row("workflow   ", text_of(execution, "workflow") + " (version " + text_of(execution, "version") + ")");
  row("status     ", text_of(execution, "status"));
  row("retry of   ", text_of(execution, "retry_of"));
  row("called by  ", text_of(execution, "parent"));
  row("trigger    ", text_of(execution, "trigger") + (event.empty() ? "" : " (" + event + ")"));
  if (!started.empty()) {
    row("started    ", started + " (" + age(started, now) + " ago)");
    row("took       ", took(execution, now));
  }
  row("error      ", failure_text(member_of(execution, "error")));
  if (text_of(execution, "status") == "failed") row("dead letter", dead_letter_text(execution));
  if (const Json& outputs = member_of(execution, "outputs"); !outputs.is_null()) row("outputs    ", dump_json(outputs));
  return out;
}

/// `send`, or under way `⠋ send`: what moves is seen at a glance.
std::string step_label(const StepRow& row, const std::string& spinner) {
  if (spinner.empty() || text_of(*row.step, "status") != "running") return row.label;
  const std::size_t indent = std::min(row.label.find_first_not_of(' '), row.label.size());
  return row.label.substr(0, indent) + spinner + " " + row.label.substr(indent);
}

std::string step_status(const Json& step) {
  const std::string status = text_of(step, "status");
  return text_of(step, "conclusion") == "success" ? status + " (continued)" : status;
}

/// What there is to say of a step besides: why it failed, which execution it called, until when it waits.
std::string step_note(const Json& step, Instant now) {
  std::string note = failure_text(member_of(step, "error"));
  const auto add = [&](const std::string& more) { note += (note.empty() ? "" : "; ") + more; };
  if (const std::string child = text_of(step, "child"); !child.empty()) add("called " + child);
  const std::string until = text_of(member_of(step, "wait"), "until");
  if (!until.empty()) add("until " + until + " (in " + time_until(until, now) + ")");
  return note;
}

std::string steps_table(const Json& steps, const Style& style, Instant now, const Drawing& drawing, std::size_t room) {
  std::vector<StepRow> rows = step_rows(steps);
  const std::size_t left_out = room == 0 ? 0 : fit_rows(rows, room);
  Table table({"STEP", "KIND", "STATUS", "TRIES", "TOOK", "NOTE"});
  for (const StepRow& row : rows) {
    const Json& step = *row.step;
    table.add({step_label(row, drawing.spinner), text_of(step, "kind"), step_status(step), text_of(step, "attempts"),
               took(step, now), step_note(step, now)});
  }
  std::string text = table.render(style, drawing.width);
  if (left_out > 0) text += "… and " + std::to_string(left_out) + " more\n";
  return text;
}

/// How each open wait is answered, one line each.
std::string waits_text(const Json& execution, const Style& style, std::size_t width) {
  std::string text;
  const std::string id = text_of(execution, "id");
  for (const Json& step : items_of(execution, "steps")) {
    const Json& wait = member_of(step, "wait");
    const std::string kind = text_of(wait, "kind");
    if (kind.empty()) continue;
    const std::string path = text_of(step, "path");
    const std::string message = text_of(wait, "message");
    std::string line = path + " waits for " + (kind == "approval" ? "an approval" : "a callback") +
                       (message.empty() ? "" : ": " + message);
    const std::string roles = joined(member_of(wait, "roles"));
    if (!roles.empty()) line += " (" + roles + ")";
    const std::string how = kind == "approval" ? "ipaas approval approve " + id + "/" + path
                                               : "ipaas execution signal " + id + " --step " + path;
    const std::size_t room = width == 0 ? std::string::npos : width;
    text += cut_to(escape_control(line), room) + "\n" + style.paint(Colour::kDim, cut_to(escape_control("  " + how), room)) + "\n";
  }
  return text.empty() ? text : "\n" + text;
}

}  // namespace

std::string failure_text(const Json& error) {
  const std::string code = text_of(error, "code");
  if (code.empty()) return {};
  const std::string step = text_of(error, "step");
  return code + ": " + text_of(error, "message") + (step.empty() ? "" : " (step " + step + ")");
}

View executions_view(Instant now) {
  return {"execution",
          "id",
          {field("ID", "id"),
           field("WORKFLOW", "workflow"),
           field("STATUS", "status"),
           field("TRIGGER", "trigger"),
           age_field("STARTED", "started_at", now),
           {"TOOK", [now](const Json& row) { return took(row, now); }},
           wide_field("VERSION", "version"),
           wide_field("STARTED AT", "started_at"),
           wide_field("ENDED AT", "ended_at"),
           {"ERROR", [](const Json& row) { return failure_text(member_of(row, "error")); }}}};
}

std::string execution_text(const Json& execution, const Style& style, Instant now, const Drawing& drawing) {
  std::string out = head(execution, style, now, drawing.width);
  const std::string waits = waits_text(execution, style, drawing.width);
  const Json& steps = items_of(execution, "steps");
  if (steps.empty()) return out;
  const auto lines = [](const std::string& text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); };
  // Around the rows stand a blank line, the titles, a note of what was left out, and the line of the cursor.
  constexpr std::size_t kAround = 4;
  const std::size_t taken = lines(out) + lines(waits) + kAround;
  const std::size_t room = drawing.rows == 0 ? 0 : drawing.rows > taken ? drawing.rows - taken : 1;
  return out + "\n" + steps_table(steps, style, now, drawing, room) + waits;
}

}  // namespace ipaas::cli
