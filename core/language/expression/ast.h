// What an expression is after parsing.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/language/expression/expression.h"
#include "core/language/expression/pattern.h"

namespace ipaas::language {

struct Function;
struct Node;
using NodePtr = std::unique_ptr<const Node>;

struct Literal { Json value; };
struct ContextAccess { std::string name; };
/// A parameter of a lambda around it, by its place among the parameters of all lambdas around it.
struct VariableAccess { std::size_t slot; };
/// `object.key`, `object['key']`
struct PropertyAccess { NodePtr object; std::string key; };
/// `object[index]`
struct IndexAccess { NodePtr object; NodePtr index; };
/// `object.*`, `object[*]`
struct Filter { NodePtr object; };
struct Negation { NodePtr operand; };

enum class CompareOperator { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };

/// `a == b != c`: left to right. A list and not a tree, since nothing limits its length but the source's.
struct Comparison {
  NodePtr first;
  std::vector<std::pair<CompareOperator, NodePtr>> rest;
};

/// `a && b && c`, `a || b || c`: the operand that decides is the value.
struct Logical { bool is_and; std::vector<NodePtr> operands; };

/// `x => body`, `(acc, x) => body`; only ever an argument of a call.
struct Lambda {
  std::size_t first_slot;
  std::size_t parameters;
  NodePtr body;
};

struct FunctionCall {
  const Function* function;
  std::vector<NodePtr> arguments;
  SourcePosition position;                       ///< of its name
  std::shared_ptr<const Pattern> pattern = {};   ///< of an argument that is a literal pattern
};

struct StatusCall { std::string_view name; };

struct Node {
  std::variant<Literal, ContextAccess, VariableAccess, PropertyAccess, IndexAccess, Filter, Negation, Comparison, Logical,
               FunctionCall, Lambda, StatusCall>
      is;
};

/// All of an expression.
struct Program {
  std::string source;
  NodePtr root;  ///< never null
  References references;
  bool uses_status_function = false;
};

}  // namespace ipaas::language
