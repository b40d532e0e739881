// RFC 7515 (JWS), RFC 7519 (JWT), RFC 8725 (best current practices): `Authorization: Bearer <token>`.
//
// The algorithm and the key are the receiver's choice: what the token says of them (alg, kid, jwk, jku, x5u) selects
// nothing. The body is not signed by these tokens.
#include <algorithm>
#include <array>
#include <set>

#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/security/jwk.h"
#include "core/security/public_key.h"
#include "core/security/signatures/scheme.h"

namespace ipaas::security::signatures {
namespace {

constexpr std::string_view kKind = "Bearer ";
constexpr std::size_t kLongestToken = 16 * 1024;
constexpr Duration kLifetime = std::chrono::minutes(5);

struct Algorithm {
  std::string_view name;
  Digest digest;
  std::optional<KeyKind> key;  ///< nothing: HMAC
};

constexpr std::array<Algorithm, 10> kAlgorithms{{
    {"HS256", Digest::kSha256, std::nullopt},
    {"HS384", Digest::kSha384, std::nullopt},
    {"HS512", Digest::kSha512, std::nullopt},
    {"RS256", Digest::kSha256, KeyKind::kRsa},
    {"RS384", Digest::kSha384, KeyKind::kRsa},
    {"RS512", Digest::kSha512, KeyKind::kRsa},
    {"ES256", Digest::kSha256, KeyKind::kP256},
    {"ES384", Digest::kSha384, KeyKind::kP384},
    {"ES512", Digest::kSha512, KeyKind::kP521},
    {"EdDSA", Digest::kSha512, KeyKind::kEd25519},
}};

const Algorithm* algorithm_of(const VerifyRule& rule) {
  for (const Algorithm& algorithm : kAlgorithms) {
    if (algorithm.name == rule.algorithm) return &algorithm;
  }
  return nullptr;
}

/// White space, and the byte order mark that a JSON reader passes over as well.
constexpr std::string_view kBeforeJson = " \t\r\n\v\f\xEF\xBB\xBF";

bool is_json_object(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBeforeJson);
  return first != std::string_view::npos && text[first] == '{';
}

bool is_public_key(std::string_view text) {
  return text.find("-----BEGIN ") != std::string_view::npos || is_bare_public_key(text);
}

/// The key of an HMAC: the text as it is, or what an `oct` JWK holds. A text that is the public key of something is
/// refused: everybody may know it, and could sign with it.
Result<Secret> hmac_key(const VerifyRule& rule, const Secret& secret) {
  Secret key = secret;
  if (is_json_object(secret.reveal())) {
    auto held = secret_of_jwk(secret.reveal());
    if (!held || held->empty()) {
      return unfit("the JWK holds no shared secret, which " + rule.algorithm + " takes", "give one of kty oct with a member `k`");
    }
    key = *std::move(held);
  }
  if (is_public_key(key.reveal())) {
    return unfit("the secret is a public key, which everybody may know, and " + rule.algorithm + " takes a shared secret",
                 "write the algorithm of the key");
  }
  return key;
}

struct Token {
  std::string_view signed_part;  ///< header and payload as they came, with the dot between
  std::string header;
  std::string payload;
  std::string signature;
};

std::optional<Token> split(std::string_view text) {
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos || text.size() > kLongestToken) return std::nullopt;
  // A fourth part or padding is no base64url, and so refused.
  if (text.find('=') != std::string_view::npos) return std::nullopt;
  auto header = base64_decode(text.substr(0, first), Base64Alphabet::kUrl);
  auto payload = base64_decode(text.substr(first + 1, second - first - 1), Base64Alphabet::kUrl);
  auto signature = base64_decode(text.substr(second + 1), Base64Alphabet::kUrl);
  if (!header || !payload || !signature) return std::nullopt;
  return Token{text.substr(0, second), *std::move(header), *std::move(payload), *std::move(signature)};
}

