#include "cli/secret_literals.h"

#include <memory>

#include "core/security/masker.h"
#include "core/security/masking/key_names.h"

namespace ipaas::cli {
namespace {

constexpr std::size_t kShortestSecret = 4;  // shorter values are refused as credentials

/// The name of a credential is no secret.
constexpr std::string_view kCredentialKey = "credential";

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

}  // namespace

language::SecretTest secret_test() {
  const auto masker = std::make_shared<const security::Masker>();
  return [masker](std::string_view key, std::string_view text) {
    const std::string literal = without_expressions(text);
    if (literal.size() < kShortestSecret || key == kCredentialKey) return false;
    const bool by_key = literal.size() == text.size() && security::masking::is_secret_name(key);
    return by_key || masker->mask(literal) != literal;
  };
}

}  // namespace ipaas::cli
