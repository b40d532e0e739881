// The functions of the expression language: one table.
#pragma once

#include <span>
#include <string_view>

#include "core/language/expression/evaluation.h"

namespace ipaas::language {

/// A function. Exactly one of `eager` and `lazy` is set.
struct Function {
  std::string_view name;  ///< as it is documented; calls may use any letter case
  std::size_t min_arguments;
  std::size_t max_arguments;
  /// Gets its arguments evaluated, from left to right.
  Outcome (*eager)(Evaluation&, std::span<const Value>) = nullptr;
  /// Evaluates those arguments that it needs.
  Outcome (*lazy)(Evaluation&, std::span<const NodePtr>) = nullptr;
  bool odd_arguments = false;  ///< an even number of arguments is refused
};

/// Every function there is, status functions aside, in the order of the documentation.
[[nodiscard]] std::span<const Function> functions();

/// nullptr when there is none of this name. Letter case does not count.
[[nodiscard]] const Function* find_function(std::string_view name);

/// `success`, `failure`, `always` or `cancelled` for that name in any letter case; empty for any other.
[[nodiscard]] std::string_view find_status_function(std::string_view name);

// Each documented at docs.github.com/actions, "Evaluate expressions", Functions.
Outcome call_contains(Evaluation& evaluation, std::span<const Value> arguments);
Outcome call_starts_with(Evaluation& evaluation, std::span<const Value> arguments);
Outcome call_ends_with(Evaluation& evaluation, std::span<const Value> arguments);
Outcome call_format(Evaluation& evaluation, std::span<const Value> arguments);
Outcome call_join(Evaluation& evaluation, std::span<const Value> arguments);
Outcome call_to_json(Evaluation& evaluation, std::span<const Value> arguments);
Outcome call_from_json(Evaluation& evaluation, std::span<const Value> arguments);
Outcome call_case(Evaluation& evaluation, std::span<const NodePtr> arguments);

}  // namespace ipaas::language
