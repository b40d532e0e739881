// What promises.md says of JWTs, and the RFCs' own tokens.
#include <array>

#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/security/public_key.h"
#include "core/security/signature.h"
#include "tests/support/catch.h"
#include "tests/support/signature_kit.h"

using namespace ipaas;
using namespace ipaas::security;
using namespace ipaas::test;

namespace {

const Instant kNow = from_millis(1'700'000'000'000);
const Secret kKey("a shared secret of more than 32 bytes");

std::string url64(std::string_view bytes) { return base64_encode(bytes, Base64Alphabet::kUrl); }

std::string code_of(const VerifyRule& rule, const std::string& token, const Secret& key = kKey, Instant now = kNow) {
  const std::string value = "Bearer " + token;
  const std::vector<std::pair<std::string_view, std::string_view>> headers = {{"Authorization", value}};
  const auto verified = verify(rule, {key}, SignedRequest{"{}", headers}, now);
  return verified ? "accepted" : verified.error().code;
}

/// A token under kKey, with whatever header and claims.
std::string token(std::string_view claims, std::string_view header = R"({"alg":"HS256"})") {
  const std::string text = url64(header) + "." + url64(claims);
  const std::array<std::string_view, 1> parts = {text};
  return text + "." + url64(hmac(Digest::kSha256, kKey.reveal(), parts).view());
}

std::string claims(const Json& more = Json::object()) {
  Json all{{"exp", 1'700'000'060}};
  for (const auto& [name, value] : more.items()) all[name] = value;
  return dump_json(all);
}

}  // namespace

TEST_CASE("jwt: a token is good until it expires, with leeway a little longer") {
  VerifyRule rule = jwt_rule("HS256");
  const std::string good = token(claims());
  CHECK(code_of(rule, good) == "accepted");
  CHECK(code_of(rule, good, kKey, kNow + std::chrono::milliseconds(59'999)) == "accepted");
  CHECK(code_of(rule, good, kKey, kNow + std::chrono::seconds(60)) == "timestamp_outside_tolerance");
  rule.leeway = std::chrono::seconds(30);
  CHECK(code_of(rule, good, kKey, kNow + std::chrono::seconds(89)) == "accepted");
  CHECK(code_of(rule, good, kKey, kNow + std::chrono::seconds(90)) == "timestamp_outside_tolerance");
  CHECK(code_of(rule, token("{}")) == "claim_refused");
  for (const char* exp : {R"("1700000060")", "null", "true", "[1700000060]"}) {
    CHECK(code_of(rule, token(std::string(R"({"exp":)") + exp + "}")) == "claim_refused");
  }
  CHECK(code_of(rule, token(R"({"exp":1e300})")) == "accepted");
  CHECK(code_of(rule, token(R"({"exp":-1e300})")) == "timestamp_outside_tolerance");
}

TEST_CASE("jwt: a token that is not valid yet is refused") {
  VerifyRule rule = jwt_rule("HS256");
  CHECK(code_of(rule, token(claims({{"nbf", 1'700'000'000}}))) == "accepted");
  CHECK(code_of(rule, token(claims({{"nbf", 1'700'000'001}}))) == "timestamp_outside_tolerance");
  CHECK(code_of(rule, token(claims({{"nbf", "1"}}))) == "claim_refused");
  rule.leeway = std::chrono::seconds(1);
  CHECK(code_of(rule, token(claims({{"nbf", 1'700'000'001}}))) == "accepted");
}

TEST_CASE("jwt: audience and issuer are those that the rule names") {
  VerifyRule rule = jwt_rule("HS256");
  CHECK(code_of(rule, token(claims({{"iss", "anybody"}}))) == "accepted");
  CHECK(code_of(rule, token(claims({{"aud", "somebody"}}))) == "claim_refused");
  rule.audience = "us";
  rule.issuer = "https://issuer.example";
  const auto with = [&](const Json& aud, const Json& iss) { return code_of(rule, token(claims({{"aud", aud}, {"iss", iss}}))); };
  CHECK(with("us", "https://issuer.example") == "accepted");
  CHECK(with(Json::array({"them", "us"}), "https://issuer.example") == "accepted");
  CHECK(with("them", "https://issuer.example") == "claim_refused");
  CHECK(with(Json::array({"them", 7}), "https://issuer.example") == "claim_refused");
  CHECK(with(Json::array(), "https://issuer.example") == "claim_refused");
  CHECK(with("us", "https://issuer.example/") == "claim_refused");
  CHECK(with("us", 7) == "claim_refused");
  CHECK(code_of(rule, token(claims({{"iss", "https://issuer.example"}}))) == "claim_refused");
  CHECK(code_of(rule, token(claims({{"aud", "us"}}))) == "claim_refused");
}

TEST_CASE("jwt: the token does not choose algorithm or key") {
  const VerifyRule rule = jwt_rule("HS256");
  const std::string payload = url64(claims());
  CHECK(code_of(rule, url64(R"({"alg":"none"})") + "." + payload + ".") == "signature_mismatch");
  CHECK(code_of(rule, token(claims(), R"({"alg":"hs256"})")) == "signature_mismatch");
  CHECK(code_of(rule, token(claims(), R"({"alg":"HS384"})")) == "signature_mismatch");
  CHECK(code_of(rule, token(claims(), R"({"typ":"JWT"})")) == "signature_malformed");
  CHECK(code_of(rule, token(claims(), R"({"alg":["HS256"]})")) == "signature_malformed");
  CHECK(code_of(rule, token(claims(), R"({"alg":"HS256","kid":"../../dev/null","jku":"https://evil.example","jwk":{"kty":"oct","k":"AA"}})")) == "accepted");
  CHECK(code_of(rule, token(claims(), R"({"alg":"HS256","kid":"' OR 1=1"})"), Secret("another")) == "signature_mismatch");
  CHECK(code_of(rule, token(claims(), R"({"alg":"HS256","crit":["b64"],"b64":false})")) == "signature_malformed");
  CHECK(code_of(rule, token(claims(), R"({"alg":"HS256","crit":[]})")) == "signature_malformed");
  // The public key is no secret: an HMAC under it proves nothing.
  const std::string text = url64(R"({"alg":"HS256"})") + "." + payload;
  const std::array<std::string_view, 1> parts = {text};
  const std::string confused = text + "." + url64(hmac(Digest::kSha256, kRsaPublic, parts).view());
  CHECK(code_of(jwt_rule("RS256"), confused, Secret(kRsaPublic)) == "signature_mismatch");
  CHECK(code_of(rule, confused, Secret(kRsaPublic)) == "signature_mismatch");
  CHECK(check_secret(rule, Secret(kRsaPublic)).error().code == "verify_secret");
}

TEST_CASE("jwt: a public key in whatever form is no shared secret, whoever signed with its text") {
  const std::string rsa = R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp","e":"AQAB"})";
  const std::string pem = kRsaPublic;
  const std::size_t start = pem.find('\n') + 1;
  const std::string lines = pem.substr(start, pem.find("-----END") - start);
  const auto oct = [](std::string_view key) { return R"({"kty":"oct","k":")" + url64(key) + R"("})"; };
  for (const std::string& known :
       {rsa, " \r\n\t" + rsa, "\xEF\xBB\xBF" + rsa, std::string(R"({"kty":"oct"})"), std::string(R"({"kty":"oct","k":""})"),
        std::string(R"({"keys":[]})"), std::string("{"), lines, std::string("MCowBQYDK2VwAyEA+clhw4vWwjDe8Eir/4G6P2dyqEbozZmSWGduwt9Igcs="),
        oct(pem), oct(lines)}) {
    INFO(known);
    CHECK(check_secret(jwt_rule("HS256"), Secret(known)).error().code == "verify_secret");
    CHECK_FALSE(sign(jwt_rule("HS256"), Secret(known), {"{}"}, kNow));
    const std::string text = url64(R"({"alg":"HS256"})") + "." + url64(claims());
    const std::array<std::string_view, 1> parts = {text};
    const std::string forged = text + "." + url64(hmac(Digest::kSha256, known, parts).view());
    CHECK(code_of(jwt_rule("HS256"), forged, Secret(known)) == "signature_mismatch");
  }
  // White space before a JWK that is a shared secret does no harm, and base64 that is no key is a text like any other.
  for (const std::string& good : {oct("hush"), "\n " + oct("hush"), std::string("MCowBQYDK2VwAyEA")}) {
    const auto signature = sign(jwt_rule("HS256"), Secret(good), {"{}"}, kNow);
    REQUIRE(signature);
    CHECK(code_of(jwt_rule("HS256"), signature->headers[0].second.substr(7), Secret(good)) == "accepted");
  }
}

TEST_CASE("jwt: one form of a token is accepted, and no other") {
  const VerifyRule rule = jwt_rule("HS256");
  const std::string good = token(claims());
  for (const std::string& bad :
       {good + "=", good + ".", good + ".e30", "x" + good, good + "\n", std::string("a.b"), std::string(".."), std::string("..."),
        std::string(100'000, 'A') + "." + good, good.substr(0, good.rfind('.')) + ".", url64("[]") + "." + url64("{}") + ".AA"}) {
    CHECK(code_of(rule, bad) != "accepted");
  }
  std::string plus = good;
  plus.back() = '+';
  CHECK(code_of(rule, plus) == "signature_malformed");
  CHECK(code_of(rule, token(R"({"exp":1,"exp":1700000060})")) == "signature_malformed");
  CHECK(code_of(rule, token(claims(), R"({"alg":"none","alg":"HS256"})")) == "signature_malformed");
  CHECK(code_of(rule, token(R"({"exp":1700000060}x)")) == "signature_malformed");
  CHECK(code_of(rule, token("[]")) == "signature_malformed");
  CHECK(code_of(rule, token(std::string(10'000, '['))) == "signature_malformed");
  CHECK(code_of(rule, token(claims({{"x", {{"exp", 1}, {"deep", {{"exp", 2}}}}}}))) == "accepted");
}

// RFC 7515, appendices A.2 and A.3: the keys as they print them, and the token under each.
TEST_CASE("jwt: the tokens of RFC 7515 are verified with their JWKs") {
  const std::string claims_part =
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  const Instant then = from_millis(1'300'819'300'000);
  const Secret rsa(
      R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"})");
  const std::string rs256 = "eyJhbGciOiJSUzI1NiJ9." + claims_part +
      ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
  CHECK(code_of(jwt_rule("RS256"), rs256, rsa, then) == "accepted");
  const Secret ec(
      R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})");
  const std::string es256 = "eyJhbGciOiJFUzI1NiJ9." + claims_part +
      ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
  CHECK(code_of(jwt_rule("ES256"), es256, ec, then) == "accepted");
  CHECK(code_of(jwt_rule("RS256"), rs256, ec, then) == "signature_mismatch");
  CHECK(code_of(jwt_rule("ES256"), rs256, ec, then) == "signature_mismatch");
  const Secret oct(R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})");
  const std::string hs256 = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + claims_part + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  CHECK(code_of(jwt_rule("HS256"), hs256, oct, then) == "accepted");
  CHECK(code_of(jwt_rule("HS256"), hs256, oct, then + std::chrono::seconds(80)) == "timestamp_outside_tolerance");
}

// RFC 8037, appendix A.4.
TEST_CASE("Ed25519 verifies the JWS of RFC 8037 under its JWK") {
  const auto key = PublicKey::parse(R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
  REQUIRE(key);
  const auto signature = base64_decode("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg", Base64Alphabet::kUrl);
  CHECK(key->verify(Digest::kSha512, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc", *signature));
  CHECK_FALSE(key->verify(Digest::kSha512, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmd", *signature));
}

TEST_CASE("a key that cannot be right is refused before it is used") {
  const auto code = [](const std::string& algorithm, const std::string& key) {
    const auto checked = check_secret(jwt_rule(algorithm), Secret(key));
    return checked ? "fits" : checked.error().code;
  };
  CHECK(code("RS256", kRsaPublic) == "fits");
  CHECK(code("RS512", kRsaPublic) == "fits");
  CHECK(code("ES256", kEcPublic) == "fits");
  CHECK(code("EdDSA", kEdPublic) == "fits");
  CHECK(code("ES256", kRsaPublic) == "verify_secret");
  CHECK(code("ES384", kEcPublic) == "verify_secret");
  CHECK(code("RS256", kRsaPrivate) == "verify_secret");
  CHECK(code("RS256", "no key") == "verify_secret");
  CHECK(code("RS256", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n") == "verify_secret");
  CHECK(code("RS256", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") == "verify_secret");
  CHECK(code("HS256", R"({"kty":"oct","k":""})") == "verify_secret");
  CHECK(code("ES256", R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1"})") == "verify_secret");
  CHECK(code("ES256", R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA"})") == "verify_secret");
  // 1024 bits.
  CHECK(code("RS256", "-----BEGIN PUBLIC KEY-----\n"
                      "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC0ht0aEHyXe+pLJJB87B5fGiWN\n"
                      "x1LK5ZTCDbF4BJB59ryzYicr2BTkhiSF5sJ8W4N5o3t+r3eayPLA971Enfq5LGYX\n"
                      "39xqta02RmaQAxUvqkBa6E6/DCPbaneZ/VsJ37NCksVFsEgx7V2t/URLmD+lDeun\n"
                      "3UK3I1K0NoO39C8QOwIDAQAB\n-----END PUBLIC KEY-----\n") == "verify_secret");
  for (const char* algorithm : {"", "none", "hs256", "PS256"}) CHECK(check(jwt_rule(algorithm)).error().code == "verify_rule");
}

TEST_CASE("a public key is read from PKCS#1 and from a certificate too, and from nothing that goes on behind it") {
  const char* pkcs1 = R"(-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAueswkWyIqCS1y5dI9X2o/c6Nnnk1tqaSyF/mfoldEORgIFIeYc9K
FxtPB/iJCr037JaGnV76qmvXW3iz5w/iFW/989Sy0C+uiZEdAvuy1DwW5CNZcvPS
+vVwJFYW5RfQcKJT+siwBaOY7Lv/MpGf1ttnosncelS9TJ8pzkg5XDidftEaQyv9
iEfjwpL9hkt8j4P+GNo7SjGukR6GQVI4DT7Di3/fp7iEEOjRuhvkSt8cdJmPvrcz
0obW9AeaPvBMV8hisI2tF92t6F1PTRW6PavsEzPKVROvIsD3g2ryExwu7bcoOUM3
r6ZbHtj6x3rz4z9/r3wt9gMaHRUBV7ECowIDAQAB
-----END RSA PUBLIC KEY-----
)";
  const char* certificate = R"(-----BEGIN CERTIFICATE-----
MIIBeDCCAR+gAwIBAgIUJAhGdLW7EDCgY92d/0Lyv4/6aR4wCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGc2VuZGVyMCAXDTI2MTEyMjA0NDQxNFoYDzIxMjYxMDI5MDQ0
NDE0WjARMQ8wDQYDVQQDDAZzZW5kZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AASatSRvQ5/c/fhxsVeJIA5yUOU2Ryf0bgteGgiZCaC/jAOoc2eRzOo+2qRR/4hX
4dE6cix/QDm3TWwgST9WtDg9o1MwUTAdBgNVHQ4EFgQUjIwQTHj5xfsdCK+g+oqh
f8P17JgwHwYDVR0jBBgwFoAUjIwQTHj5xfsdCK+g+oqhf8P17JgwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBFRBUuPan1JEJbLZw4nwgTsWZjdx5i
5yPTBUCCQxpmEgIgGPN6DvAzuA/QR12ggL1G5TWu+txB8UxdKgszmMD8itk=
-----END CERTIFICATE-----
)";
  const auto rsa = PublicKey::parse(pkcs1);
  const auto ec = PublicKey::parse(certificate);
  REQUIRE(rsa);
  REQUIRE(ec);
  CHECK(rsa->kind() == KeyKind::kRsa);
  CHECK(ec->kind() == KeyKind::kP256);
  CHECK(rsa->verify(Digest::kSha256, "text", PrivateKey::parse(kRsaPrivate)->sign(Digest::kSha256, "text")));
  CHECK(ec->verify(Digest::kSha256, "text", PrivateKey::parse(kEcPrivate)->sign(Digest::kSha256, "text")));
  // RFC 8410: 12 bytes of prefix and the 32 of the key; then one more.
  const auto der = hex_decode(std::string("302a300506032b6570032100") + kPublicHex);
  const auto pem = [](const std::string& bytes) { return "-----BEGIN PUBLIC KEY-----\n" + base64_encode(bytes) + "\n-----END PUBLIC KEY-----\n"; };
  CHECK(PublicKey::parse(pem(*der)));
  CHECK_FALSE(PublicKey::parse(pem(*der + "x")));
}
