#include "cli/output/execution_text.h"

#include "cli/output/fields.h"
#include "cli/output/table.h"
#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

std::string took(const Json& object, Instant now) {
  return elapsed(text_of(object, "started_at"), text_of(object, "ended_at"), now);
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
  row("trigger    ", text_of(execution, "trigger") + (event.empty() ? "" : " (" + event + ")"));
  if (!started.empty()) {
    row("started    ", started + " (" + age(started, now) + " ago)");
    row("took       ", took(execution, now));
  }
  row("error      ", failure_text(member_of(execution, "error")));
  if (const Json& outputs = member_of(execution, "outputs"); !outputs.is_null()) row("outputs    ", dump_json(outputs));
  return out;
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

std::string execution_text(const Json& execution, const Style& style, Instant now, std::size_t width) {
  std::string out = head(execution, style, now, width);
  const Json& steps = items_of(execution, "steps");
  if (steps.empty()) return out;
  Table table({"STEP", "KIND", "STATUS", "TRIES", "TOOK", "ERROR"});
  for (const Json& step : steps) {
    table.add({text_of(step, "path"), text_of(step, "kind"), text_of(step, "status"), text_of(step, "attempts"),
               took(step, now), failure_text(member_of(step, "error"))});
  }
  return out + "\n" + table.render(style, width);
}

}  // namespace ipaas::cli
