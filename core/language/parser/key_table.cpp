#include "core/language/parser/key_table.h"

#include <array>

namespace ipaas::language {
namespace {

constexpr auto kRequired = KeyRule::Status::kRequired;
constexpr auto kLater = KeyRule::Status::kLater;

constexpr std::array kWorkflow = {
    KeyRule{"name", "unique in the tenant: a-z, 0-9 and -, up to 63 characters", kRequired},
    KeyRule{"description", "what it is for"},
    KeyRule{"on", "what starts it", kRequired},
    KeyRule{"inputs", "values for manual and scheduled starts"},
    KeyRule{"concurrency", "how many executions of a group run at once", kLater},
    KeyRule{"timeout", "active time of the whole execution", kLater},
    KeyRule{"retention", "how long executions and payloads are kept", kLater},
    KeyRule{"priority", "low, normal or high within the tenant", kLater},
    KeyRule{"labels", "names to find it by", kLater},
    KeyRule{"defaults", "credentials and retry for steps that name none", kLater},
    KeyRule{"steps", "what it does, in order", kRequired},
    KeyRule{"on-failure", "steps that run when it has failed", kLater},
    KeyRule{"finally", "steps that always run at the end", kLater},
    KeyRule{"outputs", "what an execution gives back"},
};

constexpr std::array kOn = {
    KeyRule{"webhook", "an HTTP request"},
    KeyRule{"schedule", "points in time"},
    KeyRule{"manual", "a person or a program with `ipaas run`"},
    KeyRule{"workflow", "another workflow's end", kLater},
};

constexpr std::array kWebhook = {
    KeyRule{"verify", "how the sender proves who it is", kRequired},
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
    KeyRule{"cron", "when: minute, hour, day of month, month, day of week", kRequired},
    KeyRule{"timezone", "an IANA name, UTC by default"},
    KeyRule{"catchup", "what happens to missed ticks", kLater},
    KeyRule{"catchup-window", "how old a missed tick may be", kLater},
    KeyRule{"jitter", "spreads schedules that are due at once", kLater},
    KeyRule{"inputs", "values for this schedule", kLater},
};

constexpr std::array kInput = {
    KeyRule{"type", "string, number, boolean, choice or json"},
    KeyRule{"description", "what it is for"},
    KeyRule{"required", "whether it must be given"},
    KeyRule{"default", "its value when it is not given"},
    KeyRule{"options", "of a choice: the values to choose from"},
    KeyRule{"sensitive", "kept sealed and never shown", kLater},
};

constexpr std::array kStep = {
    KeyRule{"id", "by which later steps name it"},
    KeyRule{"if", "a condition; success() by default"},
    KeyRule{"uses", "an action: connector/action"},
    KeyRule{"credential", "of `uses`: the name of the credential to call with"},
    KeyRule{"with", "of `uses`: the inputs of the action"},
    KeyRule{"set", "values for later steps"},
    KeyRule{"log", "a line for the log"},
    KeyRule{"fail", "ends the execution as failed"},
    KeyRule{"parallel", "branches that run at once", kLater},
    KeyRule{"fail-fast", "whether a failing branch cancels the others", kLater},
    KeyRule{"for-each", "runs steps for each item", kLater},
    KeyRule{"max-parallel", "how many items at once", kLater},
    KeyRule{"steps", "the steps of a loop", kLater},
    KeyRule{"switch", "chooses between cases", kLater},
    KeyRule{"cases", "the cases of a switch", kLater},
    KeyRule{"default", "what a switch does when no case fits", kLater},
    KeyRule{"call", "runs another workflow", kLater},
    KeyRule{"wait", "whether a call waits for its end", kLater},
    KeyRule{"sleep", "waits for a time", kLater},
    KeyRule{"wait-for", "waits for a callback or an approval", kLater},
    KeyRule{"retry", "of `uses`: how often it is tried"},
    KeyRule{"timeout", "of `uses`: of each attempt"},
    KeyRule{"rate-limit", "how often it may run", kLater},
    KeyRule{"idempotency-key", "by which a receiver knows a repeated call", kLater},
    KeyRule{"sensitive", "inputs and outputs are never shown", kLater},
    KeyRule{"continue-on-error", "whether the execution goes on when it has failed"},
};

constexpr std::array kRetry = {
    KeyRule{"max-attempts", "1 to 100, the first counted"},
    KeyRule{"backoff", "constant, linear or exponential"},
    KeyRule{"delay", "before the second attempt"},
    KeyRule{"max-delay", "before any attempt"},
    KeyRule{"jitter", "none or full"},
    KeyRule{"on-unknown", "fail or retry when the outcome is not known"},
    KeyRule{"max-defer", "how long a receiver may put it off"},
};

constexpr std::array kLog = {
    KeyRule{"level", "debug, info, warn or error"},
    KeyRule{"message", "the text", kRequired},
};

constexpr std::array kFail = {KeyRule{"message", "why it fails", kRequired}};

}  // namespace

const KeyTable& workflow_keys() {
  static const KeyTable table{"a workflow", kWorkflow, true};
  return table;
}

const KeyTable& on_keys() {
  static const KeyTable table{"`on`", kOn};
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

const KeyTable& manual_keys() {
  static const KeyTable table{"`manual`", {}};
  return table;
}

const KeyTable& input_keys() {
  static const KeyTable table{"an input", kInput};
  return table;
}

const KeyTable& step_keys() {
  static const KeyTable table{"a step", kStep};
  return table;
}

const KeyTable& retry_keys() {
  static const KeyTable table{"`retry`", kRetry};
  return table;
}

const KeyTable& log_keys() {
  static const KeyTable table{"`log`", kLog};
  return table;
}

const KeyTable& fail_keys() {
  static const KeyTable table{"`fail`", kFail};
  return table;
}

}  // namespace ipaas::language
