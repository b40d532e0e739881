#include "core/language/expression/expression.h"

#include "core/language/expression/evaluation.h"
#include "core/language/expression/parser.h"

namespace ipaas::language {

const Json* JsonContext::context(std::string_view name) const {
  const auto* members = contexts_.get_ptr<const Json::object_t*>();
  return members == nullptr ? nullptr : find_member(*members, name);
}

bool JsonContext::status_function(std::string_view name) const { return name == "success" || name == "always"; }

Result<Expression> Expression::parse(std::string_view source, const ExpressionScope& scope, std::size_t shift) {
  auto program = parse_program(source, scope, shift);
  if (!program) return tl::unexpected(std::move(program.error()));
  return Expression(std::move(*program));
}

Result<Json> Expression::evaluate(const EvalContext& context, EvalLimits limits) const {
  Evaluation evaluation(context, limits);
  const Outcome value = evaluation.evaluate(*program_->root);
  if (!value) return tl::unexpected(evaluation.take_error());
  auto copied = evaluation.copy_out(*value);
  if (!copied) return tl::unexpected(evaluation.take_error());
  return std::move(*copied);
}

const std::string& Expression::source() const { return program_->source; }
const References& Expression::references() const { return program_->references; }
bool Expression::uses_status_function() const { return program_->uses_status_function; }

bool is_truthy(const Json& value) { return Value::of(value).is_truthy(); }
std::string to_text(const Json& value) { return Value::of(value).to_text(); }

}  // namespace ipaas::language
