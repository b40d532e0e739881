// `on.webhook`.

#include <algorithm>
#include <array>

#include "core/base/time_text.h"
#include "core/language/parser/credentials.h"
#include "core/language/parser/expressions.h"
#include "core/language/parser/triggers.h"

namespace ipaas::language {
namespace {

const std::vector<std::string_view> kSchemes = {"github", "slack",  "stripe", "standard-webhooks",
                                                "hmac",   "bearer", "none"};
const std::vector<std::string_view> kLaterSchemes = {"shopify", "twilio", "discord", "basic", "jwt", "url-token"};
constexpr std::array kHmacKeys = {"algorithm", "header",    "encoding", "prefix", "timestamp-header",
                                  "tolerance", "payload"};

constexpr Duration kLeastTolerance = std::chrono::seconds(1);
constexpr Duration kMostTolerance = std::chrono::hours(24);

std::string scheme_hint() {
  return "write " + any_of(kSchemes) + "; `scheme: none` lets anyone start it and must be written out";
}

std::optional<std::string> read_scheme(Reading& reading, const yaml::Entry& entry) {
  auto scheme = read_text(reading, entry);
  if (!scheme || std::find(kSchemes.begin(), kSchemes.end(), *scheme) != kSchemes.end()) return scheme;
  const bool later = std::find(kLaterSchemes.begin(), kLaterSchemes.end(), *scheme) != kLaterSchemes.end();
  if (later) {
    reading.report.add(entry.value->position(), "not_run_yet",
                       "the scheme " + shown(*scheme) + " is part of the language, but this version does not run it yet",
                       scheme_hint());
  } else {
    reading.report.add(entry.value->position(), "bad_value", "there is no scheme " + shown(*scheme),
                       suggestion(*scheme, kSchemes));
  }
  return std::nullopt;
}

/// RFC 9110, section 5.1: the name of a header is a token.
bool is_header_name(std::string_view text) {
  constexpr std::string_view kToken =
      "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  return !text.empty() && text.find_first_not_of(kToken) == std::string_view::npos;
}

void check_header(Reading& reading, const yaml::Entry& entry, std::string_view name) {
  if (is_header_name(name)) return;
  reading.report.add(entry.value->position(), "bad_value", shown(name) + " is not the name of a header",
                     "write one such as `X-Signature`");
}

void check_payload(Reading& reading, const yaml::Entry& entry, std::string_view payload, bool has_timestamp) {
  if (payload.find("{body}") == std::string_view::npos) {
    reading.report.add(entry.value->position(), "bad_value", "`payload` does not hold {body}",
                       "write what the sender signs, such as \"{timestamp}.{body}\"");
  }
  if (payload.find("{timestamp}") != std::string_view::npos && !has_timestamp) {
    reading.report.add(entry.value->position(), "missing_key", "{timestamp} in `payload` needs the key `timestamp-header`",
                       "name the header that holds the time");
  }
}

/// One key of `hmac`, as text; nothing if it is wrong.
std::optional<std::string> read_hmac_option(Reading& reading, const yaml::Entry& entry, const yaml::Node& verify) {
  if (entry.key == "algorithm") {
    const std::vector<std::string_view> options = {"sha1", "sha256", "sha384", "sha512"};
    const auto option = read_option(reading, entry, options);
    return option ? std::optional<std::string>(options[*option]) : std::nullopt;
  }
  if (entry.key == "encoding") {
    const std::vector<std::string_view> options = {"hex", "base64"};
    const auto option = read_option(reading, entry, options);
    return option ? std::optional<std::string>(options[*option]) : std::nullopt;
  }
  if (entry.key == "tolerance") {
    const auto tolerance = read_duration(reading, entry, kLeastTolerance, kMostTolerance);
    return tolerance ? std::optional(format_duration(*tolerance)) : std::nullopt;
  }
  auto text = read_text(reading, entry);
  if (text && entry.key.ends_with("header")) check_header(reading, entry, *text);
  if (text && entry.key == "payload") check_payload(reading, entry, *text, verify.find("timestamp-header") != nullptr);
  return text;
}

void check_timestamp_is_signed(Reading& reading, const yaml::Node& verify) {
  const yaml::Entry* header = verify.find("timestamp-header");
  const yaml::Entry* payload = verify.find("payload");
  if (header == nullptr) return;
  const bool is_signed = payload != nullptr && payload->value->scalar() != nullptr &&
                      payload->value->scalar()->text.find("{timestamp}") != std::string::npos;
  if (is_signed) return;
  reading.report.add(header->position, "bad_value", "`timestamp-header` proves nothing while `payload` leaves {timestamp} out",
                     "write `payload` as the sender signs it, such as \"{timestamp}.{body}\"");
}

void read_hmac_options(Reading& reading, const yaml::Node& verify, WebhookOn& webhook) {
  const bool hmac = webhook.scheme == "hmac";
  for (const char* key : kHmacKeys) {
    const yaml::Entry* entry = verify.find(key);
    if (entry == nullptr) continue;
    if (!hmac) {
      reading.report.add(entry->position, "unexpected_key",
                         shown(key) + " belongs to `scheme: hmac`; the scheme " + shown(webhook.scheme) + " has it built in",
                         "remove it, or write `scheme: hmac`");
      continue;
    }
    if (auto value = read_hmac_option(reading, *entry, verify)) webhook.options.emplace_back(key, std::move(*value));
  }
  if (hmac) check_timestamp_is_signed(reading, verify);
}

void read_verify_credential(Reading& reading, const yaml::Entry& owner, const yaml::Node& verify, WebhookOn& webhook,
                            Workflow& workflow) {
  const yaml::Entry* entry = verify.find("credential");
  const bool none = webhook.scheme == "none";
  if (entry == nullptr) {
    if (none) return;
    reading.report.add(owner.position, "missing_key", "the scheme " + shown(webhook.scheme) + " needs the key `credential`",
                       "name the credential that holds the signing secret");
    return;
  }
  if (none) {
    reading.report.add(entry->position, "unexpected_key", "`scheme: none` takes no credential",
                       "remove it, or write the scheme that it is for");
    return;
  }
  auto name = read_credential_name(reading, *entry);
  if (!name) return;
  std::vector<std::string> types = {"generic"};
  if (webhook.scheme == "bearer") types.emplace_back("bearer");
  use_credential(reading, workflow, *name, types, entry->value->position());
  webhook.credential = std::move(*name);
}

void read_verify(Reading& reading, const yaml::Entry& entry, WebhookOn& webhook, Workflow& workflow) {
  const yaml::Node* verify = entry.value;
  if (verify->entries() == nullptr) {
    return report_type(reading, "`verify`", *verify, entry.position, "a mapping",
                       "write `scheme` and `credential` below it; " + scheme_hint());
  }
  static_cast<void>(read_mapping(reading, *verify, verify_keys(), entry.position));
  const yaml::Entry* scheme_entry = verify->find("scheme");
  const auto scheme = scheme_entry == nullptr ? std::nullopt : read_scheme(reading, *scheme_entry);
  if (!scheme) return;  // which of the other keys are right depends on it
  webhook.scheme = *scheme;
  read_verify_credential(reading, entry, *verify, webhook, workflow);
  read_hmac_options(reading, *verify, webhook);
}

}  // namespace

void read_webhook(Reading& reading, const yaml::Entry& entry, Workflow& workflow) {
  if (entry.value->entries() == nullptr || entry.value->find("verify") == nullptr) {
    if (entry.value->entries() == nullptr && !entry.value->is_null()) {
      return report_type(reading, "`webhook`", *entry.value, entry.position, "a mapping");
    }
    return reading.report.add(entry.position, "missing_key", "`webhook` needs the key `verify`", scheme_hint());
  }
  static_cast<void>(read_mapping(reading, *entry.value, webhook_keys(), entry.position));
  WebhookOn webhook;
  webhook.position = entry.position;
  read_verify(reading, *entry.value->find("verify"), webhook, workflow);
  const Place place = webhook_place();
  if (const auto* filter = entry.value->find("filter")) webhook.filter = read_condition(reading, *filter, place);
  if (const auto* dedupe = entry.value->find("dedupe")) webhook.dedupe = read_template(reading, *dedupe, place);
  workflow.webhook = std::move(webhook);
}

}  // namespace ipaas::language
