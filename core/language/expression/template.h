// Texts with `${{ }}` in them, and conditions.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/language/expression/expression.h"

namespace ipaas::language {

class Evaluation;

/// A scalar of a workflow: literal text, one expression, or both mixed. Immutable, cheap to copy, thread-safe.
class Template {
 public:
  /// A text without `${{` is a literal. The position of an error is line 1, column = byte offset in `text` + 1.
  /// Codes are those of Expression::parse, `unclosed_expression` and `empty_expression`.
  [[nodiscard]] static Result<Template> parse(std::string_view text, const ExpressionScope& scope);
  /// The same, with an error for each `${{ }}` that is wrong.
  [[nodiscard]] static ResultOrErrors<Template> parse_all(std::string_view text, const ExpressionScope& scope);

  [[nodiscard]] bool is_literal() const;
  /// The whole text is one `${{ }}`: its value keeps its JSON type.
  [[nodiscard]] bool is_single_expression() const;

  /// A literal is its text, a single expression its value, anything else a text. The result is never parsed again.
  /// The limits hold for all expressions of the template together.
  [[nodiscard]] Result<Json> evaluate(const EvalContext& context, EvalLimits limits = {}) const;
  /// Within an evaluation that goes on, and whose budget it shares.
  [[nodiscard]] Result<Json> evaluate(Evaluation& evaluation) const;

  [[nodiscard]] const std::string& text() const { return parts_->text; }
  /// Of all expressions, in order; positions are those in `text`.
  [[nodiscard]] const References& references() const { return parts_->references; }
  [[nodiscard]] bool uses_status_function() const { return parts_->uses_status_function; }

 private:
  using Part = std::variant<std::string, Expression>;
  struct Parts {
    std::string text;
    std::vector<Part> parts;  ///< empty for an empty text
    References references;
    bool uses_status_function = false;
  };

  explicit Template(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

  std::shared_ptr<const Parts> parts_;
};

/// An `if`: an expression whose braces are optional. Text around `${{ }}` is the error `text_around_condition`, since
/// any text would be true; nothing at all is `empty_expression`. Positions count in `text`.
[[nodiscard]] Result<Expression> parse_condition(std::string_view text, const ExpressionScope& scope);

}  // namespace ipaas::language
