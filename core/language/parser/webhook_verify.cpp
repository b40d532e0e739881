// `on.webhook.verify`.

#include <algorithm>

#include "core/base/time_text.h"
#include "core/language/parser/credentials.h"
#include "core/language/parser/webhook_parts.h"

namespace ipaas::language {
namespace {

std::vector<std::string_view> options_of(std::string_view key) {
  const auto options = verify_keys().find(key)->shape.options;
  return {options.begin(), options.end()};
}

std::vector<std::string_view> jwt_algorithms() {
  const auto options = verify_keys().find("algorithm")->shape.other->options;
  return {options.begin(), options.end()};
}

std::optional<std::string> read_scheme(Reading& reading, const yaml::Entry& entry) {
  auto scheme = read_text(reading, entry);
  const auto schemes = options_of("scheme");
  if (!scheme || std::find(schemes.begin(), schemes.end(), *scheme) != schemes.end()) return scheme;
  reading.report.add(entry.value->position(), "bad_value", "there is no scheme " + shown(*scheme), suggestion(*scheme, schemes));
  return std::nullopt;
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

std::optional<std::string> read_word(Reading& reading, const yaml::Entry& entry, const std::vector<std::string_view>& words) {
  const auto word = read_option(reading, entry, words);
  return word ? std::optional<std::string>(words[*word]) : std::nullopt;
}

std::optional<std::string> read_time(Reading& reading, const yaml::Entry& entry) {
  const auto time = read_duration(reading, entry, verify_keys());
  return time ? std::optional(format_duration(*time)) : std::nullopt;
}

/// One key of `hmac` or `jwt`, as text; nothing if it is wrong.
std::optional<std::string> read_verify_option(Reading& reading, const yaml::Entry& entry, const yaml::Node& verify, bool jwt) {
  if (entry.key == "algorithm") return read_word(reading, entry, jwt ? jwt_algorithms() : options_of("algorithm"));
  if (entry.key == "encoding") return read_word(reading, entry, options_of("encoding"));
  if (entry.key == "tolerance" || entry.key == "leeway") return read_time(reading, entry);
  auto text = read_text(reading, entry);
  if (!text) return text;
  if (entry.key.ends_with("header")) check_header(reading, entry, *text);
  if (entry.key == "payload") check_payload(reading, entry, *text, verify.find("timestamp-header") != nullptr);
  if (jwt && (text->empty() || holds_expression(*text))) {
    reading.report.add(position_of(entry), "bad_value", shown(entry.key) + (text->empty() ? " is empty" : " cannot be computed"),
                       "write what the token holds, or leave the key out");
  }
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

/// "`scheme: hmac`", or all that have the key.
std::string owners_of(const KeyRule& rule) {
  std::string text;
  for (const std::string_view scheme : options_of("scheme")) {
    if (rule.belongs(scheme)) text += (text.empty() ? "`scheme: " : " and `scheme: ") + std::string(scheme) + "`";
  }
  return text;
}

void read_verify_options(Reading& reading, const yaml::Entry& owner, const yaml::Node& verify, WebhookOn& webhook) {
  for (const KeyRule& rule : verify_keys().rules) {
    const yaml::Entry* entry = verify.find(rule.name);
    if (entry == nullptr || rule.belongs_to.empty()) continue;
    if (!rule.belongs(webhook.scheme)) {
      reading.report.add(entry->position, "unexpected_key",
                         shown(entry->key) + " belongs to " + owners_of(rule) + "; the scheme " + shown(webhook.scheme) +
                             " has no use for it",
                         "remove it, or write the scheme that it is for");
      continue;
    }
    auto value = read_verify_option(reading, *entry, verify, webhook.scheme == "jwt");
    if (value) webhook.options.emplace_back(rule.name, std::move(*value));
  }
  if (webhook.scheme == "hmac") check_timestamp_is_signed(reading, verify);
  if (webhook.scheme == "jwt" && verify.find("algorithm") == nullptr) {
    // What the token itself says of its algorithm is the forger's word.
    reading.report.add(owner.position, "missing_key", "the scheme `jwt` needs the key `algorithm`", "write " + any_of(jwt_algorithms()));
  }
}

/// Types of credentials, the fittest first.
std::vector<std::string> credential_types(std::string_view scheme) {
  if (scheme == "bearer") return {"generic", "bearer"};
  if (scheme == "basic") return {"basic", "generic"};
  return {"generic"};
}

void read_verify_credential(Reading& reading, const yaml::Entry& owner, const yaml::Node& verify, WebhookOn& webhook,
                            Workflow& workflow) {
  const yaml::Entry* entry = verify.find("credential");
  const bool none = webhook.scheme == "none";
  if (entry == nullptr) {
    if (none) return;
    reading.report.add(owner.position, "missing_key", "the scheme " + shown(webhook.scheme) + " needs the key `credential`",
                       "name the credential that holds the signing secret or the public key");
    return;
  }
  if (none) {
    reading.report.add(entry->position, "unexpected_key", "`scheme: none` takes no credential",
                       "remove it, or write the scheme that it is for");
    return;
  }
  auto name = read_credential_name(reading, *entry);
  if (!name) return;
  use_credential(reading, workflow, *name, credential_types(webhook.scheme), entry->value->position());
  webhook.credential = std::move(*name);
}

}  // namespace

std::string scheme_hint() {
  return "write " + any_of(options_of("scheme")) + "; `scheme: none` lets anyone start it and must be written out";
}

void read_webhook_verify(Reading& reading, const yaml::Entry& entry, WebhookOn& webhook, Workflow& workflow) {
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
  read_verify_options(reading, entry, *verify, webhook);
}

}  // namespace ipaas::language
