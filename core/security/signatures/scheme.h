// What the signature schemes share, and the functions that their table names.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/security/digest.h"
#include "core/security/signature.h"

namespace ipaas::security::signatures {

using Headers = std::vector<std::pair<std::string, std::string>>;
using Secrets = std::vector<Secret>;

inline constexpr Duration kTolerance = std::chrono::seconds(300);

/// kUnauthenticated with one of the codes of `verify`.
[[nodiscard]] tl::unexpected<Error> refuse(std::string_view code, std::string reason);

/// kInvalid, code `verify_secret`.
[[nodiscard]] tl::unexpected<Error> unfit(std::string message, std::string hint);

/// The value of a header that must be there exactly once, without the blanks around it. `missing` is the code to refuse with otherwise.
[[nodiscard]] Result<std::string_view> only(const SignedRequest& request, std::string_view name,
                                            std::string_view missing = "signature_missing");

/// Whole seconds since 1970: digits only, no sign, no more than 12.
[[nodiscard]] std::optional<std::int64_t> parse_seconds(std::string_view text);
[[nodiscard]] std::string seconds_of(Instant now);

/// Is the time that `header` claims within the tolerance, in both directions?
[[nodiscard]] Result<void> check_fresh(std::string_view header, std::string_view seconds, Duration tolerance, Instant now);

/// What follows the name of the scheme (RFC 9110, section 11.4; without case) in an Authorization header that is there
/// once. `kind` is that name and a blank.
[[nodiscard]] Result<std::string_view> authorization(const SignedRequest& request, std::string_view kind);

/// Is what was presented one of the secrets? Compares digests, so that not even a length shows in the time.
[[nodiscard]] bool is_one_of(const Secrets& secrets, std::string_view presented);

/// Is one of the presented digests the HMAC of the parts under one of the secrets? Empty secrets are passed over.
[[nodiscard]] Result<void> match(Digest kind, const Secrets& secrets, std::span<const std::string_view> parts,
                                 std::span<const std::string> presented);

[[nodiscard]] Result<void> verify_github(const VerifyRule&, const Secrets&, const SignedRequest&, Instant now);
[[nodiscard]] Result<Signature> sign_github(const VerifyRule&, const Secret&, const Outgoing&, Instant now);
[[nodiscard]] Result<void> verify_slack(const VerifyRule&, const Secrets&, const SignedRequest&, Instant now);
[[nodiscard]] Result<Signature> sign_slack(const VerifyRule&, const Secret&, const Outgoing&, Instant now);
[[nodiscard]] Result<void> verify_stripe(const VerifyRule&, const Secrets&, const SignedRequest&, Instant now);
[[nodiscard]] Result<Signature> sign_stripe(const VerifyRule&, const Secret&, const Outgoing&, Instant now);
[[nodiscard]] Result<void> verify_standard(const VerifyRule&, const Secrets&, const SignedRequest&, Instant now);
[[nodiscard]] Result<Signature> sign_standard(const VerifyRule&, const Secret&, const Outgoing&, Instant now);
[[nodiscard]] Result<void> verify_shopify(const VerifyRule&, const Secrets&, const SignedRequest&, Instant now);
[[nodiscard]] Result<Signature> sign_shopify(const VerifyRule&, const Secret&, const Outgoing&, Instant now);
[[nodiscard]] Result<void> verify_twilio(const VerifyRule&, const Secrets&, const SignedRequest&, Instant now);
[[nodiscard]] Result<Signature> sign_twilio(const VerifyRule&, const Secret&, const Outgoing&, Instant now);
[[nodiscard]] Result<void> verify_discord(const VerifyRule&, const Secrets&, const SignedRequest&, Instant now);
[[nodiscard]] Result<Signature> sign_discord(const VerifyRule&, const Secret&, const Outgoing&, Instant now);
[[nodiscard]] Result<void> verify_hmac(const VerifyRule&, const Secrets&, const SignedRequest&, Instant now);
[[nodiscard]] Result<Signature> sign_hmac(const VerifyRule&, const Secret&, const Outgoing&, Instant now);
[[nodiscard]] Result<void> verify_bearer(const VerifyRule&, const Secrets&, const SignedRequest&, Instant now);
[[nodiscard]] Result<Signature> sign_bearer(const VerifyRule&, const Secret&, const Outgoing&, Instant now);
[[nodiscard]] Result<void> verify_basic(const VerifyRule&, const Secrets&, const SignedRequest&, Instant now);
[[nodiscard]] Result<Signature> sign_basic(const VerifyRule&, const Secret&, const Outgoing&, Instant now);
[[nodiscard]] Result<void> verify_jwt(const VerifyRule&, const Secrets&, const SignedRequest&, Instant now);
[[nodiscard]] Result<Signature> sign_jwt(const VerifyRule&, const Secret&, const Outgoing&, Instant now);
[[nodiscard]] Result<void> verify_url_token(const VerifyRule&, const Secrets&, const SignedRequest&, Instant now);
[[nodiscard]] Result<Signature> sign_url_token(const VerifyRule&, const Secret&, const Outgoing&, Instant now);

[[nodiscard]] Result<void> check_hmac(const VerifyRule&);
[[nodiscard]] Result<void> check_jwt(const VerifyRule&);
[[nodiscard]] Result<void> check_standard_secret(const VerifyRule&, const Secret&);
[[nodiscard]] Result<void> check_discord_secret(const VerifyRule&, const Secret&);
[[nodiscard]] Result<void> check_basic_secret(const VerifyRule&, const Secret&);
[[nodiscard]] Result<void> check_jwt_secret(const VerifyRule&, const Secret&);
[[nodiscard]] Result<void> check_url_token_secret(const VerifyRule&, const Secret&);

[[nodiscard]] bool is_standard_public_key(const VerifyRule&, const Secret&);
[[nodiscard]] bool takes_jwt_public_key(const VerifyRule&, const Secret&);
[[nodiscard]] bool is_standard_costly(const SignedRequest&);

}  // namespace ipaas::security::signatures
