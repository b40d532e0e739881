// JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037).
#pragma once

#include <optional>
#include <string_view>

#include "core/base/secret.h"

struct evp_pkey_st;

namespace ipaas::security {

/// The public key of a JWK of kty RSA, EC or OKP (Ed25519), which the caller frees; nullptr when it is no such, or when it
/// holds a private key, which has no business at a receiver.
[[nodiscard]] evp_pkey_st* public_key_of_jwk(std::string_view text);

/// The bytes of a JWK of kty `oct`.
[[nodiscard]] std::optional<Secret> secret_of_jwk(std::string_view text);

}  // namespace ipaas::security
