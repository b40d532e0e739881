#include "core/service/webhook_verification.h"

#include "core/security/signature_options.h"

namespace ipaas::service {
namespace {

std::string text_of(const Json& fields, const char* name) {
  const auto value = fields.find(name);
  return value != fields.end() && value->is_string() ? value->get<std::string>() : std::string();
}

/// In the order in which they are tried.
constexpr const char* kShared[] = {"secret", "token"};
/// How the senders of key pairs call it. Anybody may know it, so that a scheme of shared secrets never sees it.
constexpr const char* kPublic = "public_key";

std::vector<Secret> current_secrets(const security::VerifyRule& rule, const Json& fields) {
  std::vector<Secret> secrets;
  for (const char* field : kShared) {
    if (auto value = text_of(fields, field); !value.empty()) secrets.emplace_back(std::move(value));
  }
  Secret known(text_of(fields, kPublic));
  if (!known.empty() && security::takes_public_key(rule, known)) secrets.push_back(std::move(known));
  if (rule.scheme == security::Scheme::kBasic && fields.contains("username")) {
    secrets.emplace_back(text_of(fields, "username") + ":" + text_of(fields, "password"));
  }
  return secrets;
}

bool has_only_public_key(const Json& fields) {
  const auto empty = [&](const char* field) { return text_of(fields, field).empty(); };
  return !empty(kPublic) && empty("secret") && empty("token") && empty("username");
}

}  // namespace

security::VerifyRule verify_rule(const language::WebhookOn& on) {
  security::VerifyRule rule;
  rule.scheme = security::scheme_from_name(on.scheme).value_or(security::Scheme::kNone);
  // The parser has checked them.
  for (const auto& [key, value] : on.options) static_cast<void>(security::set_option(rule, key, value));
  return rule;
}

std::vector<Secret> verify_secrets(const security::VerifyRule& rule, const Json& fields) {
  std::vector<Secret> secrets = current_secrets(rule, fields);
  Secret previous(text_of(fields, "previous"));
  if (previous.empty()) return secrets;
  // What a public key replaces is one too, and is held to the same.
  if (!has_only_public_key(fields) || security::takes_public_key(rule, previous)) secrets.push_back(std::move(previous));
  return secrets;
}

Result<void> check_verification(const language::WebhookOn& on, const Json& fields) {
  const security::VerifyRule rule = verify_rule(on);
  bool any = false;
  Error unfit;
  for (const Secret& secret : current_secrets(rule, fields)) {
    if (secret.reveal().find_first_not_of(" \t\r\n") == std::string_view::npos) continue;
    any = true;
    const auto fits = security::check_secret(rule, secret);
    if (fits) return {};
    unfit = fits.error();
  }
  if (!any && has_only_public_key(fields)) {
    return fail(ErrorKind::kInvalid, "has only a `public_key`, and the scheme " + on.scheme + " does not take it",
                "a shared secret goes into the field `secret`", "credential_unfit");
  }
  if (!any) {
    return fail(ErrorKind::kInvalid, "holds no secret to verify webhooks with", "create one with a field `secret` under another name, and name that one here", "credential_empty");
  }
  return fail(ErrorKind::kInvalid, "does not fit the scheme " + on.scheme + ": " + unfit.message, unfit.hint, "credential_unfit");
}

Secret subscription_token(const Json& fields) { return Secret(text_of(fields, "verify_token")); }

}  // namespace ipaas::service
