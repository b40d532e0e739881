// For senders that can sign nothing: the last part of the path is the secret (W3C "Good Practices for Capability URLs").
#include "core/security/signatures/scheme.h"

namespace ipaas::security::signatures {
namespace {

constexpr std::size_t kShortest = 32;
/// RFC 3986, section 2.3: what no proxy rewrites.
constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

bool is_token(std::string_view text) {
  return text.size() >= kShortest && text.find_first_not_of(kUnreserved) == std::string_view::npos;
}

}  // namespace

Result<void> verify_url_token(const VerifyRule&, const Secrets& secrets, const SignedRequest& request, Instant) {
  const std::string_view path = request.url.substr(0, request.url.find_first_of("?#"));
  const std::string_view token = path.substr(path.rfind('/') + 1);
  if (path.find('/') == std::string_view::npos || token.empty()) {
    return refuse("signature_missing", "the path does not end in a token");
  }
  if (!is_token(token)) return refuse("signature_malformed", "the path does not end in 32 or more of A-Z a-z 0-9 . _ ~ -");
  if (is_one_of(secrets, token)) return {};
  return refuse("signature_mismatch", "the token in the path is not the one expected");
}

Result<Signature> sign_url_token(const VerifyRule& rule, const Secret& secret, const Outgoing& outgoing, Instant) {
  if (auto fits = check_url_token_secret(rule, secret); !fits) return tl::unexpected(std::move(fits.error()));
  std::string url(outgoing.url.substr(0, outgoing.url.find_first_of("?#")));
  const std::string_view rest = outgoing.url.substr(url.size());
  if (!url.ends_with('/')) url += '/';
  return Signature{{}, url.append(secret.reveal()).append(rest)};
}

Result<void> check_url_token_secret(const VerifyRule&, const Secret& secret) {
  if (is_token(secret.reveal())) return {};
  return unfit("the secret is no token for a path: 32 or more of A-Z a-z 0-9 . _ ~ -", "make one with `openssl rand -hex 32`");
}

}  // namespace ipaas::security::signatures