/// A JSON object in which no name is there twice (RFC 7519, section 4): two readers might take one of each.
std::optional<Json> strict_object(std::string_view text) {
  const auto object = parse_json(text, {16, kLongestToken});
  if (!object || !object->is_object()) return std::nullopt;
  std::set<std::string> names;
  bool unique = true;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::key && depth == 1) unique &= names.insert(parsed.get<std::string>()).second;
    return true;
  };
  const Json ignored = Json::parse(text, watch);
  return unique ? std::optional(*object) : std::nullopt;
}

Result<void> check_header(const VerifyRule& rule, const Json& header) {
  const auto algorithm = header.find("alg");
  if (algorithm == header.end() || !algorithm->is_string()) return refuse("signature_malformed", "the token's header has no alg");
  if (algorithm->get_ref<const std::string&>() != rule.algorithm) {
    return refuse("signature_mismatch", "the token is not signed with " + rule.algorithm);
  }
  if (header.contains("crit")) return refuse("signature_malformed", "the token's header has crit, and nothing critical is known here");
  return {};
}

bool is_signed(const VerifyRule& rule, const Algorithm& algorithm, const Secrets& secrets, const Token& token) {
  for (const Secret& secret : secrets) {
    if (secret.empty()) continue;
    if (algorithm.key) {
      const auto key = PublicKey::parse(secret.reveal());
      if (key && key->kind() == *algorithm.key && key->verify(algorithm.digest, token.signed_part, token.signature)) return true;
      continue;
    }
    const Result<Secret> key = hmac_key(rule, secret);
    if (key && hmac(algorithm.digest, key->reveal(), std::array{token.signed_part}).equals(token.signature)) return true;
  }
  return false;
}

/// A NumericDate in seconds since 1970; nothing when it is no number.
std::optional<double> date_of(const Json& claims, const char* name) {
  const auto found = claims.find(name);
  return found != claims.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

std::string apart(double seconds) { return std::to_string(static_cast<std::int64_t>(std::min(seconds, 1e15))) + " s"; }

Result<void> check_times(const VerifyRule& rule, const Json& claims, Instant now) {
  const double present = static_cast<double>(now.time_since_epoch().count()) / 1000;
  const double leeway = static_cast<double>(rule.leeway.count()) / 1000;
  const auto expiry = date_of(claims, "exp");
  if (!expiry) return refuse("claim_refused", "the token has no exp, so that it would hold for ever");
  if (present >= *expiry + leeway) {
    return refuse("timestamp_outside_tolerance", "the token expired " + apart(present - *expiry) + " ago");
  }
  if (!claims.contains("nbf")) return {};
  const auto start = date_of(claims, "nbf");
  if (!start) return refuse("claim_refused", "the token's nbf is no number");
  if (present + leeway < *start) {
    return refuse("timestamp_outside_tolerance", "the token becomes valid in " + apart(*start - present));
  }
  return {};
}

bool names_audience(const Json& claim, const std::string& audience) {
  if (claim.is_string()) return claim.get_ref<const std::string&>() == audience;
  if (!claim.is_array()) return false;
  return std::any_of(claim.begin(), claim.end(), [&](const Json& one) { return one.is_string() && one.get_ref<const std::string&>() == audience; });
}

Result<void> check_parties(const VerifyRule& rule, const Json& claims) {
  const auto audience = claims.find("aud");
  if (rule.audience.empty()) {
    // RFC 7519, section 4.1.3: who does not find itself in it must refuse.
    if (audience != claims.end()) return refuse("claim_refused", "the token names an audience, and the rule does not: set `audience`");
  } else if (audience == claims.end() || !names_audience(*audience, rule.audience)) {
    return refuse("claim_refused", "the token is not for the audience that is expected");
  }
  const auto issuer = claims.find("iss");
  if (!rule.issuer.empty() && (issuer == claims.end() || *issuer != rule.issuer)) {
    return refuse("claim_refused", "the token is not from the issuer that is expected");
  }
  return {};
}

std::string encoded(const Json& value) { return base64_encode(dump_json(value), Base64Alphabet::kUrl); }

}  // namespace

