#include "core/security/public_key.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>

#include "core/base/encoding.h"
#include "core/security/jwk.h"

namespace ipaas::security {
namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)>;

constexpr std::size_t kEd25519Bytes = 32;
constexpr int kLeastRsaBits = 2048;  // RFC 7518, section 3.3

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Key owned(EVP_PKEY* key) {
  ERR_clear_error();  // what failed is said in our own words
  return {key, &EVP_PKEY_free};
}

/// Nobody is asked for a passphrase: there is no terminal in a daemon.
int no_passphrase(char*, int, int, void*) { return -1; }

template <typename Read>
Key read_pem(std::string_view text, Read read) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
  return memory ? owned(read(memory.get())) : nullptr;
}

/// By its own decoder, as OpenSSL's search for one that fits takes several times as long.
EVP_PKEY* key_in_block(std::string_view name, const unsigned char* der, long size) {
  const unsigned char* at = der;
  EVP_PKEY* key = nullptr;
  if (name == "PUBLIC KEY") key = d2i_PUBKEY(nullptr, &at, size);
  if (name == "RSA PUBLIC KEY") key = d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size);
  if (name == "CERTIFICATE") {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(d2i_X509(nullptr, &at, size), &X509_free);
    key = certificate ? X509_get_pubkey(certificate.get()) : nullptr;
  }
  if (key != nullptr && at == der + size) return key;
  EVP_PKEY_free(key);
  return nullptr;
}

/// Of the first block.
EVP_PKEY* public_key_in(BIO* memory) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* der = nullptr;
  long size = 0;
  if (PEM_read_bio(memory, &name, &header, &der, &size) != 1) return nullptr;
  EVP_PKEY* key = key_in_block(name, der, size);
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_free(der);
  return key;
}

EVP_PKEY* private_key_in(BIO* memory) { return PEM_read_bio_PrivateKey(memory, nullptr, &no_passphrase, nullptr); }

std::optional<KeyKind> kind_of(const Key& key) {
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) return KeyKind::kRsa;
  if (EVP_PKEY_is_a(key.get(), "ED25519") == 1) return KeyKind::kEd25519;
  std::array<char, 32> group{};
  std::size_t size = 0;
  if (EVP_PKEY_is_a(key.get(), "EC") != 1 || EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), &size) != 1) {
    return std::nullopt;
  }
  const std::string_view name(group.data(), size);
  if (name == "prime256v1") return KeyKind::kP256;
  if (name == "secp384r1") return KeyKind::kP384;
  if (name == "secp521r1") return KeyKind::kP521;
  return std::nullopt;
}

std::size_t coordinate_bytes(KeyKind kind) { return kind == KeyKind::kP256 ? 32 : kind == KeyKind::kP384 ? 48 : 66; }

bool is_ecdsa(KeyKind kind) { return kind == KeyKind::kP256 || kind == KeyKind::kP384 || kind == KeyKind::kP521; }

const EVP_MD* function_of(Digest digest) {
  switch (digest) {
    case Digest::kSha1: return EVP_sha1();
    case Digest::kSha256: return EVP_sha256();
    case Digest::kSha384: return EVP_sha384();
    case Digest::kSha512: return EVP_sha512();
  }
  std::abort();
}

/// r and s to the DER that OpenSSL reads; nothing when they are not of the curve's size.
std::optional<std::string> to_der(KeyKind kind, std::string_view signature) {
  const std::size_t size = coordinate_bytes(kind);
  if (signature.size() != 2 * size) return std::nullopt;
  const EcdsaSignature pair(ECDSA_SIG_new(), &ECDSA_SIG_free);
  BIGNUM* r = BN_bin2bn(bytes_of(signature), static_cast<int>(size), nullptr);
  BIGNUM* s = BN_bin2bn(bytes_of(signature) + size, static_cast<int>(size), nullptr);
  if (!pair || r == nullptr || s == nullptr || ECDSA_SIG_set0(pair.get(), r, s) != 1) std::abort();  // out of memory
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(pair.get(), &der);
  if (length <= 0) return std::nullopt;
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  return text;
}

std::string from_der(KeyKind kind, std::string_view der) {
  const std::size_t size = coordinate_bytes(kind);
  const unsigned char* at = bytes_of(der);
  const EcdsaSignature pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), &ECDSA_SIG_free);
  if (!pair) std::abort();  // OpenSSL wrote it
  std::string bytes(2 * size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(bytes.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out, static_cast<int>(size));
  BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out + size, static_cast<int>(size));
  return bytes;
}

