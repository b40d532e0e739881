// Webhook signatures, each scheme a pure function over the raw bytes.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/secret.h"

namespace ipaas::security {

/// In the order of language.md.
enum class Scheme {
  kGithub,
  kSlack,
  kStripe,
  kStandardWebhooks,
  kShopify,
  kTwilio,
  kDiscord,
  kHmac,
  kBearer,
  kBasic,
  kJwt,
  kUrlToken,
  kNone
};

[[nodiscard]] std::string_view scheme_name(Scheme scheme);
[[nodiscard]] std::optional<Scheme> scheme_from_name(std::string_view name);
[[nodiscard]] const std::vector<std::string_view>& scheme_names();

/// What a workflow's `verify` says of the scheme. Everything but the scheme is for `hmac` or `jwt`.
struct VerifyRule {
  Scheme scheme = Scheme::kNone;
  /// hmac: sha1 sha256 sha384 sha512, sha256 when empty; jwt: HS256 RS256 ES256 EdDSA (and the 384 and 512 of the first three)
  std::string algorithm = {};
  std::string header = "X-Signature";
  std::string encoding = "hex";  ///< hex, base64
  std::string prefix = {};       ///< in front of the digest in the header, such as `sha256=`
  std::string timestamp_header = {};
  Duration tolerance = std::chrono::minutes(5);
  std::string payload = "{body}";  ///< template of {body} and {timestamp}
  std::string audience = {};       ///< jwt: must be in `aud`; a token that has one is refused where this is empty
  std::string issuer = {};         ///< jwt: must be `iss`; empty accepts any
  Duration leeway = {};            ///< jwt: for the clock of the sender
};

/// A request as it arrived. Header names compare without case.
struct SignedRequest {
  std::string_view body;
  const std::vector<std::pair<std::string_view, std::string_view>>& headers;
  /// As the sender wrote it, with the query. Twilio signs it, so that it must be a whole one there; the last part of its
  /// path is what `url-token` looks at.
  std::string_view url = {};

  /// The first such header's value, or nothing; whether there are several is for the caller to ask with `count`.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
};

/// Is the request signed with one of the secrets (the current and, during rotation, the previous one), and fresh by the
/// receiver's clock? Comparisons take constant time. An empty secret verifies nothing. The error's message is a reason
/// for the operator ("timestamp is 312 s old, more than 300 s"), never the secret or the expected digest; its code is
/// one of signature_missing, signature_malformed, signature_mismatch, timestamp_missing, timestamp_outside_tolerance,
/// claim_refused (jwt) and public_url_missing (twilio without a whole URL, of kind kUnavailable).
///
/// What a secret is: a text; `user:password` for basic; hexadecimal digits of an Ed25519 public key for discord;
/// `whsec_` or `whpk_` and base64 for standard-webhooks; for jwt a text or an `oct` JWK with HS…, else a PEM or a JWK of
/// the public key; 32 or more of A-Z a-z 0-9 . _ ~ - for url-token.
[[nodiscard]] Result<void> verify(const VerifyRule& rule, const std::vector<Secret>& secrets, const SignedRequest& request,
                                  Instant now);

/// Can the rule verify anything? Code `verify_rule`: an unknown algorithm or encoding, a payload without `{body}`, or
/// `{timestamp}` and `timestamp_header` not both or neither (an unsigned timestamp proves nothing).
[[nodiscard]] Result<void> check(const VerifyRule& rule);

/// Can the secret verify anything under the rule? Code `verify_secret`: an empty or blank one, or what is not a key of the scheme.
[[nodiscard]] Result<void> check_secret(const VerifyRule& rule, const Secret& secret);

/// May a key that everybody may know, such as a credential's `public_key`, verify under the rule? False for whatever
/// would take it for a shared secret, by which anybody could sign.
[[nodiscard]] bool takes_public_key(const VerifyRule& rule, const Secret& key);

/// Would verifying the request take far longer than an HMAC, so that strangers could keep a thread busy with it?
[[nodiscard]] bool is_costly(Scheme scheme, const SignedRequest& request);

/// What a sender is about to send.
struct Outgoing {
  std::string_view body;
  std::string_view id = {};   ///< the delivery's, where the scheme has one
  std::string_view url = {};  ///< of twilio and url-token
};

/// What the sender adds.
struct Signature {
  std::vector<std::pair<std::string, std::string>> headers;
  std::string url = {};  ///< to send to: with the token or twilio's digest of the body in it
};

/// For `ipaas webhook sign` and tests. With public-key schemes the secret is the private key: hexadecimal digits of the
/// seed for discord, `whsk_` and base64 for standard-webhooks, a PEM for jwt, whose token expires after five minutes.
[[nodiscard]] Result<Signature> sign(const VerifyRule& rule, const Secret& secret, const Outgoing& outgoing, Instant now);

/// Where the scheme's delivery id is, used as the default dedupe key: a header name, or a path into the JSON body.
struct DeliveryId {
  std::string_view header = {};
  std::vector<std::string_view> body_keys = {};  ///< the first that is present and a string
};
[[nodiscard]] DeliveryId delivery_id(Scheme scheme);

}  // namespace ipaas::security
