// Reading the mappings of a manifest, one key at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/connectors/manifest.h"
#include "core/language/expression/expression.h"
#include "core/language/template_tree.h"
#include "core/language/yaml/node.h"

namespace ipaas::connectors {

/// The first thing that is wrong with a manifest. What is read after it does not count.
class ManifestProblem {
 public:
  void set(SourcePosition position, std::string message);
  [[nodiscard]] bool is_set() const { return error_.has_value(); }
  [[nodiscard]] Error take() { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

/// The keys of one mapping. Each is asked for once; `finish` reports those that nobody asked for. Borrows everything.
class ManifestKeys {
 public:
  using Node = language::yaml::Node;
  using Scope = language::ExpressionScope;
  /// Key and value, in the order of the file.
  using Entries = std::vector<std::pair<std::string, const Node*>>;

  /// A `node` that is no mapping is a problem; nullptr is an empty mapping.
  ManifestKeys(const Node* node, std::string what, ManifestProblem& problem);

  /// nullptr where the key is not written.
  [[nodiscard]] const Node* node(std::string_view key);
  [[nodiscard]] std::string text(std::string_view key);
  [[nodiscard]] std::string required_text(std::string_view key);
  [[nodiscard]] bool flag(std::string_view key, bool otherwise);
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  [[nodiscard]] Entries entries(std::string_view key);
  [[nodiscard]] std::optional<language::TemplateTree> tree(std::string_view key, const Scope& scope);
  [[nodiscard]] std::optional<SparseTemplate> sparse(std::string_view key, const Scope& scope);

  [[nodiscard]] SourcePosition position() const;
  [[nodiscard]] ManifestProblem& problem() { return problem_; }
  void refuse(std::string_view key, const std::string& message);
  void finish();

 private:
  const Node* node_;
  std::string what_;
  ManifestProblem& problem_;
  std::vector<std::string> asked_;
};

}  // namespace ipaas::connectors
