#include "core/language/yaml/node.h"

#include <algorithm>

#include "core/language/yaml/scalar.h"

namespace ipaas::language::yaml {
namespace {

/// Characters, not bytes, as an editor counts columns.
int characters(std::string_view text) {
  return static_cast<int>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::size_t indentation(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

/// In a literal block every line of the value is a line of the source, behind the indentation of the first.
SourcePosition within_literal(std::string_view block, const Node& scalar, std::string_view value, std::size_t at) {
  const std::size_t header = block.find('\n');
  if (header == std::string_view::npos) return scalar.position();
  std::string_view content = block.substr(header + 1);
  while (!content.empty() && indentation(content.substr(0, content.find('\n'))) == content.find('\n')) {
    content.remove_prefix(content.find('\n') + 1);
  }
  const std::string_view before = value.substr(0, at);
  const auto lines = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const std::string_view last = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
  return {scalar.position().line + 1 + lines, static_cast<int>(indentation(content)) + characters(last) + 1};
}

}  // namespace

const Entry* Node::find(std::string_view key) const {
  if (entries() == nullptr) return nullptr;
  for (const Entry& entry : *entries()) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

SourcePosition position_within(const Document& document, const Node& node, std::size_t at) {
  const Node::Scalar* scalar = node.scalar();
  if (scalar == nullptr || node.offset() >= document.text.size() || at > scalar->text.size()) return node.position();
  std::string_view written = document.text.substr(node.offset());
  if (!scalar->plain && written.front() == '|') return within_literal(written, node, scalar->text, at);
  if (!scalar->plain && written.front() == '>') return node.position();

  const int quote = scalar->plain ? 0 : 1;
  written.remove_prefix(static_cast<std::size_t>(quote));
  const std::string_view before = std::string_view(scalar->text).substr(0, at);
  // An escape or a fold in front of it makes the value differ from what is written.
  if (!written.starts_with(before)) return node.position();
  return {node.position().line, node.position().column + quote + characters(before)};
}

std::string_view describe(const Node& node) {
  if (node.is_null()) return "empty";
  if (node.items() != nullptr) return "a list";
  if (node.entries() != nullptr) return "a mapping";
  const Json value = resolve(*node.scalar());
  if (value.is_boolean()) return "a boolean";
  return value.is_number() ? "a number" : "text";
}

}  // namespace ipaas::language::yaml