tl::unexpected<Error> no_key(std::string message, std::string hint) {
  return fail(ErrorKind::kInvalid, std::move(message), std::move(hint), "verify_secret");
}

}  // namespace

Result<PublicKey> PublicKey::of(std::shared_ptr<evp_pkey_st> key) {
  const auto kind = kind_of(key);
  if (!kind) return no_key("the key is of a kind that no algorithm here takes", "use RSA, P-256, P-384, P-521 or Ed25519");
  if (*kind == KeyKind::kRsa && EVP_PKEY_get_bits(key.get()) < kLeastRsaBits) {
    return no_key("the RSA key is shorter than 2048 bits", "ask the sender for a longer one");
  }
  return PublicKey(std::move(key), *kind);
}

Result<PublicKey> PublicKey::parse(std::string_view text) {
  constexpr std::string_view kHint = "give the PEM of a public key or of a certificate, or a JWK";
  if (text.find("PRIVATE KEY") != std::string_view::npos) {
    return no_key("this is a private key", "only the sender has it: " + std::string(kHint));
  }
  Key key;
  if (text.find("-----BEGIN") != std::string_view::npos) {
    key = read_pem(text, &public_key_in);
  } else {
    key = owned(public_key_of_jwk(text));
  }
  if (!key) return no_key("this is no public key", std::string(kHint));
  return of(std::move(key));
}

bool is_bare_public_key(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
               [](char c) { return std::string_view(" \t\r\n").find(c) == std::string_view::npos; });
  std::optional<std::string> der = base64_decode(digits);
  wipe(digits);
  bool found = false;
  // Nothing that does not begin as a DER sequence needs to be tried.
  for (const char* name : {"PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE"}) {
    if (found || !der || !der->starts_with('\x30')) break;
    found = owned(key_in_block(name, bytes_of(*der), static_cast<long>(der->size()))) != nullptr;
  }
  if (der) wipe(*der);
  return found;
}

std::optional<PublicKey> PublicKey::ed25519(std::string_view bytes) {
  if (bytes.size() != kEd25519Bytes) return std::nullopt;
  Key key = owned(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(bytes), bytes.size()));
  if (!key) return std::nullopt;
  return PublicKey(std::move(key), KeyKind::kEd25519);
}

bool PublicKey::verify(Digest digest, std::string_view message, std::string_view signature) const {
  std::string der;
  if (is_ecdsa(kind_)) {
    auto converted = to_der(kind_, signature);
    if (!converted) return false;
    der = *std::move(converted);
    signature = der;
  }
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const EVP_MD* function = kind_ == KeyKind::kEd25519 ? nullptr : function_of(digest);
  const bool right =
      context && EVP_DigestVerifyInit(context.get(), nullptr, function, nullptr, key_.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
  ERR_clear_error();
  return right;
}

Result<PrivateKey> PrivateKey::parse(std::string_view pem) {
  Key key = read_pem(pem, &private_key_in);
  if (!key) return no_key("this is no private key", "give a PEM without a passphrase");
  auto whole = PublicKey::of(std::move(key));
  if (!whole) return tl::unexpected(std::move(whole.error()));
  return PrivateKey(*std::move(whole));
}

std::optional<PrivateKey> PrivateKey::ed25519(std::string_view bytes) {
  if (bytes.size() != kEd25519Bytes && bytes.size() != 2 * kEd25519Bytes) return std::nullopt;
  Key key = owned(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(bytes), kEd25519Bytes));
  if (!key) return std::nullopt;
  return PrivateKey(PublicKey(std::move(key), KeyKind::kEd25519));
}

std::string PrivateKey::sign(Digest digest, std::string_view message) const {
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const EVP_MD* function = kind() == KeyKind::kEd25519 ? nullptr : function_of(digest);
  std::size_t size = 0;
  if (!context || EVP_DigestSignInit(context.get(), nullptr, function, nullptr, public_.key_.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, bytes_of(message), message.size()) != 1) {
    std::abort();  // out of memory: the key was checked
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes_of(message), message.size()) != 1) {
    std::abort();
  }
  signature.resize(size);
  return is_ecdsa(kind()) ? from_der(kind(), signature) : signature;
}

}  // namespace ipaas::security
