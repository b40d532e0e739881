// The steps of a document before they are read: how they are nested and what each is called. A reference to a later
// step can so be told from a misspelt one.
#pragma once

#include <string>
#include <vector>

#include "core/language/parser/reading.h"

namespace ipaas::language {

struct StepOutline;

/// A list of steps.
using BlockOutline = std::vector<StepOutline>;

struct StepOutline {
  const yaml::Node* node = nullptr;
  std::string id;          ///< as written, or `step-N`
  std::size_t number = 0;  ///< in the document, from 0
  /// Of `parallel`, `for-each` and `wait-for` one; of `switch` one for each case and one for `default`. Empty where the
  /// list is missing or wrong.
  std::vector<BlockOutline> blocks = {};
};

/// All steps of a workflow. Movable, its steps stay where they are.
struct WorkflowOutline {
  WorkflowOutline() = default;
  WorkflowOutline(WorkflowOutline&&) = default;  // a copy would point into the original
  WorkflowOutline& operator=(WorkflowOutline&&) = default;

  BlockOutline steps;
  BlockOutline on_failure;
  BlockOutline finally;
  std::vector<StepOutline*> all;  ///< in the order of the document
};

/// Reports lists that are none, ids that are no names or not unique, and more than 500 steps, in which case nothing is
/// in the outline.
[[nodiscard]] WorkflowOutline outline_of(Reading& reading, const yaml::Node& root);

/// Step names in expressions compare without letter case.
[[nodiscard]] bool same_name(std::string_view a, std::string_view b);

}  // namespace ipaas::language
