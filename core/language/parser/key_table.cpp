// The keys of triggers.

#include <array>

#include "core/language/parser/key_table.h"

namespace ipaas::language {
namespace {

using Kind = ValueShape::Kind;

constexpr auto kOptional = KeyRule::Status::kOptional;
constexpr auto kRequired = KeyRule::Status::kRequired;
constexpr auto kLater = KeyRule::Status::kLater;

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
    KeyRule{"workflow", "another workflow's end", kLater, mapping_shape(workflow_trigger_keys)},
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

constexpr std::array kWebhook = {
    KeyRule{"verify", "how the sender proves who it is", kRequired, mapping_shape(verify_keys)},
    KeyRule{"allow-from", "addresses that may send", kLater},
    KeyRule{"filter", "a condition; what does not meet it starts nothing"},
    KeyRule{"dedupe", "the key by which a repeated delivery is known"},
    KeyRule{"respond", "what the sender is answered", kLater},
    KeyRule{"on-disconnect", "what a caller's going away means", kLater},
    KeyRule{"max-body", "the largest body", kLater},
};

constexpr std::array kVerify = {
    KeyRule{"scheme", "how requests are signed", kRequired},
    KeyRule{"credential", "holds the signing secret"},
    KeyRule{"algorithm", "of `hmac`: sha1, sha256, sha384 or sha512"},
    KeyRule{"header", "of `hmac`: holds the signature"},
    KeyRule{"encoding", "of `hmac`: hex or base64"},
    KeyRule{"prefix", "of `hmac`: stands in front of the signature"},
    KeyRule{"timestamp-header", "of `hmac`: holds the time of sending"},
    KeyRule{"tolerance", "of `hmac`: how old a request may be"},
    KeyRule{"payload", "of `hmac`: what is signed, of {body} and {timestamp}"},
};

constexpr std::array kSchedule = {
    KeyRule{"cron", "when: minute, hour, day of month, month, day of week", kRequired, shape(Kind::kText)},
    KeyRule{"timezone", "an IANA name, UTC by default", kOptional, shape(Kind::kText)},
    KeyRule{"catchup", "what happens to missed ticks: none, last or all", kLater, option_shape(kCatchups)},
    KeyRule{"catchup-window", "how old a missed tick may be; 1d by default", kLater, duration_shape(kMinute, kYear)},
    KeyRule{"jitter", "spreads schedules that are due at once", kLater, duration_shape(0, kDay)},
    KeyRule{"inputs", "values for this schedule", kLater, map_shape(kLiteral)},
};

constexpr std::array kWorkflowTrigger = {
    KeyRule{"names", "of the other workflows; \"*\" is every other one", kRequired, list_shape(kWorkflowName)},
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
