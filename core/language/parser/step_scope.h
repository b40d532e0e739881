// Which steps can be named at a place of a workflow.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/language/parser/step_outline.h"

namespace ipaas::language {

/// Follows the reading of steps, in order. A step is seen by those after it in its list and in lists inside those; what
/// is inside `parallel` and `switch` is seen after them, what is inside a loop or a `notify` only there.
class StepScope {
 public:
  /// The outline must outlive it.
  explicit StepScope(const WorkflowOutline& outline);

  /// The step is being read.
  void begin(const StepOutline& step) { open_.push_back(&step); }
  /// It has been read; from now on it is seen.
  void end() {
    visible_.push_back(open_.back());
    open_.pop_back();
  }
  /// How much is seen now.
  [[nodiscard]] std::size_t mark() const { return visible_.size(); }
  /// What was seen since the mark is seen only inside of `loop`.
  void hide_since(std::size_t mark, std::string_view loop);
  /// What was seen since the mark is hidden until show().
  [[nodiscard]] std::vector<const StepOutline*> take_since(std::size_t mark);
  void show(const std::vector<const StepOutline*>& steps) { visible_.insert(visible_.end(), steps.begin(), steps.end()); }

  [[nodiscard]] bool sees(std::string_view id) const;
  [[nodiscard]] std::vector<std::string_view> names() const;
  /// Why a step cannot be named here, and what to do.
  struct Refusal {
    std::string message;
    std::string hint;
  };
  [[nodiscard]] Refusal why_not(std::string_view id) const;

 private:
  std::vector<const StepOutline*> all_;
  std::vector<const StepOutline*> open_;     ///< being read, outermost first
  std::vector<const StepOutline*> visible_;
  std::map<const StepOutline*, std::string> hidden_in_;  ///< the loop that a step is inside of
};

}  // namespace ipaas::language
