// https://docs.stripe.com/webhooks#verify-manually
#include <array>

#include "core/base/encoding.h"
#include "core/security/signatures/scheme.h"

namespace ipaas::security::signatures {
namespace {

constexpr std::string_view kHeader = "Stripe-Signature";

struct StripeHeader {
  std::string_view timestamp;
  std::vector<std::string> digests;  ///< of the v1 scheme, as bytes
};

/// `t=1492774577,v1=…,v1=…,v0=…`: v0 is for test events of old and proves nothing, so it is passed over like any unknown key.
std::optional<StripeHeader> parse(std::string_view text) {
  StripeHeader header;
  bool more = true;
  while (more) {
    const std::size_t comma = text.find(',');
    const std::string_view item = text.substr(0, comma);
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string_view value = item.substr(equals + 1);
    if (item.substr(0, equals) == "t") {
      if (!header.timestamp.empty()) return std::nullopt;
      header.timestamp = value;
    } else if (item.substr(0, equals) == "v1") {
      if (auto digest = hex_decode(value)) header.digests.push_back(std::move(*digest));
    }
  }
  return header;
}

std::array<std::string_view, 3> signed_parts(std::string_view timestamp, std::string_view body) {
  return {timestamp, ".", body};
}

}  // namespace

Result<void> verify_stripe(const VerifyRule&, const Secrets& secrets, const SignedRequest& request, Instant now) {
  const Result<std::string_view> value = only(request, kHeader);
  if (!value) return tl::unexpected(value.error());
  const std::optional<StripeHeader> header = parse(*value);
  if (!header) return refuse("signature_malformed", "Stripe-Signature is not a list of key=value with one t");
  if (header->timestamp.empty()) return refuse("timestamp_missing", "Stripe-Signature has no t=");
  if (header->digests.empty()) return refuse("signature_missing", "Stripe-Signature has no v1= of hexadecimal digits");
  if (auto fresh = check_fresh(kHeader, header->timestamp, kTolerance, now); !fresh) return fresh;
  return match(Digest::kSha256, secrets, signed_parts(header->timestamp, request.body), header->digests);
}

Result<Signature> sign_stripe(const VerifyRule&, const Secret& secret, const Outgoing& outgoing, Instant now) {
  const std::string timestamp = seconds_of(now);
  const DigestValue digest = hmac(Digest::kSha256, secret.reveal(), signed_parts(timestamp, outgoing.body));
  Headers headers;
  headers.emplace_back(kHeader, "t=" + timestamp + ",v1=" + hex_encode(digest.view()));
  return Signature{std::move(headers)};
}

}  // namespace ipaas::security::signatures
