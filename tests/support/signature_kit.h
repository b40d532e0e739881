// Every webhook scheme with a key to sign by and one to verify with. The keys are for tests alone.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/security/signature.h"

namespace ipaas::test {

inline constexpr const char* kRsaPrivate = R"(-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQC56zCRbIioJLXL
l0j1faj9zo2eeTW2ppLIX+Z+iV0Q5GAgUh5hz0oXG08H+IkKvTfsloadXvqqa9db
eLPnD+IVb/3z1LLQL66JkR0C+7LUPBbkI1ly89L69XAkVhblF9BwolP6yLAFo5js
u/8ykZ/W22eiydx6VL1MnynOSDlcOJ1+0RpDK/2IR+PCkv2GS3yPg/4Y2jtKMa6R
HoZBUjgNPsOLf9+nuIQQ6NG6G+RK3xx0mY++tzPShtb0B5o+8ExXyGKwja0X3a3o
XU9NFbo9q+wTM8pVE68iwPeDavITHC7ttyg5Qzevplse2PrHevPjP3+vfC32Axod
FQFXsQKjAgMBAAECggEAHh/gp7+ZSP1hw5JIzRZGWpGsWsAzFtxYrkTzuQ8S2FjY
xoPnzltjGule3eDEe8v7Ese1Giy4mwKMS5L8O3VUYbrawDZ3nsoLEtlDhSc5a7As
2Vxs8vZU+jrop8qXPRmluYpj5x+7fb5rWfiAOjZkWtEEMtlYcy3l2lNz16vWN33i
HuIHuPMH6bZVLKEp6YokwKK9p1glkeJQ/9Vgx0j0k9YtDjqKz5DwSDTsHxKO5Iiw
99KZqx/M6k6Ei+BiufL4Y1JFTDkUoVFaIdMufU9/+++mQ/5gc5VYPDAmA5ZeU+6m
jCpmLFJnVHx7HF8c1ozX2kSleYozO3s1Zj9WmmrsSQKBgQDm6SE6kAot5bXBMBhu
sq2wXT59jxJymF0gub6ti/dveNFC08OJUUCIl3pJMiWZ4E+T+hHOfUMuqpWcq6nY
e0UTGnXWXN0fVQdbh3G5gcpbflXvCesolrDmFC12XJS96TaPB9k8LgKJCYcaWQP/
pByBY0Ly+3mtrikPSmSLtgifpwKBgQDOHpdXd6oMFE4hP0ZaA4RhjJExgtFt2yEr
1vrFq+L+2e+v6TC6eoo2H/y2ewYhW8rsJtayJZLH2PR2Lk6y+mzAmPCn5O372fsl
xmf/X8YxIARITygTXUjsEpfKchFXkhdSu8asjQjnw0Xb9TLBSajh2dLyJN2rg3Wi
7opAmbCEpQKBgAWolN3ghb9WL7wKN68Oxd7aiht9lBAm17Fjm96Y3Xln1ojys4n7
6b7vJ1n/1pgMvSZ9LE6JF0pfd8cdFc5uRuUO8vBL2kdYSBPgH9NR8OmJEQYIkjCu
cKtSt0J9Rk/ZFTMwGAy3e+xrxVnJ8KUlGmW5TvyxWOv+ppbvVcNutItlAoGBAJ7/
JgtIuZmbyDEJWEFzWRjOj+m7WcX+NPZWXRdCYlXo02XE4dvXTuo1foFdIPt2jW/g
/dhp93HFv72yNu8FEgL3dxxsEdAm8/7Nr8dkn8OhSOxmcymM2gWQyhpWJ15/yRH+
22CbYnU1QpxL5p0HLwkZOAmluoDlZUcL7wWqCGopAoGBAIuN0RdLW1bZOyiJ53fo
Z5AC5Xn3Q2yMxBly7J0POrxTG+9lXYknqm/s2k0DgYumFF5WMv74DtJOHosFf9C7
L/GU1qPGYWlLxcb0e4NxsCBUJe9dxmaXAu9CDnlS4UmOR+cveQqHPaFwt6fg5cqn
iadkHECv8T12KKtdDIbXC2gT
-----END PRIVATE KEY-----
)";
inline constexpr const char* kRsaPublic = R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAueswkWyIqCS1y5dI9X2o
/c6Nnnk1tqaSyF/mfoldEORgIFIeYc9KFxtPB/iJCr037JaGnV76qmvXW3iz5w/i
FW/989Sy0C+uiZEdAvuy1DwW5CNZcvPS+vVwJFYW5RfQcKJT+siwBaOY7Lv/MpGf
1ttnosncelS9TJ8pzkg5XDidftEaQyv9iEfjwpL9hkt8j4P+GNo7SjGukR6GQVI4
DT7Di3/fp7iEEOjRuhvkSt8cdJmPvrcz0obW9AeaPvBMV8hisI2tF92t6F1PTRW6
PavsEzPKVROvIsD3g2ryExwu7bcoOUM3r6ZbHtj6x3rz4z9/r3wt9gMaHRUBV7EC
owIDAQAB
-----END PUBLIC KEY-----
)";
inline constexpr const char* kEcPrivate = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzy90hFIjJ9VyUj/a
jx9nUgoVj12rY7GEnbyeu7jfRDOhRANCAASatSRvQ5/c/fhxsVeJIA5yUOU2Ryf0
bgteGgiZCaC/jAOoc2eRzOo+2qRR/4hX4dE6cix/QDm3TWwgST9WtDg9
-----END PRIVATE KEY-----
)";
inline constexpr const char* kEcPublic = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEmrUkb0Of3P34cbFXiSAOclDlNkcn
9G4LXhoImQmgv4wDqHNnkczqPtqkUf+IV+HROnIsf0A5t01sIEk/VrQ4PQ==
-----END PUBLIC KEY-----
)";
inline constexpr const char* kEdPrivate = R"(-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJmJcZEmPq8vr5/s1jKrxQOA6B4Rp2ekD2WT2wDA0nLX
-----END PRIVATE KEY-----
)";
inline constexpr const char* kEdPublic = R"(-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA+clhw4vWwjDe8Eir/4G6P2dyqEbozZmSWGduwt9Igcs=
-----END PUBLIC KEY-----
)";
/// RFC 8032, section 7.1, TEST 1.
inline constexpr const char* kSeedHex = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
inline constexpr const char* kPublicHex = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