Result<void> check_jwt(const VerifyRule& rule) {
  if (algorithm_of(rule) != nullptr) return {};
  return fail(ErrorKind::kInvalid, rule.algorithm.empty() ? "verify.algorithm is missing" : "verify.algorithm is unknown",
              "use HS256, RS256, ES256 or EdDSA, or the 384 and 512 of the first three", "verify_rule");
}

Result<void> check_jwt_secret(const VerifyRule& rule, const Secret& secret) {
  const Algorithm* algorithm = algorithm_of(rule);
  if (algorithm == nullptr) return check_jwt(rule);
  if (!algorithm->key) {
    auto shared = hmac_key(rule, secret);
    return shared ? Result<void>() : tl::unexpected(std::move(shared.error()));
  }
  const auto key = PublicKey::parse(secret.reveal());
  if (!key) return tl::unexpected(key.error());
  if (key->kind() == *algorithm->key) return {};
  return unfit("the key is not of the kind that " + rule.algorithm + " takes", "write the algorithm of the key");
}

bool takes_jwt_public_key(const VerifyRule& rule, const Secret&) {
  const Algorithm* algorithm = algorithm_of(rule);
  return algorithm != nullptr && algorithm->key.has_value();
}

Result<void> verify_jwt(const VerifyRule& rule, const Secrets& secrets, const SignedRequest& request, Instant now) {
  if (auto checked = check_jwt(rule); !checked) return checked;
  const Result<std::string_view> text = authorization(request, kKind);
  if (!text) return tl::unexpected(text.error());
  const std::optional<Token> token = split(*text);
  const std::optional<Json> header = token ? strict_object(token->header) : std::nullopt;
  if (!header) return refuse("signature_malformed", "the bearer token is no JWT");
  if (auto checked = check_header(rule, *header); !checked) return checked;
  if (!is_signed(rule, *algorithm_of(rule), secrets, *token)) {
    return refuse("signature_mismatch", "the token's signature does not fit it and the key");
  }
  const std::optional<Json> claims = strict_object(token->payload);
  if (!claims) return refuse("signature_malformed", "the token's claims are no JSON object with each name once");
  if (auto checked = check_times(rule, *claims, now); !checked) return checked;
  return check_parties(rule, *claims);
}

Result<Signature> sign_jwt(const VerifyRule& rule, const Secret& secret, const Outgoing& outgoing, Instant now) {
  if (auto checked = check_jwt(rule); !checked) return tl::unexpected(std::move(checked.error()));
  const Algorithm& algorithm = *algorithm_of(rule);
  const std::int64_t issued = parse_seconds(seconds_of(now)).value_or(0);
  Json claims = Json::object();
  if (!rule.issuer.empty()) claims["iss"] = rule.issuer;
  if (!rule.audience.empty()) claims["aud"] = rule.audience;
  if (!outgoing.id.empty()) claims["jti"] = std::string(outgoing.id);
  claims["iat"] = issued;
  claims["exp"] = issued + std::chrono::duration_cast<std::chrono::seconds>(kLifetime).count();
  const std::string text = encoded(Json{{"alg", std::string(algorithm.name)}, {"typ", "JWT"}}) + "." + encoded(claims);
  std::string signature;
  if (algorithm.key) {
    const auto key = PrivateKey::parse(secret.reveal());
    if (!key) return tl::unexpected(key.error());
    if (key->kind() != *algorithm.key) return unfit("the key is not of the kind that " + rule.algorithm + " takes", "write the algorithm of the key");
    signature = key->sign(algorithm.digest, text);
  } else {
    auto key = hmac_key(rule, secret);
    if (!key) return tl::unexpected(std::move(key.error()));
    signature = hmac(algorithm.digest, key->reveal(), std::array<std::string_view, 1>{text}).view();
  }
  Headers headers;
  headers.emplace_back("Authorization", std::string(kKind) + text + "." + base64_encode(signature, Base64Alphabet::kUrl));
  return Signature{std::move(headers)};
}

}  // namespace ipaas::security::signatures
