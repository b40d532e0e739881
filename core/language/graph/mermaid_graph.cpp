#include <utility>

#include "core/language/graph/graph.h"
#include "core/language/graph/labels.h"

namespace ipaas::language {
namespace {

/// What has a meaning in a label of Mermaid or in HTML is written as an entity.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '"': case '#': case '<': case '>': case '&': case ';': case '`': case '\\': case '|': case '%':
        safe += "#" + std::to_string(static_cast<int>(c)) + ";";
        break;
      default: safe += c;
    }
  }
  return safe;
}

/// Where an arrow comes from, and what it says.
struct End {
  std::string node;
  std::string label = {};
};
using Ends = std::vector<End>;

class Flowchart {
 public:
  Flowchart() : text_("flowchart TD\n") {}

  std::string node(std::string_view open, const std::string& label, std::string_view close) {
    const std::string name = "n" + std::to_string(++nodes_);
    text_ += indent_ + name + std::string(open) + "\"" + label + "\"" + std::string(close) + "\n";
    return name;
  }

  void arrow(const Ends& from, const std::string& to, std::string_view line = "-->") {
    for (const End& end : from) {
      const std::string label = end.label.empty() ? "" : "|\"" + escaped(end.label) + "\"|";
      arrows_ += "  " + end.node + " " + std::string(line) + label + " " + to + "\n";
    }
  }

  /// Draws the steps one after the other; gives back where it goes on from.
  Ends draw(const Steps& steps, Ends from, std::string_view line = "-->") {
    for (const Step& step : steps) {
      from = draw(step, from, line);
      line = "-->";
    }
    return from;
  }

  [[nodiscard]] std::string take() { return text_ + arrows_; }

 private:
  static std::string label_of(const Step& step) {
    std::string label = "<b>" + escaped(step.id) + "</b><br>" + escaped(action_label(step));
    for (const std::string& note : notes_of(step)) label += "<br><i>" + escaped(note) + "</i>";
    return label;
  }

  Ends draw(const Step& step, const Ends& from, std::string_view line) {
    const bool choice = std::holds_alternative<SwitchStep>(step.action);
    const bool waits = std::holds_alternative<SleepStep>(step.action) || std::holds_alternative<WaitForStep>(step.action);
    const std::string at = node(choice ? "{" : waits ? "([" : "[", label_of(step), choice ? "}" : waits ? "])" : "]");
    arrow(from, at, line);
    if (const auto* parallel = std::get_if<ParallelStep>(&step.action)) return draw_lanes(*parallel, at);
    if (const auto* loop = std::get_if<ForEachStep>(&step.action)) return draw_loop(*loop, at);
    if (const auto* cases = std::get_if<SwitchStep>(&step.action)) return draw_cases(*cases, at);
    if (const auto* wait = std::get_if<WaitForStep>(&step.action)) static_cast<void>(draw(wait->notify, {{at, "notify"}}, "-.->"));
    return {{at}};
  }

  Ends draw_lanes(const ParallelStep& parallel, const std::string& at) {
    Ends ends;
    for (const Step& branch : parallel.branches) {
      const Ends end = draw(branch, {{at}}, "-->");
      ends.insert(ends.end(), end.begin(), end.end());
    }
    return ends;
  }

  Ends draw_loop(const ForEachStep& loop, const std::string& at) {
    const std::string outside = std::exchange(indent_, indent_ + "  ");
    text_ += outside + "subgraph s" + std::to_string(++nodes_) + "[\"each item\"]\n";
    const Ends end = draw(loop.steps, {{at}});
    indent_ = outside;
    text_ += outside + "end\n";
    arrow(end, at, "-.->");
    return {{at, "after the last"}};
  }

  Ends draw_cases(const SwitchStep& choice, const std::string& at) {
    Ends ends;
    for (const SwitchStep::Case& one : choice.cases) {
      const Ends end = draw(one.steps, {{at, "= " + short_text(one.value)}});
      ends.insert(ends.end(), end.begin(), end.end());
    }
    const Ends end = choice.otherwise.empty() ? Ends{{at, "otherwise"}} : draw(choice.otherwise, {{at, "otherwise"}});
    ends.insert(ends.end(), end.begin(), end.end());
    return ends;
  }

  std::string text_;
  std::string arrows_;  ///< after the nodes, so that no arrow moves a node into a subgraph
  std::string indent_ = "  ";
  std::size_t nodes_ = 0;
};

}  // namespace

std::string draw_mermaid(const Workflow& workflow) {
  Flowchart chart;
  Ends from;
  for (const std::string& trigger : trigger_labels(workflow)) from.push_back({chart.node("([", escaped(trigger), "])")});
  from = chart.draw(workflow.steps, from);
  if (!workflow.on_failure.empty()) {
    const Ends failed{{chart.node("((", "on failure", "))")}};
    chart.arrow(from, failed.front().node, "-.->");
    const Ends handled = chart.draw(workflow.on_failure, failed);
    from.insert(from.end(), handled.begin(), handled.end());
  }
  if (!workflow.finally.empty()) {
    const Ends last{{chart.node("((", "finally", "))")}};
    chart.arrow(from, last.front().node);
    static_cast<void>(chart.draw(workflow.finally, last));
  }
  return chart.take();
}

}  // namespace ipaas::language
