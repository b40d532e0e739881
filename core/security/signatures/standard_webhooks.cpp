// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
#include <array>

#include "core/base/encoding.h"
#include "core/security/signatures/scheme.h"

namespace ipaas::security::signatures {
namespace {

constexpr std::string_view kId = "webhook-id";
constexpr std::string_view kTimestamp = "webhook-timestamp";
constexpr std::string_view kSignature = "webhook-signature";
constexpr std::string_view kVersion = "v1,";
constexpr std::string_view kSecretPrefix = "whsec_";

/// The key bytes of `whsec_` + base64, or of base64 alone; empty, which verifies nothing, when it is neither.
Secret key_of(const Secret& secret) {
  std::string_view text = secret.reveal();
  if (text.starts_with(kSecretPrefix)) text.remove_prefix(kSecretPrefix.size());
  std::optional<std::string> key = base64_decode(text);
  Secret bytes(key.value_or(std::string()));
  if (key) wipe(*key);
  return bytes;
}

std::array<std::string_view, 5> signed_parts(std::string_view id, std::string_view timestamp, std::string_view body) {
  return {id, ".", timestamp, ".", body};
}

/// The digests of a space-separated list of `version,base64`. Other versions are passed over, so that a sender can roll out a new one.
std::vector<std::string> presented_in(std::string_view list) {
  std::vector<std::string> digests;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    const std::string_view item = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (!item.starts_with(kVersion)) continue;
    if (auto digest = base64_decode(item.substr(kVersion.size()))) digests.push_back(std::move(*digest));
  }
  return digests;
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
  const std::vector<std::string> presented = presented_in(*signature);
  if (presented.empty()) return refuse("signature_malformed", "webhook-signature has no v1, and base64");
  if (auto fresh = check_fresh(kTimestamp, *timestamp, kTolerance, now); !fresh) return fresh;
  Secrets keys;
  keys.reserve(secrets.size());
  for (const Secret& secret : secrets) keys.push_back(key_of(secret));
  return match(Digest::kSha256, keys, signed_parts(*id, *timestamp, request.body), presented);
}

Result<Headers> sign_standard(const VerifyRule&, const Secret& secret, std::string_view body, std::string_view id,
                              Instant now) {
  const Secret key = key_of(secret);
  if (key.empty()) {
    return fail(ErrorKind::kInvalid, "the secret is not base64", "give it as whsec_ and base64, or as base64 alone", "verify_rule");
  }
  if (id.empty()) return fail(ErrorKind::kInvalid, "standard-webhooks signs the delivery's id, and there is none", {}, "verify_rule");
  const std::string timestamp = seconds_of(now);
  const DigestValue digest = hmac(Digest::kSha256, key.reveal(), signed_parts(id, timestamp, body));
  Headers headers;
  headers.emplace_back(kId, id);
  headers.emplace_back(kTimestamp, timestamp);
  headers.emplace_back(kSignature, std::string(kVersion) + base64_encode(digest.view()));
  return headers;
}

}  // namespace ipaas::security::signatures
