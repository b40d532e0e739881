// Values that may hold expressions, and what an expression may name at its place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/language/expression/expression.h"
#include "core/language/expression/template.h"
#include "core/language/parser/reading.h"
#include "core/language/parser/step_scope.h"
#include "core/language/template_tree.h"
#include "core/language/workflow.h"

namespace ipaas::language {

/// A place in a workflow.
struct Place {
  ExpressionScope scope;
  const StepScope* steps = nullptr;             ///< nullptr where steps cannot be named
  const std::vector<Input>* inputs = nullptr;   ///< nullptr where inputs cannot be named
};

/// What a step sees beside `event`, `inputs`, `steps` and `execution`.
struct Surroundings {
  bool loop = false;        ///< `item` and `index`
  bool on_failure = false;  ///< `failure`
  bool notify = false;      ///< `wait`
};

/// `event` alone: of a webhook, before anything has started.
[[nodiscard]] Place webhook_place();
/// Of a step, or of the outputs. Borrows the scope and the inputs.
[[nodiscard]] Place step_place(const StepScope& steps, const std::vector<Input>& inputs, Surroundings surroundings = {});

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
