#include "core/security/signature_options.h"

#include <algorithm>
#include <array>

#include "core/base/time_text.h"

namespace ipaas::security {
namespace {

constexpr std::array<std::string_view, 7> kHmacKeys = {"algorithm",        "header",    "encoding", "prefix",
                                                       "timestamp-header", "tolerance", "payload"};
constexpr std::array<std::string_view, 4> kJwtKeys = {"algorithm", "audience", "issuer", "leeway"};

struct TextOption {
  std::string_view key;
  std::string VerifyRule::*member;
};

constexpr std::array<TextOption, 8> kTexts{{{"algorithm", &VerifyRule::algorithm},
                                            {"header", &VerifyRule::header},
                                            {"encoding", &VerifyRule::encoding},
                                            {"prefix", &VerifyRule::prefix},
                                            {"timestamp-header", &VerifyRule::timestamp_header},
                                            {"payload", &VerifyRule::payload},
                                            {"audience", &VerifyRule::audience},
                                            {"issuer", &VerifyRule::issuer}}};

}  // namespace

std::span<const std::string_view> option_keys(Scheme scheme) {
  if (scheme == Scheme::kHmac) return kHmacKeys;
  if (scheme == Scheme::kJwt) return kJwtKeys;
  return {};
}

Result<void> set_option(VerifyRule& rule, std::string_view key, const std::string& value) {
  const auto keys = option_keys(rule.scheme);
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
    return fail(ErrorKind::kInvalid, "the scheme " + std::string(scheme_name(rule.scheme)) + " has no " + std::string(key), {}, "verify_rule");
  }
  for (const TextOption& option : kTexts) {
    if (option.key != key) continue;
    rule.*option.member = value;
    return {};
  }
  const auto duration = parse_duration(value);
  if (!duration) {
    return fail(ErrorKind::kInvalid, std::string(key) + " is no duration", "write one such as 30s or 5m", "verify_rule");
  }
  (key == "leeway" ? rule.leeway : rule.tolerance) = *duration;
  return {};
}

}  // namespace ipaas::security
