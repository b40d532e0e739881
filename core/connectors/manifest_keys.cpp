#include "core/connectors/manifest_keys.h"

#include <algorithm>

#include "core/language/suggest.h"
#include "core/language/yaml/scalar.h"

namespace ipaas::connectors {
namespace {

using language::ExpressionScope;
using language::Template;
using language::TemplateTree;
using language::yaml::Node;

TemplateTree scalar_tree(const Node& node, const ExpressionScope& scope, ManifestProblem& problem) {
  Json value = language::yaml::resolve(*node.scalar());
  if (!value.is_string()) return TemplateTree(std::move(value));
  auto text = Template::parse(value.get_ref<const std::string&>(), scope);
  if (text) return TemplateTree(std::move(*text));
  problem.set(node.position(), text.error().message);
  return {};
}

TemplateTree read_tree(const Node& node, const ExpressionScope& scope, ManifestProblem& problem) {
  if (node.scalar() != nullptr) return scalar_tree(node, scope, problem);
  if (const auto* items = node.items()) {
    TemplateTree::Items read;
    for (const Node* item : *items) read.push_back(read_tree(*item, scope, problem));
    return TemplateTree(std::move(read));
  }
  if (const auto* entries = node.entries()) {
    TemplateTree::Members members;
    for (const auto& entry : *entries) members.emplace_back(entry.key, read_tree(*entry.value, scope, problem));
    return TemplateTree(std::move(members));
  }
  return {};
}

Json shape_of(const Node& node) {
  const auto* entries = node.entries();
  if (entries == nullptr) return {};
  Json shape = Json::object();
  for (const auto& entry : *entries) shape[entry.key] = shape_of(*entry.value);
  return shape;
}

}  // namespace

void ManifestProblem::set(SourcePosition position, std::string message) {
  if (error_) return;
  error_ = Error{.kind = ErrorKind::kInternal, .message = std::move(message), .code = "bad_manifest", .position = position};
}

ManifestKeys::ManifestKeys(const Node* node, std::string what, ManifestProblem& problem)
    : node_(node), what_(std::move(what)), problem_(problem) {
  if (node_ == nullptr || node_->entries() != nullptr) return;
  problem_.set(node_->position(), what_ + " is not a mapping");
  node_ = nullptr;
}

SourcePosition ManifestKeys::position() const { return node_ == nullptr ? SourcePosition{} : node_->position(); }

void ManifestKeys::refuse(std::string_view key, const std::string& message) {
  const auto* entry = node_ == nullptr ? nullptr : node_->find(key);
  problem_.set(entry == nullptr ? position() : entry->position, "`" + std::string(key) + "` of " + what_ + " " + message);
}

const Node* ManifestKeys::node(std::string_view key) {
  asked_.emplace_back(key);
  const auto* entry = node_ == nullptr ? nullptr : node_->find(key);
  return entry == nullptr || entry->value->is_null() ? nullptr : entry->value;
}

std::string ManifestKeys::text(std::string_view key) {
  const auto* value = node(key);
  if (value == nullptr) return {};
  if (value->scalar() != nullptr) return value->scalar()->text;
  refuse(key, "is not a text");
  return {};
}

std::string ManifestKeys::required_text(std::string_view key) {
  auto value = text(key);
  if (value.empty()) refuse(key, "is missing");
  return value;
}

bool ManifestKeys::flag(std::string_view key, bool otherwise) {
  const auto* value = node(key);
  if (value == nullptr) return otherwise;
  if (value->scalar() != nullptr) {
    if (const Json flag = language::yaml::resolve(*value->scalar()); flag.is_boolean()) return flag.get<bool>();
  }
  refuse(key, "is neither true nor false");
  return otherwise;
}

std::vector<std::string> ManifestKeys::texts(std::string_view key) {
  const auto* value = node(key);
  if (value == nullptr) return {};
  if (value->scalar() != nullptr) return {value->scalar()->text};
  std::vector<std::string> read;
  if (value->items() == nullptr) refuse(key, "is not a list");
  for (const auto* item : value->items() == nullptr ? Node::Items{} : *value->items()) {
    if (item->scalar() == nullptr) {
      refuse(key, "holds something that is not a text");
    } else {
      read.push_back(item->scalar()->text);
    }
  }
  return read;
}

ManifestKeys::Entries ManifestKeys::entries(std::string_view key) {
  const auto* value = node(key);
  if (value == nullptr) return {};
  Entries read;
  if (value->entries() == nullptr) refuse(key, "is not a mapping");
  for (const auto& entry : value->entries() == nullptr ? Node::Entries{} : *value->entries()) {
    read.emplace_back(entry.key, entry.value);
  }
  return read;
}

std::optional<TemplateTree> ManifestKeys::tree(std::string_view key, const Scope& scope) {
  const auto* value = node(key);
  if (value == nullptr) return std::nullopt;
  return read_tree(*value, scope, problem_);
}

std::optional<SparseTemplate> ManifestKeys::sparse(std::string_view key, const Scope& scope) {
  const auto* value = node(key);
  if (value == nullptr) return std::nullopt;
  return SparseTemplate{read_tree(*value, scope, problem_), shape_of(*value)};
}

void ManifestKeys::finish() {
  if (node_ == nullptr) return;
  const std::vector<std::string_view> known(asked_.begin(), asked_.end());
  for (const auto& entry : *node_->entries()) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    const auto hint = language::did_you_mean(entry.key, known);
    problem_.set(entry.position, what_ + " has no key `" + entry.key + "`" + (hint.empty() ? "" : ": " + hint));
  }
}

}  // namespace ipaas::connectors
