// https://api.slack.com/authentication/verifying-requests-from-slack
#include <array>

#include "core/base/encoding.h"
#include "core/security/signatures/scheme.h"

namespace ipaas::security::signatures {
namespace {

constexpr std::string_view kSignature = "X-Slack-Signature";
constexpr std::string_view kTimestamp = "X-Slack-Request-Timestamp";
constexpr std::string_view kPrefix = "v0=";

std::array<std::string_view, 4> signed_parts(std::string_view timestamp, std::string_view body) {
  return {"v0:", timestamp, ":", body};
}

}  // namespace

Result<void> verify_slack(const VerifyRule&, const Secrets& secrets, const SignedRequest& request, Instant now) {
  const Result<std::string_view> signature = only(request, kSignature);
  if (!signature) return tl::unexpected(signature.error());
  const Result<std::string_view> timestamp = only(request, kTimestamp, "timestamp_missing");
  if (!timestamp) return tl::unexpected(timestamp.error());
  const std::optional<std::string> digest =
      signature->starts_with(kPrefix) ? hex_decode(signature->substr(kPrefix.size())) : std::nullopt;
  if (!digest) return refuse("signature_malformed", "X-Slack-Signature is not v0= and hexadecimal digits");
  if (auto fresh = check_fresh(kTimestamp, *timestamp, kTolerance, now); !fresh) return fresh;
  return match(Digest::kSha256, secrets, signed_parts(*timestamp, request.body), std::array{*digest});
}

Result<Signature> sign_slack(const VerifyRule&, const Secret& secret, const Outgoing& outgoing, Instant now) {
  const std::string timestamp = seconds_of(now);
  const DigestValue digest = hmac(Digest::kSha256, secret.reveal(), signed_parts(timestamp, outgoing.body));
  Headers headers;
  headers.emplace_back(kTimestamp, timestamp);
  headers.emplace_back(kSignature, std::string(kPrefix) + hex_encode(digest.view()));
  return Signature{std::move(headers)};
}

}  // namespace ipaas::security::signatures
