#include "cli/commands/watch.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <ostream>
#include <utility>

#include "cli/api/follow.h"
#include "cli/output/execution_text.h"
#include "cli/output/fields.h"
#include "cli/output/log_printer.h"
#include "cli/output/structured.h"
#include "cli/output/table.h"
#include "core/base/time_text.h"

namespace ipaas::cli {
namespace {

/// Of a loop of thousands nobody reads more at once.
constexpr std::size_t kMostSteps = 100;

std::size_t terminal_width(const Context& context) {
  return context.world.out_is_terminal ? context.world.columns : 0;
}

/// Draws an execution over the last drawing of it, and again while something runs: durations grow, and a spinner turns.
class LiveView {
 public:
  explicit LiveView(const Context& context) : context_(context) {
    if (context.world.every) {
      ticker_ = context.world.every(kFrame, [this] {
        const std::lock_guard lock(mutex_);
        if (!execution_.is_null() && !has_ended(execution_)) draw();
      });
    }
  }

  void show(const Json& execution) {
    const std::lock_guard lock(mutex_);
    execution_ = execution;
    draw();
  }

 private:
  static constexpr Duration kFrame = std::chrono::milliseconds(100);

  void draw() {
    static const std::vector<std::string> kSpinner = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
    const World& world = context_.world;
    // The last picture is not drawn over, and so it is whole.
    const std::size_t rows = has_ended(execution_) ? 0 : world.rows;
    const Drawing drawing{world.columns, rows, kSpinner[frame_++ % kSpinner.size()]};
    const std::string text = execution_text(execution_, context_.print.style(), world.clock.now(), drawing);
    if (lines_ > 0) world.out << "\x1b[" << lines_ << "A\x1b[J";
    world.out << text << std::flush;
    lines_ = std::ranges::count(text, '\n');
  }

  const Context& context_;
  std::mutex mutex_;  ///< guards what follows up to ticker_, and the terminal
  Json execution_;
  std::ptrdiff_t lines_ = 0;
  std::size_t frame_ = 0;
  std::shared_ptr<void> ticker_;  ///< none where nothing turns; its end waits for the frame that is being drawn
};

/// Says what has changed since the last time, and when that was.
class ChangeLines {
 public:
  explicit ChangeLines(const Context& context) : context_(context) {}

  void draw(const Json& execution) {
    const std::string id = text_of(execution, "id");
    for (const Json& step : items_of(execution, "steps")) {
      if (!say("step " + text_of(step, "path"), step)) continue;
      const std::vector<std::string> lines = wait_lines(id, step);
      for (std::size_t i = 1; i < lines.size(); ++i) context_.print.line("  " + lines[i]);
    }
    say("execution " + id, execution);
    context_.world.out.flush();
  }

 private:
  /// True where it was news. An end has its time, and so has a beginning; what came in between is seen now.
  bool say(const std::string& what, const Json& thing) {
    const std::string status = text_of(thing, "status");
    const bool first = !seen_.contains(what);
    std::string& known = seen_[what];
    if (known == status) return false;
    known = status;
    std::string at = text_of(thing, "ended_at");
    if (at.empty() && first) at = text_of(thing, "started_at");
    if (at.empty() && first) at = text_of(thing, "created_at");
    if (at.empty()) at = format_instant(context_.world.clock.now());
    const std::string failure = failure_text(member_of(thing, "error"));
    context_.print.line(at + "  " + what + "  " + status + (failure.empty() ? "" : "  " + failure));
    return true;
  }

