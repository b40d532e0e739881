#include "core/security/masking/token_patterns.h"

#include <array>

#include "core/security/masking/structured_tokens.h"
#include "core/security/masking/token_text.h"

namespace ipaas::security::masking {
namespace {

enum class Start {
  kAnywhere,  ///< the literal is proof enough
  kOfWord,    ///< `sk-` is the end of `task-` too
};

/// A token that is a literal and at least `least` more bytes of a kind.
struct PrefixToken {
  std::string_view literal;
  Bytes bytes;
  std::size_t least;
  Start start = Start::kAnywhere;
};

constexpr std::array kPrefixTokens = {
    PrefixToken{"ghp_", Bytes::kWord, 20},  // GitHub
    PrefixToken{"gho_", Bytes::kWord, 20},
    PrefixToken{"ghu_", Bytes::kWord, 20},
    PrefixToken{"ghs_", Bytes::kWord, 20},
    PrefixToken{"ghr_", Bytes::kWord, 20},
    PrefixToken{"github_pat_", Bytes::kWord, 20},
    PrefixToken{"glpat-", Bytes::kUrlSafe, 16},  // GitLab
    PrefixToken{"gldt-", Bytes::kUrlSafe, 16},
    PrefixToken{"glrt-", Bytes::kUrlSafe, 16},
    PrefixToken{"xoxa-", Bytes::kUrlSafe, 8},  // Slack
    PrefixToken{"xoxb-", Bytes::kUrlSafe, 8},
    PrefixToken{"xoxc-", Bytes::kUrlSafe, 8},
    PrefixToken{"xoxd-", Bytes::kUrlSafe, 8},
    PrefixToken{"xoxe-", Bytes::kUrlSafe, 8},
    PrefixToken{"xoxe.xox", Bytes::kUrlSafe, 8},
    PrefixToken{"xoxp-", Bytes::kUrlSafe, 8},
    PrefixToken{"xoxr-", Bytes::kUrlSafe, 8},
    PrefixToken{"xoxs-", Bytes::kUrlSafe, 8},
    PrefixToken{"xapp-", Bytes::kUrlSafe, 8},
    PrefixToken{"hooks.slack.com/services/", Bytes::kPath, 1},
    PrefixToken{"hooks.slack.com/workflows/", Bytes::kPath, 1},
    PrefixToken{"hooks.slack.com/triggers/", Bytes::kPath, 1},
    PrefixToken{"hooks.slack.com\\/services\\/", Bytes::kPath, 1},
    PrefixToken{"discord.com/api/webhooks/", Bytes::kPath, 1},
    PrefixToken{"discordapp.com/api/webhooks/", Bytes::kPath, 1},
    PrefixToken{"discord.com\\/api\\/webhooks\\/", Bytes::kPath, 1},
    PrefixToken{"sk_live_", Bytes::kWord, 8},  // Stripe
    PrefixToken{"sk_test_", Bytes::kWord, 8},
    PrefixToken{"rk_live_", Bytes::kWord, 8},
    PrefixToken{"rk_test_", Bytes::kWord, 8},
    PrefixToken{"whsec_", Bytes::kBase64, 16},
    PrefixToken{"AKIA", Bytes::kUpper, 16, Start::kOfWord},  // AWS
    PrefixToken{"ASIA", Bytes::kUpper, 16, Start::kOfWord},
    PrefixToken{"ABIA", Bytes::kUpper, 16, Start::kOfWord},
    PrefixToken{"AIza", Bytes::kUrlSafe, 30},  // Google
    PrefixToken{"GOCSPX-", Bytes::kUrlSafe, 20},
    PrefixToken{"ya29.", Bytes::kUrlSafe, 20},
    PrefixToken{"sk-", Bytes::kUrlSafe, 20, Start::kOfWord},  // OpenAI, Anthropic (sk-ant-) and others
    PrefixToken{"xai-", Bytes::kUrlSafe, 20, Start::kOfWord},
    PrefixToken{"gsk_", Bytes::kWord, 20, Start::kOfWord},
    PrefixToken{"hf_", Bytes::kWord, 30, Start::kOfWord},
    PrefixToken{"npm_", Bytes::kWord, 30, Start::kOfWord},
    PrefixToken{"pypi-Ag", Bytes::kUrlSafe, 14},
    PrefixToken{"pypi-", Bytes::kUrlSafe, 40, Start::kOfWord},
    PrefixToken{"dop_v1_", Bytes::kWord, 32},  // DigitalOcean
    PrefixToken{"shpat_", Bytes::kWord, 20},   // Shopify
    PrefixToken{"shpss_", Bytes::kWord, 20},
    PrefixToken{"sq0atp-", Bytes::kUrlSafe, 20},  // Square
    PrefixToken{"sq0csp-", Bytes::kUrlSafe, 20},
    PrefixToken{"hvs.", Bytes::kUrlSafe, 20, Start::kOfWord},  // Vault
    PrefixToken{"glsa_", Bytes::kWord, 20},                    // Grafana
    PrefixToken{"lin_api_", Bytes::kWord, 20},                 // Linear
    PrefixToken{"ATATT3", Bytes::kBase64, 20},                 // Atlassian
    PrefixToken{"AGE-SECRET-KEY-1", Bytes::kUpper, 30},
};

std::optional<Span> prefix_token_at(const PrefixToken& token, std::string_view text, std::size_t at) {
  if (token.start == Start::kOfWord && !starts_word(text, at)) return std::nullopt;
  const std::size_t begin = at + token.literal.size();
  const std::size_t end = end_of(text, begin, token.bytes);
  if (end - begin < token.least) return std::nullopt;
  // The address of a hook says where it goes; its path is the secret.
  return Span{token.bytes == Bytes::kPath ? begin : at, end};
}

/// A literal that is shorter than the index can find stands for itself with each byte that can follow it.
void add_prefix_anchors(std::uint32_t rule, std::vector<TokenAnchor>& anchors) {
  const PrefixToken& token = kPrefixTokens.at(rule);
  if (token.literal.size() >= LiteralIndex::kWindow) {
    anchors.push_back({std::string(token.literal), Letters::kExact, rule});
    return;
  }
  for (int byte = 0; byte < 128; ++byte) {
    const char next = static_cast<char>(byte);
    if (is_of(token.bytes, next)) anchors.push_back({std::string(token.literal) + next, Letters::kExact, rule});
  }
}

}  // namespace

std::vector<TokenAnchor> token_anchors() {
  std::vector<TokenAnchor> anchors;
  for (std::uint32_t rule = 0; rule < kPrefixTokens.size(); ++rule) add_prefix_anchors(rule, anchors);
  auto rule = static_cast<std::uint32_t>(kPrefixTokens.size());
  for (const StructuredToken& token : structured_tokens()) {
    for (std::string& literal : token.anchors()) anchors.push_back({std::move(literal), token.letters, rule});
    ++rule;
  }
  return anchors;
}

std::optional<Span> token_at(std::uint32_t rule, std::string_view text, std::size_t at) {
  if (rule < kPrefixTokens.size()) return prefix_token_at(kPrefixTokens.at(rule), text, at);
  return structured_tokens()[rule - kPrefixTokens.size()].find(text, at);
}

}  // namespace ipaas::security::masking
