// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
#include <array>

#include "core/base/encoding.h"
#include "core/security/signatures/scheme.h"

namespace ipaas::security::signatures {
namespace {

constexpr std::string_view kHeader = "X-Hub-Signature-256";
constexpr std::string_view kPrefix = "sha256=";

}  // namespace

Result<void> verify_github(const VerifyRule&, const Secrets& secrets, const SignedRequest& request, Instant) {
  if (request.count(kHeader) == 0 && request.count("X-Hub-Signature") != 0) {
    return refuse("signature_missing", "the request has only X-Hub-Signature (SHA-1), which is not accepted");
  }
  const Result<std::string_view> value = only(request, kHeader);
  if (!value) return tl::unexpected(value.error());
  const std::optional<std::string> digest =
      value->starts_with(kPrefix) ? hex_decode(value->substr(kPrefix.size())) : std::nullopt;
  if (!digest) return refuse("signature_malformed", "X-Hub-Signature-256 is not sha256= and hexadecimal digits");
  return match(Digest::kSha256, secrets, std::array{request.body}, std::array{*digest});
}

Result<Signature> sign_github(const VerifyRule&, const Secret& secret, const Outgoing& outgoing, Instant) {
  Headers headers;
  headers.emplace_back(kHeader, std::string(kPrefix) +
                                    hex_encode(hmac(Digest::kSha256, secret.reveal(), std::array{outgoing.body}).view()));
  if (!outgoing.id.empty()) headers.emplace_back("X-GitHub-Delivery", outgoing.id);
  return Signature{std::move(headers)};
}

}  // namespace ipaas::security::signatures