  const Context& context_;
  std::map<std::string, std::string> seen_;
};

using Draw = std::function<void(const Json& execution)>;

/// How each change is shown.
Draw drawer(const Context& context) {
  if (context.print.format() == OutputFormat::kJson) {
    return [&context](const Json& execution) { context.world.out << json_line(execution) << std::flush; };
  }
  if (context.print.format() == OutputFormat::kYaml) {
    return [&context](const Json& execution) { context.world.out << "---\n" << yaml_text(execution) << std::flush; };
  }
  if (context.print.format() == OutputFormat::kName) {
    return [&context, told = false](const Json& execution) mutable {
      if (!std::exchange(told, true)) context.print.line("execution/" + text_of(execution, "id"));
    };
  }
  // Redrawing in place needs a screen that holds at least what stands around the steps.
  constexpr std::size_t kLeastRows = 16;
  const World& world = context.world;
  if (world.out_is_terminal && world.rows >= kLeastRows && world.variable("TERM") != "dumb") {
    return [view = std::make_shared<LiveView>(context)](const Json& execution) { view->show(execution); };
  }
  return [lines = ChangeLines(context)](const Json& execution) mutable { lines.draw(execution); };
}

/// Until `end` or an execution that has ended; gives back how it was seen last.
ResultOrErrors<Json> stream_execution(const Context& context, const Client& client, const std::string& id,
                                      const Draw& on_execution, const Draw& on_log) {
  Json last;
  const auto streamed =
      follow(context, client, api_path("/api/v1/executions", id, "stream"), {}, "", [&](const StreamEvent& event) {
        if (event.name == "end") return false;
        auto data = parse_json(event.data);
        if (!data) return true;
        if (event.name == "log") on_log(*data);
        if (event.name == "execution") {
          last = std::move(*data);
          on_execution(last);
        }
        return context.world.out.good();
      });
  if (!streamed) return tl::unexpected(streamed.error());
  if (has_ended(last)) return last;
  auto now = client.get(api_path("/api/v1/executions", id));
  if (!now) return tl::unexpected(now.error());
  return std::move(now->data);
}

}  // namespace

void print_execution(const Context& context, const Json& execution) {
  const OutputFormat format = context.print.format();
  if (format != OutputFormat::kTable && format != OutputFormat::kWide) {
    return context.print.one(executions_view(context.world.clock.now()), execution);
  }
  const bool wide = format == OutputFormat::kWide;
  // Who searches the output with another program finds everything.
  const bool some = !wide && context.world.out_is_terminal;
  const Drawing drawing{.width = wide ? 0 : terminal_width(context), .most_steps = some ? kMostSteps : 0};
  context.world.out << execution_text(execution, context.print.style(), context.world.clock.now(), drawing);
  if (wide) context.world.out << payloads_text(execution, context.print.style());
}

Outcome wait_and_print(const Context& context, const Client& client, const std::string& id, Duration timeout) {
  const auto execution = await_end(context, client, id, timeout);
  if (!execution) return tl::unexpected(execution.error());
  print_execution(context, *execution);
  if (!has_ended(*execution)) context.print.note("the wait timed out: the execution goes on");
  return exit_code_of_execution(*execution);
}

Outcome follow_execution(const Context& context, const Client& client, const std::string& id) {
  const World& world = context.world;
  World on_err{world.in,         world.err,      world.err,         world.clock,
               world.randomness, world.variable, world.read_secret, world.pause};
  const Printer messages(on_err, OutputFormat::kTable, true);
  LogPrinter lines(context.print.structured() ? messages : context.print, LogPrinter::Shape::kTail,
                   LogPrinter::Scope::kExecution);
  const auto execution = stream_execution(
      context, client, id, [](const Json&) {}, [&](const Json& line) { lines.print(line); });
  if (!execution) return tl::unexpected(execution.error());
  if (!context.print.structured()) context.world.out << '\n';
  print_execution(context, *execution);
  return exit_code_of_execution(*execution);
}

Outcome watch_execution(const Context& context, const Client& client, const std::string& id) {
  const auto first = client.get(api_path("/api/v1/executions", id));
  if (!first) return tl::unexpected(first.error());
  const Draw draw = drawer(context);
  draw(first->data);
  if (has_ended(first->data)) return exit_code_of_execution(first->data);
  const auto last = stream_execution(context, client, id, draw, [](const Json&) {});
  if (!last) return tl::unexpected(last.error());
  return exit_code_of_execution(*last);
}

}  // namespace ipaas::cli
