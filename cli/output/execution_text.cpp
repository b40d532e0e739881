#include "cli/output/execution_text.h"

#include <algorithm>

#include "cli/output/fields.h"
#include "cli/output/step_tree.h"
#include "cli/output/structured.h"
#include "cli/output/table.h"
#include "core/base/shell_text.h"
#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

std::string took(const Json& object, Instant now) {
  return elapsed(text_of(object, "started_at"), text_of(object, "ended_at"), now);
}

/// Nobody has looked after it, or who has.
std::string dead_letter_text(const Json& execution) {
  const std::string care = text_of(execution, "care");
  const std::string later = text_of(execution, "retried_as");
  if (!later.empty()) return "no, it was retried as " + later;
  if (care != "none") return care.empty() ? care : "no, it was " + care;
  const Json& retry = member_of(execution, "retry");
  if (retry.is_object() && !flag_of(retry, "allowed")) return "yes, but " + text_of(retry, "reason") + ": " + text_of(retry, "hint");
  return "yes: ipaas execution retry " + text_of(execution, "id");
}

std::string trigger_text(const Json& execution) {
  std::string text = text_of(execution, "trigger");
  const auto add = [&](std::string_view how, const std::string& what) {
    if (!what.empty()) text.append(how).append(what);
  };
  add(" by ", text_of(execution, "starter"));
  add(" for ", text_of(execution, "scheduled_for"));
  add(" after ", text_of(execution, "after"));
  if (const std::string event = text_of(execution, "event"); !event.empty()) text += " (" + event + ")";
  return text;
}

/// Why it does not run: `a slot of the group "orders" (1 at a time), held by ex_1; 2 are in front`.
std::string queue_text(const Json& execution) {
  const Json& queue = member_of(execution, "queue");
  if (!queue.is_object()) return {};
  std::string text = "a slot of the group \"" + text_of(execution, "group") + "\" (" + text_of(execution, "group_limit") + " at a time)";
  if (const std::string holders = joined(items_of(queue, "held_by")); !holders.empty()) text += ", held by " + holders;
  const std::int64_t in_front = number_of(queue, "in_front");
  if (in_front == 0) return text + "; it is the next";
  constexpr std::int64_t kLongestCount = 1000;  // the daemon counts no further
  return text + "; " + (in_front < kLongestCount ? "" : "at least ") + std::to_string(in_front) + (in_front == 1 ? " is" : " are") + " in front";
}

std::string json_row(const Json& value) { return value.is_null() || (value.is_object() && value.empty()) ? "" : dump_json(value); }

std::string head(const Json& execution, const Style& style, Instant now, std::size_t width) {
  std::string out;
  const auto row = [&](std::string_view title, const std::string& value) {
    if (value.empty()) return;
    const std::size_t room = width > title.size() ? width - title.size() : 0;
    const std::string shown = cut_to(escape_control(value), room);
    out.append(style.paint(Colour::kDim, title)).append(style.paint(colour_of(value), shown)).append("\n");
  };
  const std::string started = text_of(execution, "started_at");
  row("execution    ", text_of(execution, "id"));
  row("workflow     ", text_of(execution, "workflow") + " (version " + text_of(execution, "version") + ")");
  row("status       ", text_of(execution, "status"));
  row("waits for    ", queue_text(execution));
  row("retry of     ", text_of(execution, "retry_of"));
  row("called by    ", text_of(execution, "parent"));
  row("trigger      ", trigger_text(execution));
  row("inputs       ", json_row(member_of(execution, "inputs")));
  if (!started.empty()) {
    row("started      ", started + " (" + age(started, now) + " ago)");
    row("took         ", took(execution, now));
  }
  row("error        ", failure_text(member_of(execution, "error")));
  if (text_of(execution, "status") == "failed") row("dead letter  ", dead_letter_text(execution));
  row("outputs      ", json_row(member_of(execution, "outputs")));
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
  if (flag_of(step, "kept")) return status + " (kept)";
  return text_of(step, "conclusion") == "success" ? status + " (continued)" : status;
}

/// In the row of a step its own path needs no saying, and what failed inside it has a row of its own.
std::string step_failure(const Json& step) {
  Json error = member_of(step, "error");
  const std::string at = text_of(error, "step");
  if (!at.empty() && at != text_of(step, "path")) return text_of(error, "code") + " in " + at;
  if (error.is_object()) error.erase("step");
  return failure_text(error);
}

/// What there is to say of a step besides: why it failed, which execution it called, until when it waits.
std::string step_note(const Json& step, Instant now) {
  std::string note = step_failure(step);
  const auto add = [&](const std::string& more) { note += (note.empty() ? "" : "; ") + more; };
  const auto add_until = [&](const std::string& what, const std::string& until) {
    if (!until.empty()) add(what + until + " (in " + time_until(until, now) + ")");
  };
  const std::string child = text_of(step, "child");
  if (!child.empty() && note.find(child) == std::string::npos) add("called " + child);
  add_until("next try at ", text_of(step, "next_try_at"));
  add_until("until ", text_of(member_of(step, "wait"), "until"));
  const Json& outputs = member_of(step, "outputs");
  const std::string by = text_of(step, "kind") == "wait-for" ? text_of(outputs, "by") : "";
  const std::string comment = by.empty() ? by : text_of(outputs, "comment");
  if (!by.empty()) add(text_of(outputs, "decision") + " by " + by + (comment.empty() ? "" : ": " + comment));
  return note;
}

