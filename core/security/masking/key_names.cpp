#include "core/security/masking/key_names.h"

#include <algorithm>
#include <array>
#include <string>

namespace ipaas::security::masking {
namespace {

/// A name is secret that ends like this, once its separators are gone.
constexpr std::array<std::string_view, 33> kEndings = {
    "password",      "passwords",     "passwd",        "passphrase",    "passcode",   "secret",      "secrets",
    "token",         "apikey",        "apikeys",       "apisecret",     "accesskey",  "secretkey",   "secretaccesskey",
    "privatekey",    "signingkey",    "encryptionkey", "masterkey",     "accountkey", "authkey",     "sharedkey",
    "credential",    "credentials",   "authorization", "cookie",        "sessionid",  "sessionkey",  "connectionstring",
    "webhookurl",    "bottoken",      "passwort",      "jwt",           "licensekey"};

/// Names that end so and are none.
constexpr std::array<std::string_view, 7> kInnocent = {"nextpagetoken", "pagetoken", "nexttoken",  "continuationtoken",
                                                       "synctoken",     "endtoken",  "starttoken"};

/// Too short to be looked for at the end of longer words (`compass`): a name's whole last part.
constexpr std::array<std::string_view, 4> kLastParts = {"pass", "pwd", "cvv", "cvc"};

/// What may come after a secret name and leave it one: `password_hash`, `SECRET_KEY_BASE`, `token_prod`.
constexpr std::array<std::string_view, 12> kTails = {"confirmation", "confirm", "hash", "value", "old",    "new",
                                                     "base64",       "base",    "prod", "dev",   "staging", "test"};

constexpr std::array<std::string_view, 8> kQueryNames = {"key", "sig", "signature", "auth", "xamzsignature",
                                                         "xgoogsignature", "xamzcredential", "hmac"};

constexpr std::array<std::string_view, 13> kAnchors = {"pass",       "secret",        "token",  "apikey",  "keys",
                                                       "credential", "authorization", "cookie", "session", "connection",
                                                       "webhook",    "signature",     "auth="};

/// Shorter than an anchor may be, so they are looked for with what can follow a name.
constexpr std::array<std::string_view, 7> kShortAnchors = {"key", "pwd", "jwt", "cvv", "cvc", "sig", "mac"};
constexpr std::string_view kAfterName = "\"'\\=: >%";

std::string without_separators(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '_' || c == '-' || c == '.' || c == ' ') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

template <typename Names>
bool ends_with_any(std::string_view name, const Names& endings) {
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) { return name.ends_with(ending); });
}

template <typename Names>
bool is_any(std::string_view name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool ends_secret(std::string_view name) { return ends_with_any(name, kEndings) && !ends_with_any(name, kInnocent); }

}  // namespace

bool is_secret_name(std::string_view name) {
  std::string flat = without_separators(name);
  while (!flat.empty() && flat.back() >= '0' && flat.back() <= '9' && !flat.ends_with("64")) flat.pop_back();
  if (ends_secret(flat)) return true;
  for (const std::string_view tail : kTails) {
    if (flat.ends_with(tail) && ends_secret(std::string_view(flat).substr(0, flat.size() - tail.size()))) return true;
  }
  const std::size_t separator = name.find_last_of("_-. ");
  const std::string last = without_separators(name.substr(separator == std::string_view::npos ? 0 : separator + 1));
  return is_any(last, kLastParts);
}

bool is_secret_query_name(std::string_view name) { return is_any(without_separators(name), kQueryNames); }

std::vector<std::string> name_anchors() {
  std::vector<std::string> anchors(kAnchors.begin(), kAnchors.end());
  for (const std::string_view name : kShortAnchors) {
    for (const char after : kAfterName) anchors.push_back(std::string(name) + after);
  }
  return anchors;
}

}  // namespace ipaas::security::masking
