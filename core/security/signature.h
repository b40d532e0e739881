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

enum class Scheme { kGithub, kStripe, kSlack, kStandardWebhooks, kHmac, kBearer, kNone };

[[nodiscard]] std::string_view scheme_name(Scheme scheme);
[[nodiscard]] std::optional<Scheme> scheme_from_name(std::string_view name);
[[nodiscard]] const std::vector<std::string_view>& scheme_names();

/// What a workflow's `verify` says of the scheme. Everything but the scheme is for `hmac`.
struct VerifyRule {
  Scheme scheme = Scheme::kNone;
  std::string algorithm = "sha256";  ///< sha1 sha256 sha384 sha512
  std::string header = "X-Signature";
  std::string encoding = "hex";  ///< hex, base64
  std::string prefix = {};       ///< in front of the digest in the header, such as `sha256=`
  std::string timestamp_header = {};
  Duration tolerance = std::chrono::minutes(5);
  std::string payload = "{body}";  ///< template of {body} and {timestamp}
};

/// A request as it arrived. Header names compare without case.
struct SignedRequest {
  std::string_view body;
  const std::vector<std::pair<std::string_view, std::string_view>>& headers;

  /// The first such header's value, or nothing; whether there are several is for the caller to ask with `count`.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
};

/// Is the request signed with one of the secrets (the current and, during rotation, the previous one), and fresh by the
/// receiver's clock? Comparisons take constant time. An empty secret verifies nothing. The error's message is a reason
/// for the operator ("timestamp is 312 s old, more than 300 s"), never the secret or the expected digest; its code is
/// one of signature_missing, signature_malformed, signature_mismatch, timestamp_missing, timestamp_outside_tolerance.
[[nodiscard]] Result<void> verify(const VerifyRule& rule, const std::vector<Secret>& secrets, const SignedRequest& request,
                                  Instant now);

/// Can the rule verify anything? Code `verify_rule`: an unknown algorithm or encoding, a payload without `{body}`, or
/// `{timestamp}` and `timestamp_header` not both or neither (an unsigned timestamp proves nothing).
[[nodiscard]] Result<void> check(const VerifyRule& rule);

/// The headers that a sender of this scheme would add, for `ipaas webhook sign` and tests. `id` is the delivery id where the scheme has one.
[[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> sign(const VerifyRule& rule, const Secret& secret,
                                                                           std::string_view body, std::string_view id,
                                                                           Instant now);

/// Where the scheme's delivery id is, used as the default dedupe key: a header name, or a path into the JSON body.
struct DeliveryId {
  std::string_view header = {};
  std::vector<std::string_view> body_keys = {};  ///< the first that is present and a string
};
[[nodiscard]] DeliveryId delivery_id(Scheme scheme);

}  // namespace ipaas::security
