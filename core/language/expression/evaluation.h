// One run of an expression: its budget, what it makes, and why it failed.
#pragma once

#include <forward_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/language/expression/ast.h"
#include "core/language/expression/expression.h"
#include "core/language/expression/value.h"

namespace ipaas::language {

/// Empty when the evaluation has failed; why is kept by the Evaluation.
using Outcome = std::optional<Value>;

/// Evaluates nodes against one context under one budget, and keeps what they make until it is destroyed. Used by
/// one thread.
class Evaluation {
 public:
  Evaluation(const EvalContext& context, EvalLimits limits) : context_(context), left_(limits) {}
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  [[nodiscard]] Outcome evaluate(const Node& node);

  /// Copies a result out of the evaluation. Empty when the budget does not hold it.
  [[nodiscard]] std::optional<Json> copy_out(const Value& value);
  /// The error behind an empty outcome.
  [[nodiscard]] Error take_error() { return std::move(*error_); }

  // For functions:

  /// Spends operations. False when there are none left, and the evaluation has failed.
  [[nodiscard]] bool spend(std::size_t operations);
  /// Spends operations for a text of this many bytes that is scanned once.
  [[nodiscard]] bool spend_scan(std::size_t bytes) { return spend(bytes / kBytesPerOperation); }
  /// Spends memory. Call it before allocating.
  [[nodiscard]] bool reserve(std::size_t bytes);
  /// True when there is room for something that is let go at once.
  [[nodiscard]] bool has_room(std::size_t bytes);

  /// Keeps a text, a value or a filtered array; its bytes were reserved before.
  [[nodiscard]] Value keep(std::string text);
  [[nodiscard]] Value keep(Json json);
  [[nodiscard]] Value keep(std::vector<Value> filtered);

  /// The text of a value: a view where it is a text already, else kept here. Empty when the budget is spent.
  [[nodiscard]] std::optional<std::string_view> text_of(const Value& value);

  /// Fails with `expression_failed`. The message must not show what the contexts hold.
  Outcome fail_with(std::string message, std::string hint = {});

 private:
  static constexpr std::size_t kBytesPerOperation = 16;

  Outcome evaluate_is(const Literal& literal);
  Outcome evaluate_is(const ContextAccess& access);
  Outcome evaluate_is(const PropertyAccess& access);
  Outcome evaluate_is(const IndexAccess& access);
  Outcome evaluate_is(const Filter& filter);
  Outcome evaluate_is(const Negation& negation);
  Outcome evaluate_is(const Comparison& comparison);
  Outcome evaluate_is(const Logical& logical);
  Outcome evaluate_is(const FunctionCall& call);
  Outcome evaluate_is(const StatusCall& call);

  struct Key;
  Outcome take_index(const Value& object, const Key& key);
  std::optional<const Json*> find_in(const Value& object, const Key& key);
  std::optional<bool> compare(CompareOperator comparison, const Value& left, const Value& right);
  bool copy_into(Json& target, const Value& value);
  bool copy_into(Json& target, const Json& source);
  void exhaust(std::string message);

  const EvalContext& context_;
  EvalLimits left_;
  std::optional<Error> error_;
  // Lists, so that what is kept stays where it is, and an evaluation that keeps nothing allocates nothing.
  std::forward_list<std::string> texts_;
  std::forward_list<Json> values_;
  std::forward_list<std::vector<Value>> arrays_;
};

}  // namespace ipaas::language
