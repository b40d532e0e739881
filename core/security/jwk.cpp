#include "core/security/jwk.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>
#include <string>

#include "core/base/encoding.h"
#include "core/base/json.h"

namespace ipaas::security {
namespace {

using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)>;

std::string text_of(const Json& jwk, const char* member) {
  const auto found = jwk.find(member);
  return found != jwk.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Empty when it is not there or no base64url.
std::string bytes_of(const Json& jwk, const char* member) {
  return base64_decode(text_of(jwk, member), Base64Alphabet::kUrl).value_or(std::string());
}

const unsigned char* raw(const std::string& bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

EVP_PKEY* key_of(const char* type, OSSL_PARAM_BLD* builder) {
  const std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> parameters(OSSL_PARAM_BLD_to_param(builder), &OSSL_PARAM_free);
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr), &EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
  return EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1 ? key : nullptr;
}

EVP_PKEY* rsa_key(const Json& jwk) {
  const std::string modulus = bytes_of(jwk, "n");
  const std::string exponent = bytes_of(jwk, "e");
  if (modulus.empty() || exponent.empty() || modulus.size() > 2048) return nullptr;  // 16384 bits
  const Number n(BN_bin2bn(raw(modulus), static_cast<int>(modulus.size()), nullptr), &BN_free);
  const Number e(BN_bin2bn(raw(exponent), static_cast<int>(exponent.size()), nullptr), &BN_free);
  const Builder builder(OSSL_PARAM_BLD_new(), &OSSL_PARAM_BLD_free);
  if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return nullptr;
  }
  return key_of("RSA", builder.get());
}

EVP_PKEY* ec_key(const Json& jwk) {
  const std::string curve = text_of(jwk, "crv");
  const std::size_t size = curve == "P-256" ? 32 : curve == "P-384" ? 48 : curve == "P-521" ? 66 : 0;
  const std::string x = bytes_of(jwk, "x");
  const std::string y = bytes_of(jwk, "y");
  if (size == 0 || x.size() != size || y.size() != size) return nullptr;
  const std::string point = "\x04" + x + y;  // uncompressed: SEC 1, section 2.3.3
  const Builder builder(OSSL_PARAM_BLD_new(), &OSSL_PARAM_BLD_free);
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.c_str(), 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
    return nullptr;
  }
  return key_of("EC", builder.get());
}

EVP_PKEY* okp_key(const Json& jwk) {
  const std::string x = bytes_of(jwk, "x");
  if (text_of(jwk, "crv") != "Ed25519" || x.size() != 32) return nullptr;
  return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(x), x.size());
}

}  // namespace

evp_pkey_st* public_key_of_jwk(std::string_view text) {
  const auto jwk = parse_json(text, {8, 64 * 1024});
  if (!jwk || !jwk->is_object() || jwk->contains("d")) return nullptr;
  const std::string type = text_of(*jwk, "kty");
  if (type == "RSA") return rsa_key(*jwk);
  if (type == "EC") return ec_key(*jwk);
  return type == "OKP" ? okp_key(*jwk) : nullptr;
}

std::optional<Secret> secret_of_jwk(std::string_view text) {
  const auto jwk = parse_json(text, {8, 64 * 1024});
  if (!jwk || !jwk->is_object() || text_of(*jwk, "kty") != "oct") return std::nullopt;
  return Secret(bytes_of(*jwk, "k"));
}

}  // namespace ipaas::security
