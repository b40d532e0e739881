// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
#include <algorithm>
#include <array>

#include "core/base/encoding.h"
#include "core/security/public_key.h"
#include "core/security/signatures/scheme.h"

namespace ipaas::security::signatures {
namespace {

constexpr std::string_view kId = "webhook-id";
constexpr std::string_view kTimestamp = "webhook-timestamp";
constexpr std::string_view kSignature = "webhook-signature";
constexpr std::string_view kSymmetric = "v1,";
constexpr std::string_view kAsymmetric = "v1a,";
constexpr std::string_view kPublicPrefix = "whpk_";
constexpr std::string_view kPrivatePrefix = "whsk_";
constexpr std::string_view kSecretPrefix = "whsec_";

/// The bytes of `prefix` + base64; empty when it is not that.
Secret bytes_after(std::string_view prefix, const Secret& secret) {
  std::string_view text = secret.reveal();
  if (!text.starts_with(prefix)) return {};
  text.remove_prefix(prefix.size());
  std::optional<std::string> key = base64_decode(text);
  Secret bytes(key.value_or(std::string()));
  if (key) wipe(*key);
  return bytes;
}

/// The key bytes of `whsec_` + base64, or of base64 alone; empty, which verifies nothing, when it is neither.
Secret key_of(const Secret& secret) {
  return bytes_after(secret.reveal().starts_with(kSecretPrefix) ? kSecretPrefix : std::string_view(), secret);
}

std::optional<PrivateKey> private_key_of(const Secret& secret) {
  return PrivateKey::ed25519(bytes_after(kPrivatePrefix, secret).reveal());
}

/// Of a `whpk_`, or of the `whsk_` that somebody gave us instead.
std::optional<PublicKey> public_key_of(const Secret& secret) {
  if (const auto pair = private_key_of(secret)) return pair->public_key();
  return PublicKey::ed25519(bytes_after(kPublicPrefix, secret).reveal());
}

std::array<std::string_view, 5> signed_parts(std::string_view id, std::string_view timestamp, std::string_view body) {
  return {id, ".", timestamp, ".", body};
}

std::string joined(std::span<const std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

struct Presented {
  std::vector<std::string> symmetric;
  std::vector<std::string> asymmetric;
};

/// A space-separated list of `version,base64`. Other versions are passed over, so that a sender can roll out a new one.
Presented presented_in(std::string_view list) {
  Presented presented;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    const std::string_view item = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    const bool pair = item.starts_with(kAsymmetric);
    if (!pair && !item.starts_with(kSymmetric)) continue;
    auto bytes = base64_decode(item.substr((pair ? kAsymmetric : kSymmetric).size()));
    if (bytes) (pair ? presented.asymmetric : presented.symmetric).push_back(std::move(*bytes));
  }
  return presented;
}

/// Verifying by a key pair costs far more than an HMAC, and a header may hold a thousand of them. A sender that rotates
/// its key sends two.
constexpr std::size_t kMostAsymmetric = 2;

bool is_signed_by_pair(const Secrets& secrets, const std::vector<std::string>& signatures, const std::string& text) {
  const std::size_t count = std::min(signatures.size(), kMostAsymmetric);
  for (const Secret& secret : secrets) {
    const auto key = public_key_of(secret);
    for (std::size_t i = 0; key && i < count; ++i) {
      if (key->verify(Digest::kSha512, text, signatures[i])) return true;
    }
  }
  return false;
}

}  // namespace

Result<void> verify_standard(const VerifyRule&, const Secrets& secrets, const SignedRequest& request, Instant now) {
  const Result<std::string_view> signature = only(request, kSignature);
  if (!signature) return tl::unexpected(signature.error());
  const Result<std::string_view> id = only(request, kId);
  if (!id) return tl::unexpected(id.error());
  if (id->empty()) return refuse("signature_malformed", "webhook-id is empty");
  const Result<std::string_view> timestamp = only(request, kTimestamp, "timestamp_missing");
  if (!timestamp) return tl::unexpected(timestamp.error());
  const Presented presented = presented_in(*signature);
  if (presented.symmetric.empty() && presented.asymmetric.empty()) {
    return refuse("signature_malformed", "webhook-signature has neither v1, nor v1a, and base64");
  }
  if (auto fresh = check_fresh(kTimestamp, *timestamp, kTolerance, now); !fresh) return fresh;
  const auto parts = signed_parts(*id, *timestamp, request.body);
  if (!presented.asymmetric.empty() && is_signed_by_pair(secrets, presented.asymmetric, joined(parts))) return {};
  Secrets keys;
  keys.reserve(secrets.size());
  for (const Secret& secret : secrets) {
    if (!public_key_of(secret)) keys.push_back(key_of(secret));
  }
  if (keys.empty() && !secrets.empty()) {
    return refuse("signature_mismatch", "no v1a signature fits the body and the public key");
  }
  return match(Digest::kSha256, keys, parts, presented.symmetric);
}

Result<Signature> sign_standard(const VerifyRule& rule, const Secret& secret, const Outgoing& outgoing, Instant now) {
  const auto pair = private_key_of(secret);
  if (!pair && secret.reveal().starts_with(kPublicPrefix)) {
    return unfit("a public key signs nothing", "signing takes the private key, whsk_ and base64");
  }
  if (auto fits = check_standard_secret(rule, secret); !fits) return tl::unexpected(std::move(fits.error()));
  if (outgoing.id.empty()) {
    return fail(ErrorKind::kInvalid, "standard-webhooks signs the delivery's id, and there is none", {}, "verify_rule");
  }
  const std::string timestamp = seconds_of(now);
  const auto parts = signed_parts(outgoing.id, timestamp, outgoing.body);
  const std::string signature =
      pair ? std::string(kAsymmetric) + base64_encode(pair->sign(Digest::kSha512, joined(parts)))
           : std::string(kSymmetric) + base64_encode(hmac(Digest::kSha256, key_of(secret).reveal(), parts).view());
  Headers headers;
  headers.emplace_back(kId, outgoing.id);
  headers.emplace_back(kTimestamp, timestamp);
  headers.emplace_back(kSignature, signature);
  return Signature{std::move(headers)};
}

Result<void> check_standard_secret(const VerifyRule&, const Secret& secret) {
  if (public_key_of(secret) || !key_of(secret).empty()) return {};
  return unfit("the secret is not base64", "give it as whsec_ and base64, as base64 alone, or as the public key whpk_ and base64");
}

// Without its prefix it would be the base64 of a shared secret.
bool is_standard_public_key(const VerifyRule&, const Secret& secret) {
  return secret.reveal().starts_with(kPublicPrefix) || secret.reveal().starts_with(kPrivatePrefix);
}

bool is_standard_costly(const SignedRequest& request) {
  return request.header(kSignature).value_or("").find(kAsymmetric) != std::string_view::npos;
}

}  // namespace ipaas::security::signatures
