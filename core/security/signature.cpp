#include "core/security/signature.h"

#include <strings.h>

#include <algorithm>
#include <array>

#include "core/security/signatures/scheme.h"

namespace ipaas::security {
namespace {

Result<void> verify_none(const VerifyRule&, const std::vector<Secret>&, const SignedRequest&, Instant) { return {}; }

Result<signatures::Headers> sign_none(const VerifyRule&, const Secret&, std::string_view, std::string_view, Instant) {
  return signatures::Headers{};
}

/// A scheme is a row here and its functions.
struct SchemeRow {
  std::string_view name;
  decltype(&verify_none) verify;
  decltype(&sign_none) sign;
  std::string_view id_header;
  std::array<std::string_view, 2> id_keys;
};

/// In the order of the enumeration.
constexpr std::array<SchemeRow, 7> kSchemes{{
    {"github", &signatures::verify_github, &signatures::sign_github, "X-GitHub-Delivery", {}},
    {"stripe", &signatures::verify_stripe, &signatures::sign_stripe, {}, {"id"}},
    {"slack", &signatures::verify_slack, &signatures::sign_slack, {}, {"event_id", "trigger_id"}},
    {"standard-webhooks", &signatures::verify_standard, &signatures::sign_standard, "webhook-id", {}},
    {"hmac", &signatures::verify_hmac, &signatures::sign_hmac, {}, {}},
    {"bearer", &signatures::verify_bearer, &signatures::sign_bearer, {}, {}},
    {"none", &verify_none, &sign_none, {}, {}},
}};

const SchemeRow& row_of(Scheme scheme) { return kSchemes.at(static_cast<std::size_t>(scheme)); }

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

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
    if (same_name(key, name)) return value;
  }
  return std::nullopt;
}

std::size_t SignedRequest::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(), [&](const auto& header) { return same_name(header.first, name); }));
}

Result<void> check(const VerifyRule& rule) {
  return rule.scheme == Scheme::kHmac ? signatures::check_hmac(rule) : Result<void>{};
}

Result<void> verify(const VerifyRule& rule, const std::vector<Secret>& secrets, const SignedRequest& request, Instant now) {
  return row_of(rule.scheme).verify(rule, secrets, request, now);
}

Result<std::vector<std::pair<std::string, std::string>>> sign(const VerifyRule& rule, const Secret& secret,
                                                              std::string_view body, std::string_view id, Instant now) {
  if (secret.empty() && rule.scheme != Scheme::kNone) {
    return fail(ErrorKind::kInvalid, "the secret is empty", "an empty secret verifies nothing", "verify_rule");
  }
  return row_of(rule.scheme).sign(rule, secret, body, id, now);
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
