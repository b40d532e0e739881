// https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint-validating-security-request-headers
//
// Discord names no age at which a request is stale; a replayed interaction is a duplicate by its id.
#include "core/base/encoding.h"
#include "core/security/public_key.h"
#include "core/security/signatures/scheme.h"

namespace ipaas::security::signatures {
namespace {

constexpr std::string_view kSignature = "X-Signature-Ed25519";
constexpr std::string_view kTimestamp = "X-Signature-Timestamp";

std::optional<PublicKey> key_of(const Secret& secret) {
  const auto bytes = hex_decode(secret.reveal());
  return bytes ? PublicKey::ed25519(*bytes) : std::nullopt;
}

std::string signed_text(std::string_view timestamp, std::string_view body) {
  std::string text;
  text.reserve(timestamp.size() + body.size());
  return text.append(timestamp).append(body);
}

}  // namespace

Result<void> verify_discord(const VerifyRule&, const Secrets& secrets, const SignedRequest& request, Instant) {
  const Result<std::string_view> value = only(request, kSignature);
  if (!value) return tl::unexpected(value.error());
  const Result<std::string_view> timestamp = only(request, kTimestamp, "timestamp_missing");
  if (!timestamp) return tl::unexpected(timestamp.error());
  if (timestamp->empty()) return refuse("timestamp_missing", "X-Signature-Timestamp is empty");
  const std::optional<std::string> signature = hex_decode(*value);
  if (!signature || signature->size() != 64) {
    return refuse("signature_malformed", "X-Signature-Ed25519 is not 128 hexadecimal digits");
  }
  const std::string text = signed_text(*timestamp, request.body);
  for (const Secret& secret : secrets) {
    const auto key = key_of(secret);
    if (key && key->verify(Digest::kSha512, text, *signature)) return {};
  }
  return refuse("signature_mismatch", "the signature does not fit timestamp, body and public key");
}

Result<Signature> sign_discord(const VerifyRule&, const Secret& secret, const Outgoing& outgoing, Instant now) {
  const auto bytes = hex_decode(secret.reveal());
  const auto key = bytes ? PrivateKey::ed25519(*bytes) : std::nullopt;
  if (!key) return unfit("the secret is no Ed25519 private key", "signing takes the seed as 64 hexadecimal digits");
  const std::string timestamp = seconds_of(now);
  Headers headers;
  headers.emplace_back(kTimestamp, timestamp);
  headers.emplace_back(kSignature, hex_encode(key->sign(Digest::kSha512, signed_text(timestamp, outgoing.body))));
  return Signature{std::move(headers)};
}

Result<void> check_discord_secret(const VerifyRule&, const Secret& secret) {
  if (key_of(secret)) return {};
  return unfit("the secret is no Ed25519 public key", "copy the application's public key, 64 hexadecimal digits, from Discord's developer portal");
}

}  // namespace ipaas::security::signatures
