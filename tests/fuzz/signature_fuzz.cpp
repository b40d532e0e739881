// The first byte picks the scheme, each line up to an empty one is a header, the rest is the body.
#include "core/security/signature.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace ipaas;
using namespace ipaas::security;

constexpr Scheme kSchemes[] = {Scheme::kGithub, Scheme::kStripe, Scheme::kSlack, Scheme::kStandardWebhooks, Scheme::kHmac};
constexpr std::chrono::milliseconds kNow{1'795'000'000'000};

VerifyRule rule_of(std::string_view& input) {
  VerifyRule rule;
  const auto choice = input.empty() ? std::size_t{0} : static_cast<unsigned char>(input.front());
  if (!input.empty()) input.remove_prefix(1);
  rule.scheme = kSchemes[choice % std::size(kSchemes)];
  if (choice & 8U) rule.encoding = "base64";
  if (choice & 16U) {
    rule.timestamp_header = "X-Timestamp";
    rule.payload = "{timestamp}.{body}";
  }
  return rule;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input = fuzz::text_of(data, size);
  const VerifyRule rule = rule_of(input);
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  for (auto line = fuzz::take_until(input, '\n'); !line.empty(); line = fuzz::take_until(input, '\n')) {
    const std::string_view name = fuzz::take_until(line, ':');
    headers.emplace_back(name, line);
  }
  const Secret secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  const Instant now{kNow};
  const auto verified = verify(rule, {secret}, SignedRequest{input, headers}, now);
  fuzz::require(!verified, "nobody can sign without the secret");
  fuzz::require(!verified.error().code.empty(), "a refusal has a code");

  const auto good = sign(rule, secret, input, "msg_1", now);
  if (!good) return 0;
  const std::vector<std::pair<std::string_view, std::string_view>> views(good->begin(), good->end());
  fuzz::require(verify(rule, {secret}, SignedRequest{input, views}, now).has_value(), "what was signed is accepted");
  return 0;
}
