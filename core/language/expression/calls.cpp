// Calls and lambdas of the parser.
#include <algorithm>

#include "core/language/expression/descent.h"
#include "core/language/expression/folding.h"
#include "core/language/expression/functions.h"
#include "core/language/expression/names.h"

namespace ipaas::language {
namespace {

/// Of all literal patterns of one expression: they are compiled when a workflow is read, however many there are.
constexpr std::size_t kMostPatternInstructions = 20'000;

std::string ticked(std::string_view name) { return "`" + std::string(name) + "`"; }

std::string count_of(std::size_t count) { return std::to_string(count) + (count == 1 ? " argument" : " arguments"); }

}  // namespace

NodePtr Parser::call(const Token& name) {
  const Function* function = find_function(name.lexeme);
  const std::string_view status = scope_.status_functions ? find_status_function(name.lexeme) : std::string_view();
  if (function == nullptr && status.empty()) return reject(unknown_function(name.lexeme, name.offset, scope_));
  std::vector<NodePtr> arguments;
  std::vector<const Token*> begins;
  if (!read_arguments(arguments, begins)) return nullptr;
  if (function == nullptr) return status_call(status, name, arguments.size());
  if (!check_count(*function, name, arguments.size())) return nullptr;
  FunctionCall call{function, std::move(arguments), position(name.offset)};
  if (!check_arguments(call, name, begins)) return nullptr;
  program_.references.calls.push_back({function->doc.name, position(name.offset)});
  return make_node(std::move(call));
}

bool Parser::read_arguments(std::vector<NodePtr>& arguments, std::vector<const Token*>& begins) {
  if (accept(TokenKind::kRightParen)) return true;
  do {
    begins.push_back(&peek());
    const std::size_t length = lambda_length();
    arguments.push_back(length > 0 ? lambda(length) : expression());
    if (!arguments.back()) return false;
  } while (accept(TokenKind::kComma));
  return expect(TokenKind::kRightParen);
}

NodePtr Parser::status_call(std::string_view name, const Token& token, std::size_t arguments) {
  if (arguments > 0) return wrong_arguments(token, ticked(token.lexeme) + " takes no arguments");
  program_.uses_status_function = true;
  return make_node(StatusCall{name});
}

bool Parser::check_count(const Function& function, const Token& token, std::size_t count) {
  const std::string name = ticked(token.lexeme);
  const std::string hint = "write it as " + ticked(signature_of(function.doc));
  if (count < function.min_arguments()) {
    wrong_arguments(token, name + " takes at least " + count_of(function.min_arguments()), hint);
  } else if (count > function.max_arguments()) {
    wrong_arguments(token, name + " takes at most " + count_of(function.max_arguments()), hint);
  } else if (function.odd_arguments && count % 2 == 0) {
    wrong_arguments(token, name + " takes an odd number of arguments: pairs of predicate and value, and a default");
  }
  return !error_;
}

bool Parser::check_arguments(FunctionCall& call, const Token& token, const std::vector<const Token*>& begins) {
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const bool is_lambda = std::holds_alternative<Lambda>(call.arguments[i]->is);
    const std::uint16_t accepts = call.function->parameter(i).accepts;
    if (is_lambda && accepts != Accepts::kLambda) {
      wrong_arguments(*begins[i], ticked(token.lexeme) + " takes no lambda as argument " + std::to_string(i + 1),
                      "write it as " + ticked(signature_of(call.function->doc)));
    } else if (accepts == Accepts::kLambda) {
      check_lambda(call, i, *begins[i]);
    } else if (accepts == Accepts::kPattern) {
      compile_pattern(call, i, *begins[i]);
    }
    if (error_) return false;
  }
  return true;
}

bool Parser::check_lambda(const FunctionCall& call, std::size_t index, const Token& begin) {
  const Parameter& parameter = call.function->parameter(index);
  const auto* lambda = std::get_if<Lambda>(&call.arguments[index]->is);
  const std::string hint = "as in " + ticked(call.function->doc.example);
  const std::string argument = "argument " + std::to_string(index + 1) + " of " + ticked(call.function->doc.name);
  if (lambda == nullptr) {
    const auto* literal = std::get_if<Literal>(&call.arguments[index]->is);
    if (parameter.optional && literal != nullptr && literal->value.is_null()) return true;
    wrong_arguments(begin, argument + " is a lambda, written out here", hint);
  } else if (lambda->parameters > parameter.lambda_takes) {
    wrong_arguments(begin, argument + " has at most " + std::to_string(parameter.lambda_takes) + " parameters", hint);
  }
  return !error_;
}

