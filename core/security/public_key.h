// Signatures by key pairs: RSA, ECDSA and Ed25519, over OpenSSL 3.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/security/digest.h"

struct evp_pkey_st;

namespace ipaas::security {

enum class KeyKind : std::uint8_t { kRsa, kP256, kP384, kP521, kEd25519 };

/// Immutable, so thread-safe. A copy is cheap.
class PublicKey {
 public:
  /// A PEM (RFC 7468) of a public key or a certificate, or a JWK (RFC 7517). Code `verify_secret`: anything else, private
  /// keys too, RSA under 2048 bits and curves without a KeyKind.
  [[nodiscard]] static Result<PublicKey> parse(std::string_view text);
  /// 32 bytes (RFC 8032).
  [[nodiscard]] static std::optional<PublicKey> ed25519(std::string_view bytes);

  [[nodiscard]] KeyKind kind() const { return kind_; }
  /// RSASSA-PKCS1-v1_5, ECDSA as r and s of fixed size one after the other (RFC 7518, section 3.4), or Ed25519, which
  /// has a digest of its own.
  [[nodiscard]] bool verify(Digest digest, std::string_view message, std::string_view signature) const;

 private:
  friend class PrivateKey;
  PublicKey(std::shared_ptr<evp_pkey_st> key, KeyKind kind) : key_(std::move(key)), kind_(kind) {}
  [[nodiscard]] static Result<PublicKey> of(std::shared_ptr<evp_pkey_st> key);

  std::shared_ptr<evp_pkey_st> key_;
  KeyKind kind_;
};

/// Is the text the base64 alone, whatever lines it is in, of what a PEM of a public key or a certificate holds?
[[nodiscard]] bool is_bare_public_key(std::string_view text);

/// The other half, for senders. Immutable, so thread-safe.
class PrivateKey {
 public:
  /// A PEM without a passphrase.
  [[nodiscard]] static Result<PrivateKey> parse(std::string_view pem);
  /// The seed of 32 bytes, or that and the public key of 32.
  [[nodiscard]] static std::optional<PrivateKey> ed25519(std::string_view bytes);

  [[nodiscard]] KeyKind kind() const { return public_.kind(); }
  [[nodiscard]] const PublicKey& public_key() const { return public_; }
  /// In the form that PublicKey::verify takes.
  [[nodiscard]] std::string sign(Digest digest, std::string_view message) const;

 private:
  explicit PrivateKey(PublicKey key) : public_(std::move(key)) {}

  PublicKey public_;  ///< whose key has the private half too
};

}  // namespace ipaas::security
