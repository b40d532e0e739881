#include "cli/secret_literals.h"

#include <memory>

#include "core/language/yaml/reader.h"
#include "core/security/masker.h"

namespace ipaas::cli {
namespace {

constexpr std::size_t kShortestSecret = 4;  // shorter values are refused as credentials

std::string without_expressions(std::string_view text) {
  std::string rest;
  while (true) {
    const std::size_t open = text.find("${{");
    rest += text.substr(0, open);
    if (open == std::string_view::npos) return rest;
    const std::size_t close = text.find("}}", open);
    if (close == std::string_view::npos) return rest;
    text.remove_prefix(close + 2);
  }
}

void gather(const language::yaml::Node& node, bool secret, const security::Masker& masker, std::vector<Secret>& values) {
  if (const auto* items = node.items()) {
    for (const auto* item : *items) gather(*item, secret, masker, values);
  } else if (const auto* entries = node.entries()) {
    for (const auto& entry : *entries) gather(*entry.value, secret || masker.is_secret_name(entry.key), masker, values);
  } else if (const auto* scalar = node.scalar(); secret && scalar != nullptr) {
    const bool literal = without_expressions(scalar->text).size() == scalar->text.size();
    if (literal && scalar->text.size() >= kShortestSecret) values.emplace_back(scalar->text);
  }
}

}  // namespace

security::Masker workflow_masker(const std::vector<std::string_view>& texts) {
  const security::MaskingRules rules{.workflow = true};
  const security::Masker by_name(rules);
  std::vector<Secret> values;
  for (const std::string_view text : texts) {
    const auto stream = language::yaml::read(text);
    for (const auto& document : stream.documents) {
      if (document.root != nullptr) gather(*document.root, false, by_name, values);
    }
  }
  return security::Masker(values, rules);
}

language::SecretTest secret_test() {
  const auto masker = std::make_shared<const security::Masker>(security::MaskingRules{.workflow = true});
  return [masker](std::string_view key, std::string_view text) {
    const std::string literal = without_expressions(text);
    if (literal.size() < kShortestSecret) return false;
    const bool by_key = literal.size() == text.size() && masker->is_secret_name(key);
    return by_key || masker->mask(literal) != literal;
  };
}

}  // namespace ipaas::cli
