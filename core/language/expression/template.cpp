#include "core/language/expression/template.h"

#include <algorithm>

#include "core/language/expression/ast.h"
#include "core/language/expression/evaluation.h"
#include "core/language/expression/folding.h"
#include "core/language/expression/lexer.h"

namespace ipaas::language {
namespace {

constexpr std::string_view kOpen = "${{";
constexpr std::string_view kClose = "}}";

bool is_blank(std::string_view text) {
  while (!text.empty()) {
    if (!is_space(take_code_point(text))) return false;
  }
  return true;
}

/// One `${{ }}` in a text.
struct Span {
  std::size_t open;    ///< of `${{`
  std::size_t inside;  ///< of the first byte after `${{`
  std::size_t close;   ///< of `}}`
  [[nodiscard]] std::size_t after() const { return close + kClose.size(); }
};

Result<Span> read_span(std::string_view text, std::size_t open) {
  const std::size_t inside = open + kOpen.size();
  const auto close = find_expression_end(text, inside);
  if (!close) {
    return tl::unexpected(expression_error(open, "unclosed_expression", "`${{` is not closed",
                                           "end the expression with `}}`; a text inside it needs both quotes"));
  }
  if (is_blank(text.substr(inside, *close - inside))) {
    return tl::unexpected(expression_error(open, "empty_expression", "`${{ }}` is empty"));
  }
  return Span{open, inside, *close};
}

Result<Expression> parse_span(std::string_view text, const Span& span, const ExpressionScope& scope) {
  return Expression::parse(text.substr(span.inside, span.close - span.inside), scope, span.inside);
}

/// What the condition was most likely meant to be.
std::string around_hint(std::string_view text, const Span& span) {
  const std::string_view inside = trim_space(text.substr(span.inside, span.close - span.inside));
  const bool binds_loosely = inside.find_first_of("|&") != std::string_view::npos;
  std::string whole(trim_space(text.substr(0, span.open)));
  if (!whole.empty()) whole += ' ';
  whole += binds_loosely ? "(" + std::string(inside) + ")" : std::string(inside);
  const std::string_view after = trim_space(text.substr(span.after()));
  if (!after.empty()) whole += " " + std::string(after);
  constexpr std::size_t kShown = 80;
  if (whole.size() > kShown || whole.find(kOpen) != std::string::npos || whole.find('\n') != std::string::npos) {
    return "put the whole condition inside one `${{ }}`, or leave the braces out";
  }
  return "write it without braces, `" + whole + "`, or put all of it inside one `${{ }}`";
}

Result<Json> value_of(const Expression& expression, Evaluation& evaluation) {
  const Outcome value = evaluation.evaluate(*expression.program().root);
  if (!value) return tl::unexpected(evaluation.take_error());
  auto copied = evaluation.copy_out(*value);
  if (!copied) return tl::unexpected(evaluation.take_error());
  return std::move(*copied);
}

}  // namespace

Result<Template> Template::parse(std::string_view text, const ExpressionScope& scope) {
  auto parsed = parse_all(text, scope);
  if (!parsed) return tl::unexpected(std::move(parsed.error().front()));
  return *std::move(parsed);
}

ResultOrErrors<Template> Template::parse_all(std::string_view text, const ExpressionScope& scope) {
  auto parts = std::make_shared<Parts>();
  std::vector<Error> errors;
  parts->text = text;
  std::size_t at = 0;
  for (std::size_t open = text.find(kOpen); open != std::string_view::npos; open = text.find(kOpen, at)) {
    if (open > at) parts->parts.emplace_back(std::string(text.substr(at, open - at)));
    const auto span = read_span(text, open);
    if (!span) {
      errors.push_back(span.error());
      break;
    }
    at = span->after();
    auto expression = parse_span(text, *span, scope);
    if (!expression) {
      errors.push_back(std::move(expression.error()));
      continue;
    }
    parts->references.append(expression->references());
    parts->uses_status_function |= expression->uses_status_function();
    parts->parts.emplace_back(std::move(*expression));
  }
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  if (at < text.size()) parts->parts.emplace_back(std::string(text.substr(at)));
  return Template(std::move(parts));
}

bool Template::is_literal() const {
  return parts_->parts.empty() || (parts_->parts.size() == 1 && std::holds_alternative<std::string>(parts_->parts[0]));
}

bool Template::is_single_expression() const {
  return parts_->parts.size() == 1 && std::holds_alternative<Expression>(parts_->parts[0]);
}

Result<Json> Template::evaluate(const EvalContext& context, EvalLimits limits) const {
  Evaluation evaluation(context, limits);
  return evaluate(evaluation);
}

Result<Json> Template::evaluate(Evaluation& evaluation) const {
  if (is_literal()) return parts_->text;
  if (is_single_expression()) return value_of(std::get<Expression>(parts_->parts[0]), evaluation);
  std::string text;
  for (const Part& part : parts_->parts) {
    if (const auto* literal = std::get_if<std::string>(&part)) {
      text += *literal;
      continue;
    }
    const Outcome value = evaluation.evaluate(*std::get<Expression>(part).program().root);
    if (!value) return tl::unexpected(evaluation.take_error());
    const auto piece = evaluation.text_of(*value);
    // Once for the piece and once more for its place in the text.
    if (!piece || !evaluation.reserve(piece->size())) return tl::unexpected(evaluation.take_error());
    text += *piece;
  }
  return text;
}

Result<Expression> parse_condition(std::string_view text, const ExpressionScope& scope) {
  if (is_blank(text)) {
    return tl::unexpected(expression_error(0, "empty_expression", "the condition is empty",
                                           "write an expression, or leave `if` out"));
  }
  const std::size_t open = text.find(kOpen);
  if (open == std::string_view::npos) return Expression::parse(text, scope);
  const std::string_view before = text.substr(0, open);
  const bool in_literal = std::count(before.begin(), before.end(), '\'') % 2 != 0;
  if (in_literal) return Expression::parse(text, scope);
  const auto span = read_span(text, open);
  if (!span) return tl::unexpected(span.error());
  if (!is_blank(before) || !is_blank(text.substr(span->after()))) {
    const std::size_t where = is_blank(before) ? span->after() : 0;
    return tl::unexpected(expression_error(where, "text_around_condition",
                                           "text around `${{ }}` makes a text of the condition, which is always true",
                                           around_hint(text, *span)));
  }
  return parse_span(text, *span, scope);
}

}  // namespace ipaas::language
