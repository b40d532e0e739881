// How the functions of the expression language are called.
#pragma once

#include <span>
#include <string_view>

#include "core/language/expression/evaluation.h"
#include "core/language/expression/function_docs.h"

namespace ipaas::language {

/// One call of a function: its arguments are evaluated, and of the types that its row in the table says. An argument
/// that is a lambda is null among them.
struct Call {
  Evaluation& evaluation;
  std::span<const Value> arguments;
  const Lambda* lambda = nullptr;
  const Pattern* pattern = nullptr;  ///< of the argument that is one

  [[nodiscard]] const Value& operator[](std::size_t index) const { return arguments[index]; }
  [[nodiscard]] std::size_t size() const { return arguments.size(); }
  /// The argument is there and not null.
  [[nodiscard]] bool has(std::size_t index) const {
    return index < arguments.size() && arguments[index].kind() != Value::Kind::kNull;
  }
};

/// A function. One of `eager` and `lazy` is set, save for the four that ask for the status.
struct Function {
  FunctionDoc doc;
  /// Gets its arguments evaluated, from left to right.
  Outcome (*eager)(const Call&) = nullptr;
  /// Evaluates those arguments that it needs.
  Outcome (*lazy)(Evaluation&, std::span<const NodePtr>) = nullptr;
  bool odd_arguments = false;  ///< an even number of arguments is refused

  [[nodiscard]] std::size_t min_arguments() const;
  [[nodiscard]] std::size_t max_arguments() const;
  /// Of the argument at this place.
  [[nodiscard]] const Parameter& parameter(std::size_t index) const;
};

/// nullptr when there is none of this name. Letter case does not count. The four status functions are not among them.
[[nodiscard]] const Function* find_function(std::string_view name);

/// `success`, `failure`, `always` or `cancelled` for that name in any letter case; empty for any other.
[[nodiscard]] std::string_view find_status_function(std::string_view name);

/// `string`, `number`, `boolean`, `array`, `object` or `null`.
[[nodiscard]] std::string_view type_name(Value::Kind kind);

/// Makes an argument what its parameter says, or fails and says what was wrong. A null for an optional parameter stays.
[[nodiscard]] bool convert_argument(Evaluation& evaluation, const Function& function, std::size_t index, Value& argument);

/// A number, or a string that spells one and is not blank; nothing for anything else.
[[nodiscard]] std::optional<double> as_number(const Value& value);

/// A number as a whole one, its fraction cut off; far beyond any size of a value it is cut, too. Empty for NaN, after
/// failing the call.
[[nodiscard]] std::optional<std::int64_t> whole_number(const Call& call, std::size_t index, std::string_view what);

/// Tells apart what differs in any way but the order of members: the basis of `same` and `unique`. Empty when the
/// budget is spent.
[[nodiscard]] std::optional<std::string> identity_text(Evaluation& evaluation, const Value& value);

}  // namespace ipaas::language
