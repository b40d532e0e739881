// The keys of triggers.

#include <array>

#include "core/language/parser/key_table.h"

namespace ipaas::language {
namespace {

using Kind = ValueShape::Kind;

constexpr auto kOptional = KeyRule::Status::kOptional;
constexpr auto kRequired = KeyRule::Status::kRequired;

constexpr ValueShape kScheduleShape = mapping_shape(schedule_keys);
constexpr ValueShape kLiteral = shape(Kind::kLiteral);
constexpr ValueShape kWorkflowName = text_shape("\\*|[a-z0-9][a-z0-9-]{0,62}");
constexpr std::array<std::string_view, 3> kCatchups = {"none", "last", "all"};
constexpr std::array<std::string_view, 3> kEnds = {"succeeded", "failed", "cancelled"};
constexpr ValueShape kEnd = option_shape(kEnds);

constexpr std::array kOn = {
    KeyRule{"webhook", "an HTTP request", kOptional, mapping_shape(webhook_keys)},
    KeyRule{"schedule", "points in time", kOptional, list_shape(kScheduleShape)},
    KeyRule{"manual", "a person or a program with `ipaas run`", kOptional, shape(Kind::kEmpty)},
    KeyRule{"workflow", "another workflow's end", kOptional, mapping_shape(workflow_trigger_keys)},
};

constexpr std::array kOnForeign = {
    ForeignKey{"push", "GitHub sends it to a webhook: `webhook: { verify: { scheme: github, credential: NAME } }`"},
    ForeignKey{"pull_request", "GitHub sends it to a webhook: `webhook: { verify: { scheme: github, credential: NAME } }`"},
    ForeignKey{"workflow_dispatch", "write `manual: {}`"},
    ForeignKey{"workflow_call", "leave it out: every workflow can be called with a `call` step"},
    ForeignKey{"workflow_run", "write `workflow: { names: [NAME] }`"},
    ForeignKey{"repository_dispatch", "write `webhook`"},
    ForeignKey{"cron", "write `schedule`, with a list of `- cron: …` below it"},
};

constexpr std::array<std::string_view, 2> kAnswers = {"accepted", "result"};
constexpr std::array<std::string_view, 2> kOnDisconnect = {"cancel", "continue"};
constexpr ValueShape kRespondShape = mapping_shape(respond_keys);
constexpr ValueShape kTemplate = shape(Kind::kTemplate);
constexpr ValueShape kText = shape(Kind::kText);

constexpr std::array kWebhook = {
    KeyRule{"verify", "how the sender proves who it is", kRequired, mapping_shape(verify_keys)},
    KeyRule{"allow-from", "addresses and networks that may send", kOptional, list_shape(kText)},
    KeyRule{"filter", "a condition; what does not meet it starts nothing", kOptional, shape(Kind::kCondition)},
    KeyRule{"dedupe", "the key by which a repeated delivery is known", kOptional, kTemplate},
    KeyRule{"respond", "what the sender is answered", kOptional, either(option_shape(kAnswers), kRespondShape)},
    KeyRule{"on-disconnect", "what a caller's going away means", kOptional, option_shape(kOnDisconnect)},
    KeyRule{"max-body", "the largest body, such as 1MiB", kOptional, shape(Kind::kSize)},
};

constexpr std::array<std::string_view, 13> kSchemes = {"github", "slack", "stripe", "standard-webhooks", "shopify", "twilio",
                                                       "discord", "hmac", "bearer", "basic", "jwt", "url-token", "none"};
constexpr std::array<std::string_view, 4> kHmacAlgorithms = {"sha1", "sha256", "sha384", "sha512"};
constexpr std::array<std::string_view, 10> kJwtAlgorithms = {"HS256", "RS256", "ES256", "EdDSA", "HS384",
                                                             "HS512", "RS384", "RS512", "ES384", "ES512"};
constexpr std::array<std::string_view, 2> kEncodings = {"hex", "base64"};
constexpr ValueShape kJwtAlgorithm = option_shape(kJwtAlgorithms);

constexpr KeyRule of_scheme(std::string_view name, std::string_view schemes, std::string_view description, ValueShape shape) {
  return {name, description, kOptional, shape, schemes};
}

constexpr std::array kVerify = {
    KeyRule{"scheme", "how requests are signed", kRequired, option_shape(kSchemes)},
    KeyRule{"credential", "holds the signing secret or the public key", kOptional, text_shape("[A-Za-z0-9._-]{1,63}")},
    of_scheme("algorithm", "hmac jwt", "of `hmac`: sha1, sha256, sha384 or sha512; of `jwt`: HS256, RS256, ES256, EdDSA …",
              either(option_shape(kHmacAlgorithms), kJwtAlgorithm)),
    of_scheme("header", "hmac", "of `hmac`: holds the signature", kText),
    of_scheme("encoding", "hmac", "of `hmac`: hex or base64", option_shape(kEncodings)),
    of_scheme("prefix", "hmac", "of `hmac`: stands in front of the signature", kText),
    of_scheme("timestamp-header", "hmac", "of `hmac`: holds the time of sending", kText),
    of_scheme("tolerance", "hmac", "of `hmac`: how old a request may be", duration_shape(kSecond, kDay)),
    of_scheme("payload", "hmac", "of `hmac`: what is signed, of {body} and {timestamp}", kText),
    of_scheme("audience", "jwt", "of `jwt`: must be in the token's `aud`", kText),
    of_scheme("issuer", "jwt", "of `jwt`: must be the token's `iss`", kText),
    of_scheme("leeway", "jwt", "of `jwt`: for the clock of the sender", duration_shape(0, kHour)),
};

constexpr std::array kRespond = {
    KeyRule{"status", "the HTTP status, 200 to 599", kOptional, integer_shape(200, 599)},
    KeyRule{"headers", "names and values", kOptional, map_shape(kTemplate)},
    KeyRule{"body", "a text as it is, anything else as JSON"},
};

constexpr std::array kSchedule = {
    KeyRule{"cron", "when: minute, hour, day of month, month, day of week", kRequired, shape(Kind::kText)},
    KeyRule{"timezone", "an IANA name, UTC by default", kOptional, shape(Kind::kText)},
    KeyRule{"catchup", "what happens to missed ticks: none, last or all", kOptional, option_shape(kCatchups)},
    KeyRule{"catchup-window", "how old a missed tick may be; 1d by default", kOptional, duration_shape(kMinute, kYear)},
    KeyRule{"jitter", "spreads schedules that are due at once", kOptional, duration_shape(0, kDay)},
    KeyRule{"inputs", "values for this schedule", kOptional, map_shape(kLiteral)},
};

constexpr std::array kWorkflowTrigger = {
    KeyRule{"names", "of the other workflows; \"*\" is every other one, but for ends that this one has led to itself",
            kRequired, list_shape(kWorkflowName)},
    KeyRule{"when", "how they must have ended: succeeded, failed, cancelled; any by default", kOptional, list_shape(kEnd)},
};

}  // namespace

const KeyTable& on_keys() {
  static const KeyTable table{"`on`", kOn, false, kOnForeign};
  return table;
}

const KeyTable& webhook_keys() {
  static const KeyTable table{"`webhook`", kWebhook};
  return table;
}

const KeyTable& verify_keys() {
  static const KeyTable table{"`verify`", kVerify};
  return table;
}

const KeyTable& respond_keys() {
  static const KeyTable table{"`respond`", kRespond};
  return table;
}

const KeyTable& schedule_keys() {
  static const KeyTable table{"a schedule", kSchedule};
  return table;
}

const KeyTable& workflow_trigger_keys() {
  static const KeyTable table{"`workflow`", kWorkflowTrigger};
  return table;
}

const KeyTable& manual_keys() {
  static const KeyTable table{"`manual`", {}};
  return table;
}

}  // namespace ipaas::language
