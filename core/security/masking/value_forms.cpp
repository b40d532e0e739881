#include "core/security/masking/value_forms.h"

#include "core/base/json.h"
#include "core/security/masking/encoded_forms.h"
#include "core/security/masking/key_names.h"

namespace ipaas::security::masking {
namespace {

using Texts = std::set<std::string>;

constexpr std::string_view kBlanks = " \t\r\n\v\f";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

void add_lines(std::string_view value, Texts& texts) {
  if (value.find('\n') == std::string_view::npos) return;
  while (!value.empty()) {
    const std::size_t end = std::min(value.find('\n'), value.size());
    const std::string_view line = trimmed(value.substr(0, end));
    // The frame of a PEM file is no secret, and in every other PEM file too.
    if (line.size() >= kShortestEncoded && !line.starts_with("-----")) texts.emplace(line);
    value.remove_prefix(std::min(end + 1, value.size()));
  }
}

/// Strings and numbers in a document that is a secret as a whole: from 8 characters on, or under a name that says that it is
/// secret; else every "prod" and "json" would be masked.
void add_leaves(const Json& node, std::string_view key, Texts& texts) {
  if (node.is_structured()) {
    for (const auto& [name, child] : node.items()) add_leaves(child, node.is_object() ? std::string_view(name) : key, texts);
    return;
  }
  if (!node.is_string() && !node.is_number()) return;
  const std::string leaf = node.is_string() ? node.get<std::string>() : node.dump();
  if (leaf.size() < (is_secret_name(key) ? kShortestSecret : kShortestEncoded)) return;
  texts.insert(leaf);
  add_lines(leaf, texts);
}

void add_leaves_of_document(std::string_view value, Texts& texts) {
  const std::string_view text = trimmed(value);
  if (!text.starts_with('{') && !text.starts_with('[')) return;
  if (const Result<Json> document = parse_json(text)) add_leaves(*document, {}, texts);
}

}  // namespace

std::set<std::string> forms_of(std::string_view value) {
  if (value.size() < kShortestSecret) return {};
  Texts texts{std::string(value)};
  if (const std::string_view inner = trimmed(value); inner.size() >= kShortestSecret) texts.emplace(inner);
  add_lines(value, texts);
  add_leaves_of_document(value, texts);
  Texts forms = texts;
  for (const std::string& text : texts) {
    if (text.size() < kShortestEncoded) continue;
    add_base64(text, forms);
    add_hex(text, forms);
    add_url(text, forms);
    add_json(text, forms);
    add_xml(text, forms);
  }
  return forms;
}

}  // namespace ipaas::security::masking
