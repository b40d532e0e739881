#include "core/security/signature.h"

#include <algorithm>
#include <array>

#include "core/base/letter_case.h"
#include "core/security/signatures/scheme.h"

namespace ipaas::security {
namespace {

Result<void> verify_none(const VerifyRule&, const std::vector<Secret>&, const SignedRequest&, Instant) { return {}; }

Result<Signature> sign_none(const VerifyRule&, const Secret&, const Outgoing&, Instant) { return Signature{}; }

Result<void> any_rule(const VerifyRule&) { return {}; }
Result<void> any_secret(const VerifyRule&, const Secret&) { return {}; }

bool no_public_key(const VerifyRule&, const Secret&) { return false; }
bool any_public_key(const VerifyRule&, const Secret&) { return true; }

bool never_costly(const SignedRequest&) { return false; }
bool always_costly(const SignedRequest&) { return true; }

/// A scheme is a row here and its functions.
struct SchemeRow {
  std::string_view name;
  decltype(&verify_none) verify;
  decltype(&sign_none) sign;
  std::string_view id_header = {};
  std::array<std::string_view, 2> id_keys = {};
  decltype(&any_rule) check = &any_rule;
  decltype(&any_secret) check_secret = &any_secret;
  /// A row that says nothing takes shared secrets only.
  decltype(&no_public_key) takes_public_key = &no_public_key;
  decltype(&never_costly) is_costly = &never_costly;
};

namespace of = signatures;

/// In the order of the enumeration.
constexpr std::array<SchemeRow, 13> kSchemes{{
    {"github", &of::verify_github, &of::sign_github, "X-GitHub-Delivery"},
    {"slack", &of::verify_slack, &of::sign_slack, {}, {"event_id", "trigger_id"}},
    {"stripe", &of::verify_stripe, &of::sign_stripe, {}, {"id"}},
    {"standard-webhooks", &of::verify_standard, &of::sign_standard, "webhook-id", {}, &any_rule, &of::check_standard_secret,
     &of::is_standard_public_key, &of::is_standard_costly},
    {"shopify", &of::verify_shopify, &of::sign_shopify, "X-Shopify-Event-Id"},
    {"twilio", &of::verify_twilio, &of::sign_twilio, "I-Twilio-Idempotency-Token"},
    {"discord", &of::verify_discord, &of::sign_discord, {}, {"id"}, &any_rule, &of::check_discord_secret, &any_public_key,
     &always_costly},
    {"hmac", &of::verify_hmac, &of::sign_hmac, {}, {}, &of::check_hmac},
    {"bearer", &of::verify_bearer, &of::sign_bearer},
    {"basic", &of::verify_basic, &of::sign_basic, {}, {}, &any_rule, &of::check_basic_secret},
    {"jwt", &of::verify_jwt, &of::sign_jwt, {}, {}, &of::check_jwt, &of::check_jwt_secret, &of::takes_jwt_public_key,
     &always_costly},
    {"url-token", &of::verify_url_token, &of::sign_url_token, {}, {}, &any_rule, &of::check_url_token_secret},
    {"none", &verify_none, &sign_none},
}};

const SchemeRow& row_of(Scheme scheme) { return kSchemes.at(static_cast<std::size_t>(scheme)); }

}  // namespace

std::string_view scheme_name(Scheme scheme) { return row_of(scheme).name; }

std::optional<Scheme> scheme_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kSchemes.size(); ++i) {
    if (kSchemes[i].name == name) return static_cast<Scheme>(i);
  }
  return std::nullopt;
}

const std::vector<std::string_view>& scheme_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const SchemeRow& row : kSchemes) all.push_back(row.name);
    return all;
  }();
  return names;
}

std::optional<std::string_view> SignedRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equal_letters(key, name)) return value;
  }
  return std::nullopt;
}

std::size_t SignedRequest::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(), [&](const auto& header) { return equal_letters(header.first, name); }));
}

Result<void> check(const VerifyRule& rule) { return row_of(rule.scheme).check(rule); }

Result<void> check_secret(const VerifyRule& rule, const Secret& secret) {
  if (rule.scheme == Scheme::kNone) return {};
  if (secret.reveal().find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return signatures::unfit("the secret is empty", "an empty secret verifies nothing");
  }
  return row_of(rule.scheme).check_secret(rule, secret);
}

bool takes_public_key(const VerifyRule& rule, const Secret& key) { return row_of(rule.scheme).takes_public_key(rule, key); }

bool is_costly(Scheme scheme, const SignedRequest& request) { return row_of(scheme).is_costly(request); }

Result<void> verify(const VerifyRule& rule, const std::vector<Secret>& secrets, const SignedRequest& request, Instant now) {
  return row_of(rule.scheme).verify(rule, secrets, request, now);
}

Result<Signature> sign(const VerifyRule& rule, const Secret& secret, const Outgoing& outgoing, Instant now) {
  if (secret.empty() && rule.scheme != Scheme::kNone) {
    return signatures::unfit("the secret is empty", "an empty secret verifies nothing");
  }
  return row_of(rule.scheme).sign(rule, secret, outgoing, now);
}

DeliveryId delivery_id(Scheme scheme) {
  const SchemeRow& row = row_of(scheme);
  DeliveryId id{row.id_header, {}};
  for (const std::string_view key : row.id_keys) {
    if (!key.empty()) id.body_keys.push_back(key);
  }
  return id;
}

}  // namespace ipaas::security