bool Parser::compile_pattern(FunctionCall& call, std::size_t index, const Token& begin) {
  const auto* literal = std::get_if<Literal>(&call.arguments[index]->is);
  if (literal == nullptr || !literal->value.is_string()) return true;
  const auto& text = literal->value.get_ref<const std::string&>();
  auto pattern = Pattern::compile(text);
  if (!pattern) {
    Error error = std::move(pattern.error());
    error.position = {1, static_cast<int>(begin.offset) + 1};
    reject(std::move(error));
    return false;
  }
  // A class takes its time even where little comes of it, as in `[\pL\PL]`.
  constexpr std::size_t kInstructionsOfClass = 250;
  pattern_instructions_ += pattern->size() + kInstructionsOfClass * Pattern::classes(text);
  if (pattern_instructions_ > kMostPatternInstructions) {
    reject(expression_error(begin.offset, "bad_pattern", "the patterns of this expression are too large together",
                            "split it over several `set` steps"));
    return false;
  }
  call.pattern = std::make_shared<const Pattern>(std::move(*pattern));
  return true;
}

// The tokens before and including the arrow of `x =>` or `(a, b) =>`; 0 when there is no lambda here.
std::size_t Parser::lambda_length() const {
  const auto kind = [this](std::size_t ahead) {
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead].kind : TokenKind::kEnd;
  };
  if (kind(0) == TokenKind::kIdentifier) return kind(1) == TokenKind::kArrow ? 2 : 0;
  if (kind(0) != TokenKind::kLeftParen) return 0;
  std::size_t ahead = 1;
  while (kind(ahead) == TokenKind::kIdentifier || kind(ahead) == TokenKind::kComma) ++ahead;
  return kind(ahead) == TokenKind::kRightParen && kind(ahead + 1) == TokenKind::kArrow ? ahead + 2 : 0;
}

NodePtr Parser::lambda(std::size_t length) {
  const std::size_t first = variables_.size();
  const std::size_t body_at = at_ + length;
  const bool grouped = accept(TokenKind::kLeftParen);
  do {
    if (peek().kind != TokenKind::kIdentifier) return unexpected();
    if (!read_parameter(next(), first)) return nullptr;
  } while (grouped && accept(TokenKind::kComma));
  if (grouped && !expect(TokenKind::kRightParen)) return nullptr;
  at_ = body_at;
  const std::size_t count = variables_.size() - first;
  NodePtr body = expression();
  variables_.resize(first);
  return body ? make_node(Lambda{first, count, std::move(body)}) : nullptr;
}

bool Parser::read_parameter(const Token& token, std::size_t first) {
  const auto same = [&](std::string_view name) { return equal_folded(name, token.lexeme); };
  if (std::any_of(scope_.contexts.begin(), scope_.contexts.end(), same)) {
    reject(expression_error(token.offset, "bad_parameter",
                            ticked(token.lexeme) + " is a context, which a parameter would hide",
                            "give the parameter another name"));
  } else if (std::any_of(variables_.begin() + static_cast<std::ptrdiff_t>(first), variables_.end(), same)) {
    reject(expression_error(token.offset, "bad_parameter", "two parameters are named " + ticked(token.lexeme),
                            "give one of them another name"));
  }
  variables_.push_back(token.lexeme);
  return !error_;
}

// The innermost of this name: it hides the others.
std::optional<std::size_t> Parser::variable(std::string_view name) const {
  for (std::size_t i = variables_.size(); i > 0; --i) {
    if (equal_folded(variables_[i - 1], name)) return i - 1;
  }
  return std::nullopt;
}

ExpressionScope Parser::scope_with_variables() const {
  ExpressionScope scope = scope_;
  scope.contexts.insert(scope.contexts.end(), variables_.begin(), variables_.end());
  return scope;
}

NodePtr Parser::wrong_arguments(const Token& token, std::string message, std::string hint) {
  return reject(expression_error(token.offset, "wrong_arguments", std::move(message), std::move(hint)));
}

}  // namespace ipaas::language
