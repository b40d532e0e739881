// A YAML value whose scalars may hold expressions.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/json.h"
#include "core/language/expression/template.h"

namespace ipaas::language {

/// Immutable, cheap to move; thread-safe.
class TemplateTree {
 public:
  using Members = std::vector<std::pair<std::string, TemplateTree>>;
  using Items = std::vector<TemplateTree>;

  TemplateTree() = default;  ///< null
  explicit TemplateTree(Json literal) : node_(std::move(literal)) {}
  explicit TemplateTree(Template text) : node_(std::move(text)) {}
  explicit TemplateTree(Members members) : node_(std::move(members)) {}
  explicit TemplateTree(Items items) : node_(std::move(items)) {}

  /// No expression anywhere in it.
  [[nodiscard]] bool is_literal() const;

  /// All expressions evaluated, within one budget for the whole tree. The result of an expression is never parsed again.
  [[nodiscard]] Result<Json> evaluate(const EvalContext& context, EvalLimits limits) const;

  /// Calls the visitor with the Json, Template, Members or Items that it is.
  template <typename Visitor>
  decltype(auto) visit(const Visitor& visitor) const {
    return std::visit(visitor, node_);
  }

 private:
  std::variant<Json, Template, Members, Items> node_;
};

}  // namespace ipaas::language
