#include "core/language/expression/parser.h"

#include <optional>

#include "core/language/expression/folding.h"
#include "core/language/expression/functions.h"
#include "core/language/expression/lexer.h"
#include "core/language/expression/names.h"
#include "core/language/expression/value.h"

namespace ipaas::language {
namespace {

constexpr int kMaxDepth = 50;

template <typename Is>
NodePtr make(Is is) {
  return std::make_unique<const Node>(Node{std::move(is)});
}

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

/// Recursive descent, one method a level of precedence, from `||` down to names. Every method returns null after an
/// error, which is kept in `error_`.
class Parser {
 public:
  Parser(const std::vector<Token>& tokens, const ExpressionScope& scope, Program& program)
      : tokens_(tokens), scope_(scope), program_(program) {}

  std::optional<Error> run() {
    if (peek().kind == TokenKind::kEnd) {
      program_.root = make(Literal{nullptr});
      return std::nullopt;
    }
    program_.root = expression();
    if (program_.root && peek().kind != TokenKind::kEnd) unexpected();
    return std::move(error_);
  }

 private:
  // Depth is counted where GitHub counts it: groups, arguments, `!`, `&&` and `||` chains, and each index.
  bool descend() {
    if (++depth_ <= kMaxDepth) return true;
    error_ = expression_error(peek().offset, "too_deep", "the expression is nested deeper than 50 levels",
                              "split it over several `set` steps");
    return false;
  }
  void ascend(int levels = 1) { depth_ -= levels; }

  NodePtr expression() {
    if (!descend()) return nullptr;
    NodePtr node = logical(TokenKind::kOr);
    ascend();
    return node;
  }

  NodePtr logical(TokenKind connective) {
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
    return make(std::move(node));
  }

  NodePtr comparison(bool equality) {
    const auto operand = [&] { return equality ? comparison(false) : unary(); };
    Comparison node{operand(), {}};
    if (!node.first) return nullptr;
    while (const auto found = equality ? equality_operator(peek().kind) : order_operator(peek().kind)) {
      ++at_;
      node.rest.emplace_back(*found, operand());
      if (!node.rest.back().second) return nullptr;
    }
    return node.rest.empty() ? std::move(node.first) : make(std::move(node));
  }

  NodePtr unary() {
    if (!accept(TokenKind::kNot)) return indexed();
    if (!descend()) return nullptr;
    NodePtr operand = unary();
    ascend();
    return operand ? make(Negation{std::move(operand)}) : nullptr;
  }

