// Values that may hold expressions, and what an expression may name at its place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/language/expression/expression.h"
#include "core/language/expression/template.h"
#include "core/language/parser/reading.h"
#include "core/language/template_tree.h"

namespace ipaas::language {

/// The ids of a workflow's steps, in order. As names in an expression they compare without letter case.
class StepIds {
 public:
  void add(std::string id) { ids_.push_back(std::move(id)); }
  [[nodiscard]] const std::string& operator[](std::size_t index) const { return ids_[index]; }
  [[nodiscard]] std::size_t size() const { return ids_.size(); }
  [[nodiscard]] std::optional<std::size_t> find(std::string_view id) const;
  /// The first so many.
  [[nodiscard]] std::vector<std::string_view> names(std::size_t count) const;

 private:
  std::vector<std::string> ids_;
};

/// A place in a workflow.
struct Place {
  ExpressionScope scope;
  const StepIds* steps = nullptr;  ///< nullptr where steps cannot be named
  std::size_t step = 0;            ///< how many of them have run by then
};

/// `event` alone: of a webhook, before anything has started.
[[nodiscard]] Place webhook_place();
/// Of the step with this index, or of the outputs if it is the number of steps.
[[nodiscard]] Place step_place(const StepIds& steps, std::size_t index);

/// A condition; its braces are optional.
[[nodiscard]] std::optional<Expression> read_condition(Reading& reading, const yaml::Entry& entry, const Place& place);
/// A text with or without expressions.
[[nodiscard]] std::optional<Template> read_template(Reading& reading, const yaml::Entry& entry, const Place& place);
/// Any value, with expressions in its texts; a place-holder where they are wrong.
[[nodiscard]] TemplateTree read_tree(Reading& reading, const yaml::Node& node, const Place& place);
/// The value as JSON, in which expressions are errors; `what` names it.
[[nodiscard]] Json read_literal(Reading& reading, const yaml::Node& node, std::string_view what);
/// Checks a condition that the connector evaluates itself, against the reply: `status`, `headers`, `body`.
void check_deferred(Reading& reading, const yaml::Entry& entry);

}  // namespace ipaas::language
