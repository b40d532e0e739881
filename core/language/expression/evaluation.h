// One run of an expression: its budget, what it makes, and why it failed.
#pragma once

#include <forward_list>
#include <initializer_list>
#include <memory>
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
  Evaluation(const EvalContext& context, EvalLimits limits)
      : context_(context), operations_(limits.operations), left_(limits) {}
  ~Evaluation() { context_.spent(operations_ - left_.operations); }
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  [[nodiscard]] Outcome evaluate(const Node& node);

  /// Copies a result out of the evaluation. Empty when the budget does not hold it.
  [[nodiscard]] std::optional<Json> copy_out(const Value& value);
  /// The error behind an empty outcome.
  [[nodiscard]] Error take_error() { return std::move(*error_); }

  // For functions:

  [[nodiscard]] const EvalContext& context() const { return context_; }
  /// Calls a lambda; of the arguments it gets as many as it has parameters.
  [[nodiscard]] Outcome call(const Lambda& lambda, std::initializer_list<Value> arguments);

  /// Spends operations. False when there are none left, and the evaluation has failed.
  [[nodiscard]] bool spend(std::size_t operations);
  /// Spends operations for a text of this many bytes that is scanned once.
  [[nodiscard]] bool spend_scan(std::size_t bytes) { return spend(bytes / kBytesPerOperation); }
  /// Spends memory. Call it before allocating.
  [[nodiscard]] bool reserve(std::size_t bytes);
  /// True when there is room for something that is let go at once.
  [[nodiscard]] bool has_room(std::size_t bytes);

  // Keep what was made; the bytes of its content were reserved before, what holds it is reserved here.
  [[nodiscard]] Outcome keep(std::string text);
  [[nodiscard]] Outcome keep(Json json);
  [[nodiscard]] Outcome keep(Value::Members members);
  [[nodiscard]] Outcome keep_list(Value::List items);
  [[nodiscard]] Outcome keep_filtered(Value::List items);

  /// The text of a value: a view where it is a text already, else kept here. Empty when the budget is spent.
  [[nodiscard]] std::optional<std::string_view> text_of(const Value& value);
  /// The compiled form of a pattern that is no literal. nullptr after a failure.
  [[nodiscard]] const Pattern* pattern_of(std::string_view text);
  /// Counts from 0: no two calls within one evaluation get the same.
  [[nodiscard]] std::uint64_t next_number() { return counter_++; }

  /// What writing a value that is no text costs: a fraction takes a third of a µs.
  static constexpr std::size_t kNumberText = 4;

  /// Fails with `expression_failed`, at the call that is being evaluated. The message must not show what the contexts
  /// hold.
  Outcome fail_with(std::string message, std::string hint = {});

 private:
  static constexpr std::size_t kBytesPerOperation = 16;
  /// What holding a text or a list takes, beside its content.
  static constexpr std::size_t kHolder = 64;

  Outcome evaluate_is(const Literal& literal);
  Outcome evaluate_is(const ContextAccess& access);
  Outcome evaluate_is(const VariableAccess& access);
  Outcome evaluate_is(const PropertyAccess& access);
  [[nodiscard]] std::optional<Value> find_part(const PropertyAccess& access) const;
  Outcome evaluate_is(const IndexAccess& access);
  Outcome evaluate_is(const Filter& filter);
  Outcome evaluate_is(const Negation& negation);
  Outcome evaluate_is(const Comparison& comparison);
  Outcome evaluate_is(const Logical& logical);
  Outcome evaluate_is(const FunctionCall& call);
  Outcome evaluate_is(const Lambda& lambda);
  Outcome evaluate_is(const StatusCall& call);
  Outcome run(const FunctionCall& call);
  Outcome run(const FunctionCall& call, std::span<Value> arguments);

  struct Key;
  using Found = std::optional<Value>;
  Outcome take_index(const Value& object, const Key& key);
  std::optional<Found> find_in(const Value& object, const Key& key);
  std::optional<bool> compare(CompareOperator comparison, const Value& left, const Value& right);
  bool copy_into(Json& target, const Value& value);
  bool copy_into(Json& target, const Json& source);
  Outcome check_levels(const Value& made);
  void exhaust(std::string message);

  const EvalContext& context_;
  const std::size_t operations_;  ///< that it may take
  EvalLimits left_;
  std::optional<Error> error_;
  const FunctionCall* current_call_ = nullptr;
  std::uint64_t counter_ = 0;
  std::vector<Value> variables_;  ///< the parameters of the lambdas that are being evaluated, outermost first
  // Lists, so that what is kept stays where it is, and an evaluation that keeps nothing allocates nothing.
  std::forward_list<std::string> texts_;
  std::forward_list<Json> values_;
  std::forward_list<Value::List> lists_;
  std::forward_list<Value::Members> objects_;
  std::forward_list<std::pair<std::string, std::shared_ptr<const Pattern>>> patterns_;
};

/// An array in the making, which pays for each item as it comes.
class ListMaker {
 public:
  explicit ListMaker(Evaluation& evaluation) : evaluation_(evaluation) {}

  /// False when the budget is spent.
  [[nodiscard]] bool add(const Value& item) {
    if (!evaluation_.spend(1) || !evaluation_.reserve(sizeof(Value))) return false;
    items_.push_back(item);
    return true;
  }
  [[nodiscard]] Outcome take() { return evaluation_.keep_list(std::move(items_)); }
  [[nodiscard]] Outcome take_filtered() { return evaluation_.keep_filtered(std::move(items_)); }

 private:
  Evaluation& evaluation_;
  Value::List items_;
};

}  // namespace ipaas::language
