// yaml-cpp's events -> our tree, for one document.
#pragma once

#include <yaml-cpp/eventhandler.h>

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/language/yaml/columns.h"
#include "core/language/yaml/node.h"
#include "core/language/yaml/reader.h"
#include "core/language/yaml/syntax_error.h"

namespace ipaas::language::yaml {

/// Thrown through yaml-cpp, which knows no other way to be stopped; the reader catches it.
struct StopReading {
  Error error;
};

/// Collects errors, and throws StopReading only where going on would cost too much or mean nothing.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, const Limits& limits, std::vector<Error>& errors)
      : text_(text), limits_(limits), errors_(errors), columns_(text) {}

  /// Makes ready for the next document.
  void begin();
  /// The document that has been read.
  [[nodiscard]] Document take() { return std::move(document_); }
  [[nodiscard]] std::optional<std::size_t> start() const { return start_; }
  [[nodiscard]] Columns& columns() { return columns_; }
  [[nodiscard]] FlowOpening innermost_flow() const;

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    Node* node;
    YAML::anchor_t anchor;
    bool flow;
    std::optional<Entry> key;  ///< of a mapping: read, its value not yet
  };

  void refuse(SourcePosition position, std::string code, std::string message, std::string hint = {});
  [[noreturn]] void stop(SourcePosition position, std::string code, std::string message, std::string hint = {});
  void check_tag(const YAML::Mark& mark, const std::string& tag, std::size_t content);
  void check_closed(const Node& node, std::size_t content);
  Node& add(const YAML::Mark& mark, std::size_t offset, Node::Value value);
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, bool flow, Node::Value value);
  void close();
  void place(const Node& node, SourcePosition used_at);
  void take_key(const Node& node, SourcePosition used_at);
  void check_duplicates(const Node::Entries& entries);
  [[nodiscard]] bool awaits_key() const;
  [[nodiscard]] std::size_t content_offset(const YAML::Mark& mark) const;
  [[nodiscard]] SourcePosition place_of_nothing(const YAML::Mark& mark);

  std::string_view text_;
  const Limits& limits_;
  std::vector<Error>& errors_;
  Columns columns_;
  Document document_;
  std::optional<std::size_t> start_;  ///< byte at which the document begins
  std::vector<Level> levels_;
  std::unordered_map<YAML::anchor_t, const Node*> anchored_;  ///< complete ones
  std::size_t alias_nodes_ = 0;
};

}  // namespace ipaas::language::yaml
