// The parser's inside, for parser.cpp and calls.cpp alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/language/expression/ast.h"
#include "core/language/expression/lexer.h"

namespace ipaas::language {

template <typename Is>
NodePtr make_node(Is is) {
  return std::make_unique<const Node>(Node{std::move(is)});
}

/// Recursive descent, one method a level of precedence, from `||` down to names. Every method returns null after an
/// error, which is kept in `error_`.
class Parser {
 public:
  Parser(const std::vector<Token>& tokens, const ExpressionScope& scope, std::size_t shift, Program& program)
      : tokens_(tokens), scope_(scope), shift_(shift), program_(program) {}

  /// Fills in the program; positions of what it holds are shifted, that of an error is not.
  std::optional<Error> run();

 private:
  bool descend();
  void ascend(int levels = 1) { depth_ -= levels; }

  NodePtr expression();
  NodePtr logical(TokenKind connective);
  NodePtr comparison(bool equality);
  NodePtr unary();
  NodePtr indexed();
  NodePtr property(NodePtr object);
  NodePtr subscript(NodePtr object);
  NodePtr access(NodePtr object, std::string key, std::size_t offset);
  NodePtr primary();
  NodePtr literal(Json value);
  NodePtr group();
  NodePtr name();
  NodePtr context(std::string_view name, std::size_t offset);

  // calls.cpp
  NodePtr call(const Token& name);
  NodePtr status_call(std::string_view name, const Token& token, std::size_t arguments);
  bool read_arguments(std::vector<NodePtr>& arguments, std::vector<const Token*>& begins);
  bool check_count(const Function& function, const Token& token, std::size_t count);
  bool check_arguments(FunctionCall& call, const Token& token, const std::vector<const Token*>& begins);
  bool check_lambda(const FunctionCall& call, std::size_t index, const Token& begin);
  bool compile_pattern(FunctionCall& call, std::size_t index, const Token& begin);
  [[nodiscard]] std::size_t lambda_length() const;
  NodePtr lambda(std::size_t length);
  bool read_parameter(const Token& token, std::size_t first);
  NodePtr wrong_arguments(const Token& token, std::string message, std::string hint = {});
  [[nodiscard]] std::optional<std::size_t> variable(std::string_view name) const;
  [[nodiscard]] ExpressionScope scope_with_variables() const;

  [[nodiscard]] const Token& peek() const { return tokens_[at_]; }
  const Token& next() { return tokens_[at_++]; }
  bool accept(TokenKind kind);
  bool expect(TokenKind kind);
  NodePtr unexpected();
  NodePtr reject(Error error);
  [[nodiscard]] SourcePosition position(std::size_t offset) const { return {1, static_cast<int>(offset + shift_) + 1}; }

  const std::vector<Token>& tokens_;
  const ExpressionScope& scope_;
  const std::size_t shift_;
  Program& program_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::size_t pattern_instructions_ = 0;
  std::vector<std::string_view> variables_;  ///< the parameters of the lambdas around this place, outermost first
  std::optional<Error> error_;
};

}  // namespace ipaas::language