  NodePtr indexed() {
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

  NodePtr property(NodePtr object) {
    ++at_;
    if (accept(TokenKind::kStar)) return make(Filter{std::move(object)});
    if (peek().kind != TokenKind::kIdentifier) return unexpected();
    const Token& name = next();
    return access(std::move(object), std::string(name.lexeme), name.offset);
  }

  NodePtr subscript(NodePtr object) {
    ++at_;
    if (accept(TokenKind::kStar)) return expect(TokenKind::kRightBracket) ? make(Filter{std::move(object)}) : nullptr;
    const Token& first = peek();
    NodePtr index = expression();
    if (!index || !expect(TokenKind::kRightBracket)) return nullptr;
    const auto* literal = std::get_if<Literal>(&index->is);
    if (literal != nullptr && literal->value.is_string()) {
      return access(std::move(object), literal->value.get<std::string>(), first.offset);
    }
    return make(IndexAccess{std::move(object), std::move(index)});
  }

  // Notes which steps are named, for the checker of workflows.
  NodePtr access(NodePtr object, std::string key, std::size_t offset) {
    auto& references = program_.step_references;
    if (is_steps(*object)) {
      references.push_back({key, {}, {1, static_cast<int>(offset) + 1}});
    } else if (const auto* inner = std::get_if<PropertyAccess>(&object->is)) {
      if (is_steps(*inner->object)) references.back().property = key;
    }
    return make(PropertyAccess{std::move(object), std::move(key)});
  }

  static bool is_steps(const Node& node) {
    const auto* context = std::get_if<ContextAccess>(&node.is);
    return context != nullptr && equal_folded(context->name, "steps");
  }

  NodePtr primary() {
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

  NodePtr literal(Json value) {
    ++at_;
    return make(Literal{std::move(value)});
  }

  NodePtr group() {
    ++at_;
    NodePtr node = expression();
    return node && expect(TokenKind::kRightParen) ? std::move(node) : nullptr;
  }

  NodePtr name() {
    const Token& token = next();
    if (accept(TokenKind::kLeftParen)) return call(token);
    if (scope_.any_context) return make(ContextAccess{std::string(token.lexeme)});
    for (const std::string_view context : scope_.contexts) {
      if (equal_folded(context, token.lexeme)) return make(ContextAccess{std::string(context)});
    }
    return reject(unknown_context(token.lexeme, token.offset, scope_));
  }

  NodePtr call(const Token& token) {
    const Function* function = find_function(token.lexeme);
    const std::string_view status = scope_.status_functions ? find_status_function(token.lexeme) : std::string_view();
    if (function == nullptr && status.empty()) return reject(unknown_function(token.lexeme, token.offset, scope_));
    std::vector<NodePtr> arguments;
    if (!accept(TokenKind::kRightParen)) {
      do {
        arguments.push_back(expression());
        if (!arguments.back()) return nullptr;
      } while (accept(TokenKind::kComma));
      if (!expect(TokenKind::kRightParen)) return nullptr;
    }
    if (function == nullptr) return status_call(status, token, arguments.size());
    if (!check_count(*function, token, arguments.size())) return nullptr;
    return make(FunctionCall{function, std::move(arguments)});
  }

  NodePtr status_call(std::string_view name, const Token& token, std::size_t arguments) {
    if (arguments > 0) return wrong_count(token, "takes no arguments");
    program_.uses_status_function = true;
    return make(StatusCall{name});
  }

  bool check_count(const Function& function, const Token& token, std::size_t count) {
    if (count < function.min_arguments) {
      wrong_count(token, "takes at least " + std::to_string(function.min_arguments) + " arguments");
    } else if (count > function.max_arguments) {
      wrong_count(token, "takes at most " + std::to_string(function.max_arguments) + " arguments");
    } else if (function.odd_arguments && count % 2 == 0) {
      wrong_count(token, "takes an odd number of arguments: pairs of predicate and value, and a default");
    }
    return !error_;
  }

  NodePtr wrong_count(const Token& token, std::string_view rule) {
    return reject(expression_error(token.offset, "wrong_arguments",
                                   "`" + std::string(token.lexeme) + "` " + std::string(rule)));
  }

  const Token& peek() const { return tokens_[at_]; }
  const Token& next() { return tokens_[at_++]; }

  bool accept(TokenKind kind) {
    if (peek().kind != kind) return false;
    ++at_;
    return true;
  }

  bool expect(TokenKind kind) {
    if (accept(kind)) return true;
    unexpected();
    return false;
  }

  NodePtr unexpected() {
    const Token& token = peek();
    if (token.kind != TokenKind::kEnd) return reject(unexpected_symbol(token.offset, token.lexeme));
    return reject(expression_error(token.offset, "unexpected_end", "the expression ends too early"));
  }

  NodePtr reject(Error error) {
    if (!error_) error_ = std::move(error);
    return nullptr;
  }

  const std::vector<Token>& tokens_;
  const ExpressionScope& scope_;
  Program& program_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<std::shared_ptr<const Program>> parse_program(std::string_view source, const ExpressionScope& scope,
                                                     std::size_t shift) {
  auto program = std::make_shared<Program>();
  program->source = source;
  auto tokens = tokenize(program->source);
  auto error = tokens ? Parser(*tokens, scope, *program).run() : std::optional(std::move(tokens.error()));
  const int columns = static_cast<int>(shift);
  if (error) {
    error->position.column += columns;
    return tl::unexpected(std::move(*error));
  }
  for (StepReference& reference : program->step_references) reference.position.column += columns;
  return program;
}

}  // namespace ipaas::language
