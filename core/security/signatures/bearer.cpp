// RFC 6750: `Authorization: Bearer <token>`.
#include <strings.h>

#include "core/security/signatures/scheme.h"

namespace ipaas::security::signatures {
namespace {

constexpr std::string_view kHeader = "Authorization";
constexpr std::string_view kScheme = "Bearer ";

/// Compares digests, so that not even the token's length shows in the time.
bool same(const Secret& secret, std::string_view token) {
  return digest(Digest::kSha256, secret.reveal()).equals(digest(Digest::kSha256, token).view());
}

}  // namespace

Result<void> verify_bearer(const VerifyRule&, const Secrets& secrets, const SignedRequest& request, Instant) {
  const Result<std::string_view> value = only(request, kHeader);
  if (!value) return tl::unexpected(value.error());
  if (value->size() <= kScheme.size() || ::strncasecmp(value->data(), kScheme.data(), kScheme.size()) != 0) {
    return refuse("signature_malformed", "Authorization is not Bearer and a token");
  }
  const std::string_view token = value->substr(value->find_first_not_of(' ', kScheme.size()));
  for (const Secret& secret : secrets) {
    if (!secret.empty() && same(secret, token)) return {};
  }
  return refuse("signature_mismatch", "the bearer token is not the one expected");
}

Result<Headers> sign_bearer(const VerifyRule&, const Secret& secret, std::string_view, std::string_view, Instant) {
  Headers headers;
  headers.emplace_back(kHeader, std::string(kScheme) + std::string(secret.reveal()));
  return headers;
}

}  // namespace ipaas::security::signatures
