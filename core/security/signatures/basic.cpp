// RFC 7617: `Authorization: Basic <base64 of user:password>`.
#include "core/base/encoding.h"
#include "core/security/signatures/scheme.h"

namespace ipaas::security::signatures {
namespace {

constexpr std::string_view kKind = "Basic ";

}  // namespace

Result<void> verify_basic(const VerifyRule&, const Secrets& secrets, const SignedRequest& request, Instant) {
  const Result<std::string_view> encoded = authorization(request, kKind);
  if (!encoded) return tl::unexpected(encoded.error());
  std::optional<std::string> pair = base64_decode(*encoded);
  if (!pair || pair->find(':') == std::string::npos) {
    return refuse("signature_malformed", "Authorization is not Basic and base64 of user:password");
  }
  const bool known = is_one_of(secrets, *pair);
  wipe(*pair);
  if (known) return {};
  return refuse("signature_mismatch", "user and password are not those expected");
}

Result<Signature> sign_basic(const VerifyRule& rule, const Secret& secret, const Outgoing&, Instant) {
  if (auto fits = check_basic_secret(rule, secret); !fits) return tl::unexpected(std::move(fits.error()));
  Headers headers;
  headers.emplace_back("Authorization", std::string(kKind) + base64_encode(secret.reveal()));
  return Signature{std::move(headers)};
}

Result<void> check_basic_secret(const VerifyRule&, const Secret& secret) {
  const std::size_t colon = secret.reveal().find(':');
  if (colon != std::string_view::npos && colon + 1 < secret.reveal().size()) return {};
  return unfit("the secret is not a user and a password", "write user:password, or use a credential of type basic");
}

}  // namespace ipaas::security::signatures