std::string steps_table(std::vector<StepRow> rows, const Style& style, Instant now, const Drawing& drawing) {
  Table table({"STEP", "KIND", "STATUS", "TRIES", "TOOK", "NOTE"});
  for (const StepRow& row : rows) {
    if (row.step == nullptr) {
      table.add({row.label, " ", " ", " ", " ", " "});
      continue;
    }
    const Json& step = *row.step;
    table.add({step_label(row, drawing.spinner), text_of(step, "kind"), step_status(step), text_of(step, "attempts"),
               flag_of(step, "kept") ? "" : took(step, now), step_note(step, now)});
  }
  return table.render(style, drawing.width);
}

/// How each open wait is answered.
std::string waits_text(const Json& execution, const Style& style, const Drawing& drawing) {
  std::string text;
  // A picture that is drawn again has lines of its own; elsewhere a command stays whole, to be copied.
  const std::size_t room = drawing.rows == 0 || drawing.width == 0 ? std::string::npos : drawing.width;
  const std::string id = text_of(execution, "id");
  for (const Json& step : items_of(execution, "steps")) {
    const std::vector<std::string> lines = wait_lines(id, step);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string line = cut_to(escape_control((i == 0 ? "" : "  ") + lines[i]), room);
      text += (i == 0 ? line : style.paint(Colour::kDim, line)) + "\n";
    }
  }
  return text.empty() ? text : "\n" + text;
}

std::string indented(const std::string& text) {
  std::string out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out += "  " + text.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return out;
}

}  // namespace

std::string failure_text(const Json& error) {
  const std::string code = text_of(error, "code");
  if (code.empty()) return {};
  const std::string step = text_of(error, "step");
  const std::string message = text_of(error, "message");
  // `cancelled by uid:0` says its code itself.
  const std::string said = message.starts_with(code + " ") ? message : code + ": " + message;
  return said + (step.empty() ? "" : " (step " + step + ")");
}

std::vector<std::string> wait_lines(const std::string& execution, const Json& step) {
  const Json& wait = member_of(step, "wait");
  const std::string kind = text_of(wait, "kind");
  if (kind.empty()) return {};
  const bool approval = kind == "approval";
  const std::string path = text_of(step, "path");
  const std::string message = text_of(wait, "message");
  const std::string roles = joined(member_of(wait, "roles"));
  std::vector<std::string> lines = {path + " waits for " + (approval ? "an approval" : "a callback") +
                                    (message.empty() ? "" : ": " + message) + (roles.empty() ? "" : " (" + roles + ")")};
  const Json& decide = member_of(wait, "decide");
  if (decide.is_object() && !flag_of(decide, "allowed")) {
    lines.push_back(text_of(decide, "reason") + ":");
    lines.push_back(text_of(decide, "hint"));
  } else {
    lines.push_back(approval ? "ipaas approval approve " + shell_word(execution + "/" + path)
                             : "ipaas execution signal " + execution + " --step " + shell_word(path));
  }
  return lines;
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
           wide_field("RETRY OF", "retry_of"),
           {"ERROR", [](const Json& row) { return failure_text(member_of(row, "error")); }}}};
}

std::string execution_text(const Json& execution, const Style& style, Instant now, const Drawing& drawing) {
  std::string out = head(execution, style, now, drawing.width);
  const std::string waits = waits_text(execution, style, drawing);
  const Json& steps = items_of(execution, "steps");
  if (steps.empty()) return out;
  const auto lines = [](const std::string& text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); };
  // Around the rows stand a blank line, the titles, and the line of the cursor.
  constexpr std::size_t kAround = 3;
  const std::size_t taken = lines(out) + lines(waits) + kAround;
  std::vector<StepRow> rows = step_rows(steps);
  std::string more;
  if (drawing.rows > 0) {
    fit_rows(rows, drawing.rows > taken ? drawing.rows - taken : 1);
  } else if (drawing.most_steps > 0 && rows.size() > drawing.most_steps) {
    more = style.paint(Colour::kDim, "all " + std::to_string(steps.size()) + " steps: ipaas execution get " + text_of(execution, "id") + " -o wide") + "\n";
    fit_rows(rows, drawing.most_steps);
  }
  return out + "\n" + steps_table(std::move(rows), style, now, drawing) + more + waits;
}

std::string payloads_text(const Json& execution, const Style& style) {
  std::string out;
  const auto block = [&](const std::string& title, const Json& value) {
    if (!value.is_null()) out += "\n" + style.paint(Colour::kBold, escape_control(title)) + "\n" + indented(yaml_text(value));
  };
  block("event", member_of(execution, "payload"));
  for (const Json& step : items_of(execution, "steps")) block("outputs of " + text_of(step, "path"), member_of(step, "outputs"));
  return out;
}

}  // namespace ipaas::cli
