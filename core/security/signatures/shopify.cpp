// https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-2-validate-the-origin-of-your-webhook-to-ensure-its-coming-from-shopify
#include <array>

#include "core/base/encoding.h"
#include "core/security/signatures/scheme.h"

namespace ipaas::security::signatures {
namespace {

constexpr std::string_view kHeader = "X-Shopify-Hmac-Sha256";

}  // namespace

Result<void> verify_shopify(const VerifyRule&, const Secrets& secrets, const SignedRequest& request, Instant) {
  const Result<std::string_view> value = only(request, kHeader);
  if (!value) return tl::unexpected(value.error());
  const std::optional<std::string> digest = base64_decode(*value);
  if (!digest || digest->empty()) return refuse("signature_malformed", "X-Shopify-Hmac-Sha256 is not base64");
  return match(Digest::kSha256, secrets, std::array{request.body}, std::array{*digest});
}

Result<Signature> sign_shopify(const VerifyRule&, const Secret& secret, const Outgoing& outgoing, Instant) {
  Headers headers;
  headers.emplace_back(kHeader, base64_encode(hmac(Digest::kSha256, secret.reveal(), std::array{outgoing.body}).view()));
  if (!outgoing.id.empty()) headers.emplace_back("X-Shopify-Event-Id", outgoing.id);
  return Signature{std::move(headers)};
}

}  // namespace ipaas::security::signatures