struct SchemeCase {
  std::string what;
  security::VerifyRule rule;
  Secret signing;
  Secret verifying;
  Secret other;          ///< of the right form, and wrong
  bool timed = false;    ///< fresh for 300 seconds
  bool signs_body = true;
};

inline security::VerifyRule rule_of(security::Scheme scheme) {
  security::VerifyRule rule;
  rule.scheme = scheme;
  return rule;
}

inline security::VerifyRule jwt_rule(std::string algorithm) {
  security::VerifyRule rule = rule_of(security::Scheme::kJwt);
  rule.algorithm = std::move(algorithm);
  return rule;
}

inline security::VerifyRule timed_hmac() {
  security::VerifyRule rule = rule_of(security::Scheme::kHmac);
  rule.algorithm = "sha512";
  rule.encoding = "base64";
  rule.header = "X-Acme-Signature";
  rule.prefix = "v9=";
  rule.timestamp_header = "X-Acme-Time";
  rule.payload = "{timestamp}.{body}";
  return rule;
}

/// A row for each scheme but `none`, and for each kind of key of those that have several.
inline std::vector<SchemeCase> scheme_cases() {
  using security::Scheme;
  const Secret shared("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  const Secret wrong("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  const Secret token(std::string(40, 'k'));
  // RFC 8032, section 7.1, TEST 2: somebody else's public key.
  const std::string stranger = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
  return {
      {"github", rule_of(Scheme::kGithub), shared, shared, wrong},
      {"slack", rule_of(Scheme::kSlack), shared, shared, wrong, true},
      {"stripe", rule_of(Scheme::kStripe), shared, shared, wrong, true},
      {"standard-webhooks v1", rule_of(Scheme::kStandardWebhooks), shared, shared, wrong, true},
      {"standard-webhooks v1a", rule_of(Scheme::kStandardWebhooks), Secret("whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="),
       Secret("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="), Secret("whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="), true},
      {"shopify", rule_of(Scheme::kShopify), shared, shared, wrong},
      {"twilio", rule_of(Scheme::kTwilio), shared, shared, wrong},
      {"discord", rule_of(Scheme::kDiscord), Secret(kSeedHex), Secret(kPublicHex), Secret(stranger)},
      {"hmac", rule_of(Scheme::kHmac), shared, shared, wrong},
      {"hmac with time", timed_hmac(), shared, shared, wrong, true},
      {"bearer", rule_of(Scheme::kBearer), shared, shared, wrong, false, false},
      {"basic", rule_of(Scheme::kBasic), Secret("user:pass:word"), Secret("user:pass:word"), Secret("user:other"), false, false},
      {"jwt HS256", jwt_rule("HS256"), shared, shared, wrong, false, false},
      {"jwt RS256", jwt_rule("RS256"), Secret(kRsaPrivate), Secret(kRsaPublic), Secret(kEcPublic), false, false},
      {"jwt ES256", jwt_rule("ES256"), Secret(kEcPrivate), Secret(kEcPublic), Secret(kRsaPublic), false, false},
      {"jwt EdDSA", jwt_rule("EdDSA"), Secret(kEdPrivate), Secret(kEdPublic), Secret(kEcPublic), false, false},
      {"url-token", rule_of(Scheme::kUrlToken), token, token, Secret(std::string(40, 'l')), false, false},
  };
}

}  // namespace ipaas::test
