#include "core/language/graph/graph.h"
#include "core/language/graph/labels.h"

namespace ipaas::language {
namespace {

/// How the lines of a list begin: one below the other, or at once.
struct Rail {
  std::string_view between;
  std::string_view last;
  std::string_view beside;  ///< while there are more
};
constexpr Rail kSequence{"├─ ", "└─ ", "│  "};
constexpr Rail kLanes{"╟─ ", "╙─ ", "║  "};
constexpr std::string_view kNothing = "   ";

class Drawing {
 public:
  void line(const std::string& text) { text_ += text + "\n"; }

  void draw(const Steps& steps, const std::string& indent, const Rail& rail = kSequence) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const bool last = i + 1 == steps.size();
      line(indent + std::string(last ? rail.last : rail.between) + title(steps[i]));
      draw_inside(steps[i], indent + std::string(last ? kNothing : rail.beside));
    }
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  static std::string title(const Step& step) {
    std::string text = step.id + ": " + action_label(step);
    for (const std::string& note : notes_of(step)) text += "  [" + note + "]";
    return text;
  }

  void draw_inside(const Step& step, const std::string& indent) {
    if (const auto* parallel = std::get_if<ParallelStep>(&step.action)) draw(parallel->branches, indent, kLanes);
    if (const auto* loop = std::get_if<ForEachStep>(&step.action)) draw(loop->steps, indent);
    if (const auto* wait = std::get_if<WaitForStep>(&step.action); wait != nullptr && !wait->notify.empty()) {
      branch("notify", wait->notify, indent, true);
    }
    if (const auto* choice = std::get_if<SwitchStep>(&step.action)) draw_cases(*choice, indent);
  }

  void draw_cases(const SwitchStep& choice, const std::string& indent) {
    for (std::size_t i = 0; i < choice.cases.size(); ++i) {
      const bool last = i + 1 == choice.cases.size() && choice.otherwise.empty();
      branch("= " + short_text(choice.cases[i].value), choice.cases[i].steps, indent, last);
    }
    if (!choice.otherwise.empty()) branch("otherwise", choice.otherwise, indent, true);
  }

  void branch(const std::string& title, const Steps& steps, const std::string& indent, bool last) {
    line(indent + std::string(last ? kSequence.last : kSequence.between) + title);
    draw(steps, indent + std::string(last ? kNothing : kSequence.beside));
  }

  std::string text_;
};

}  // namespace

std::string draw_text(const Workflow& workflow) {
  Drawing drawing;
  drawing.line(workflow.name + (workflow.description.empty() ? "" : ": " + short_text(workflow.description)));
  for (const std::string& trigger : trigger_labels(workflow)) drawing.line("▶ " + trigger);
  drawing.draw(workflow.steps, "");
  if (!workflow.on_failure.empty()) {
    drawing.line("on failure");
    drawing.draw(workflow.on_failure, "");
  }
  if (!workflow.finally.empty()) {
    drawing.line("finally");
    drawing.draw(workflow.finally, "");
  }
  return drawing.take();
}

}  // namespace ipaas::language
