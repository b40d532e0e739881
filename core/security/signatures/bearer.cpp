// RFC 6750: `Authorization: Bearer <token>`.
#include "core/security/signatures/scheme.h"

namespace ipaas::security::signatures {
namespace {

constexpr std::string_view kKind = "Bearer ";

}  // namespace

Result<void> verify_bearer(const VerifyRule&, const Secrets& secrets, const SignedRequest& request, Instant) {
  const Result<std::string_view> token = authorization(request, kKind);
  if (!token) return tl::unexpected(token.error());
  if (is_one_of(secrets, *token)) return {};
  return refuse("signature_mismatch", "the bearer token is not the one expected");
}

Result<Signature> sign_bearer(const VerifyRule&, const Secret& secret, const Outgoing&, Instant) {
  Headers headers;
  headers.emplace_back("Authorization", std::string(kKind) + std::string(secret.reveal()));
  return Signature{std::move(headers)};
}

}  // namespace ipaas::security::signatures
