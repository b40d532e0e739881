#include "core/language/expression/parser.h"

#include <optional>

#include "core/language/expression/descent.h"
#include "core/language/expression/folding.h"
#include "core/language/expression/names.h"
#include "core/language/expression/value.h"

namespace ipaas::language {
namespace {

constexpr int kMaxDepth = 50;

std::optional<CompareOperator> equality_operator(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEqual: return CompareOperator::kEqual;
    case TokenKind::kNotEqual: return CompareOperator::kNotEqual;
    default: return std::nullopt;
  }
}

std::optional<CompareOperator> order_operator(TokenKind kind) {
  switch (kind) {
    case TokenKind::kLess: return CompareOperator::kLess;
    case TokenKind::kLessEqual: return CompareOperator::kLessEqual;
    case TokenKind::kGreater: return CompareOperator::kGreater;
    case TokenKind::kGreaterEqual: return CompareOperator::kGreaterEqual;
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<Error> Parser::run() {
  if (peek().kind == TokenKind::kEnd) {
    program_.root = make_node(Literal{nullptr});
    return std::nullopt;
  }
  program_.root = expression();
  if (program_.root && peek().kind != TokenKind::kEnd) unexpected();
  return std::move(error_);
}

// Depth is counted where GitHub counts it: groups, arguments, `!`, `&&` and `||` chains, and each index.
bool Parser::descend() {
  if (++depth_ <= kMaxDepth) return true;
  reject(expression_error(peek().offset, "too_deep", "the expression is nested deeper than 50 levels",
                          "split it over several `set` steps"));
  return false;
}

NodePtr Parser::expression() {
  if (!descend()) return nullptr;
  NodePtr node = logical(TokenKind::kOr);
  ascend();
  return node;
}

NodePtr Parser::logical(TokenKind connective) {
  const bool is_or = connective == TokenKind::kOr;
  const auto operand = [&] { return is_or ? logical(TokenKind::kAnd) : comparison(true); };
  NodePtr first = operand();
  if (!first || peek().kind != connective) return first;
  if (!descend()) return nullptr;
  Logical node{!is_or, {}};
  node.operands.push_back(std::move(first));
  while (accept(connective)) {
    node.operands.push_back(operand());
    if (!node.operands.back()) return nullptr;
  }
  ascend();
  return make_node(std::move(node));
}

NodePtr Parser::comparison(bool equality) {
  const auto operand = [&] { return equality ? comparison(false) : unary(); };
  Comparison node{operand(), {}};
  if (!node.first) return nullptr;
  while (const auto found = equality ? equality_operator(peek().kind) : order_operator(peek().kind)) {
    ++at_;
    node.rest.emplace_back(*found, operand());
    if (!node.rest.back().second) return nullptr;
  }
  return node.rest.empty() ? std::move(node.first) : make_node(std::move(node));
}

NodePtr Parser::unary() {
  if (!accept(TokenKind::kNot)) return indexed();
  if (!descend()) return nullptr;
  NodePtr operand = unary();
  ascend();
  return operand ? make_node(Negation{std::move(operand)}) : nullptr;
}

NodePtr Parser::indexed() {
  const TokenKind kind = peek().kind;
  NodePtr node = primary();
  // Only what can hold something can be indexed; `'a'[0]` and `1.x` are errors.
  if (kind != TokenKind::kIdentifier && kind != TokenKind::kLeftParen) return node;
  int levels = 0;
  while (node && (peek().kind == TokenKind::kLeftBracket || peek().kind == TokenKind::kDot)) {
    node = peek().kind == TokenKind::kDot ? property(std::move(node)) : subscript(std::move(node));
    if (node && !descend()) return nullptr;
    ++levels;
  }
  ascend(levels);
  return node;
}

NodePtr Parser::property(NodePtr object) {
  ++at_;
  if (accept(TokenKind::kStar)) return make_node(Filter{std::move(object)});
  if (peek().kind != TokenKind::kIdentifier) return unexpected();
  const Token& name = next();
  return access(std::move(object), std::string(name.lexeme), name.offset);
}

NodePtr Parser::subscript(NodePtr object) {
  ++at_;
  if (accept(TokenKind::kStar)) {
    return expect(TokenKind::kRightBracket) ? make_node(Filter{std::move(object)}) : nullptr;
  }
  const Token& first = peek();
  NodePtr index = expression();
  if (!index || !expect(TokenKind::kRightBracket)) return nullptr;
  const auto* literal = std::get_if<Literal>(&index->is);
  if (literal != nullptr && literal->value.is_string()) {
    return access(std::move(object), literal->value.get<std::string>(), first.offset);
  }
  return make_node(IndexAccess{std::move(object), std::move(index)});
}

// Notes what is named of a context, for the checker of workflows. Between a context and its keys no other stands.
NodePtr Parser::access(NodePtr object, std::string key, std::size_t offset) {
  auto& references = program_.references.contexts;
  if (std::holds_alternative<ContextAccess>(object->is)) {
    references.back().key = key;
    references.back().position = position(offset);
  } else if (const auto* inner = std::get_if<PropertyAccess>(&object->is)) {
    if (std::holds_alternative<ContextAccess>(inner->object->is)) references.back().property = key;
  }
  return make_node(PropertyAccess{std::move(object), std::move(key)});
}

NodePtr Parser::primary() {
  const Token& token = peek();
  switch (token.kind) {
    case TokenKind::kTrue: return literal(true);
    case TokenKind::kFalse: return literal(false);
    case TokenKind::kNull: return literal(nullptr);
    case TokenKind::kNumber: return literal(json_number(token.number));
    case TokenKind::kString: return literal(token.text);
    case TokenKind::kIdentifier: return name();
    case TokenKind::kLeftParen: return group();
    default: return unexpected();
  }
}

NodePtr Parser::literal(Json value) {
  ++at_;
  return make_node(Literal{std::move(value)});
}

NodePtr Parser::group() {
  ++at_;
  NodePtr node = expression();
  return node && expect(TokenKind::kRightParen) ? std::move(node) : nullptr;
}

NodePtr Parser::name() {
  const Token& token = next();
  if (accept(TokenKind::kLeftParen)) return call(token);
  if (const auto slot = variable(token.lexeme)) return make_node(VariableAccess{*slot});
  if (scope_.any_context) return context(token.lexeme, token.offset);
  for (const std::string_view known : scope_.contexts) {
    if (equal_folded(known, token.lexeme)) return context(known, token.offset);
  }
  return reject(unknown_context(token.lexeme, token.offset, scope_with_variables()));
}

NodePtr Parser::context(std::string_view name, std::size_t offset) {
  program_.references.contexts.push_back({std::string(name), {}, {}, position(offset)});
  return make_node(ContextAccess{std::string(name)});
}

bool Parser::accept(TokenKind kind) {
  if (peek().kind != kind) return false;
  ++at_;
  return true;
}

bool Parser::expect(TokenKind kind) {
  if (accept(kind)) return true;
  unexpected();
  return false;
}

NodePtr Parser::unexpected() {
  const Token& token = peek();
  if (token.kind == TokenKind::kEnd) {
    return reject(expression_error(token.offset, "unexpected_end", "the expression ends too early"));
  }
  const bool arrow = token.kind == TokenKind::kArrow;
  return reject(unexpected_symbol(token.offset, token.lexeme,
                                  arrow ? "a lambda is an argument of a call, as in `map(list, x => x.id)`" : ""));
}

NodePtr Parser::reject(Error error) {
  if (!error_) error_ = std::move(error);
  return nullptr;
}

Result<std::shared_ptr<const Program>> parse_program(std::string_view source, const ExpressionScope& scope,
                                                     std::size_t shift) {
  auto program = std::make_shared<Program>();
  program->source = source;
  auto tokens = tokenize(program->source);
  auto error = tokens ? Parser(*tokens, scope, shift, *program).run() : std::optional(std::move(tokens.error()));
  if (error) {
    error->position.column += static_cast<int>(shift);
    return tl::unexpected(std::move(*error));
  }
  return program;
}

}  // namespace ipaas::language
