#include "core/language/template_tree.h"

#include <algorithm>

#include "core/language/expression/evaluation.h"

namespace ipaas::language {
namespace {

/// One evaluation for the whole tree: what an early expression has spent, a later one cannot spend again.
class TreeEvaluator {
 public:
  explicit TreeEvaluator(Evaluation& evaluation) : evaluation_(evaluation) {}

  Result<Json> operator()(const Json& literal) const { return literal; }

  Result<Json> operator()(const Template& text) const { return text.evaluate(evaluation_); }

  Result<Json> operator()(const TemplateTree::Members& members) const {
    Json object = Json::object();
    // As a vector it is appended to without a search for an equal key, which the parser has ruled out.
    std::vector<std::pair<const std::string, Json>>& to = object.get_ref<Json::object_t&>();
    to.reserve(members.size());
    for (const auto& [key, member] : members) {
      auto value = member.visit(*this);
      if (!value) return value;
      to.emplace_back(key, std::move(*value));
    }
    return object;
  }

  Result<Json> operator()(const TemplateTree::Items& items) const {
    Json array = Json::array();
    for (const TemplateTree& item : items) {
      auto value = item.visit(*this);
      if (!value) return value;
      array.push_back(std::move(*value));
    }
    return array;
  }

 private:
  Evaluation& evaluation_;
};

struct LiteralCheck {
  bool operator()(const Json&) const { return true; }
  bool operator()(const Template& text) const { return text.is_literal(); }
  bool operator()(const TemplateTree::Members& members) const {
    return std::all_of(members.begin(), members.end(), [](const auto& member) { return member.second.is_literal(); });
  }
  bool operator()(const TemplateTree::Items& items) const {
    return std::all_of(items.begin(), items.end(), [](const TemplateTree& item) { return item.is_literal(); });
  }
};

}  // namespace

bool TemplateTree::is_literal() const { return visit(LiteralCheck()); }

Result<Json> TemplateTree::evaluate(const EvalContext& context, EvalLimits limits) const {
  Evaluation evaluation(context, limits);
  return visit(TreeEvaluator(evaluation));
}

}  // namespace ipaas::language
