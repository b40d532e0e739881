// The keys of a step.

#include <array>

#include "core/language/parser/key_table.h"

namespace ipaas::language {
namespace {

using Kind = ValueShape::Kind;

constexpr auto kRequired = KeyRule::Status::kRequired;
constexpr auto kOptional = KeyRule::Status::kOptional;

constexpr ValueShape kText = shape(Kind::kText);
constexpr ValueShape kTemplate = shape(Kind::kTemplate);
constexpr ValueShape kSteps = shape(Kind::kSteps);
constexpr ValueShape kAnything = shape(Kind::kAnything);
constexpr ValueShape kNothing = shape(Kind::kEmpty);
constexpr ValueShape kExpression = shape(Kind::kExpression);
constexpr ValueShape kCollection = shape(Kind::kCollection);
constexpr ValueShape kWorkflowName = text_shape("[a-z0-9][a-z0-9-]{0,62}");

constexpr std::array<std::string_view, 4> kLevels = {"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 3> kBackoffs = {"constant", "linear", "exponential"};
constexpr std::array<std::string_view, 2> kJitters = {"none", "full"};
constexpr std::array<std::string_view, 2> kOnUnknown = {"fail", "retry"};
constexpr std::array<std::string_view, 2> kOnTimeout = {"fail", "continue"};
constexpr std::array<std::string_view, 4> kRoles = {"viewer", "operator", "editor", "admin"};
constexpr ValueShape kRole = option_shape(kRoles);

constexpr KeyRule kind(std::string_view name, std::string_view description, KeyRule::Status status, ValueShape shape) {
  return {name, description, status, shape, {}, true};
}

constexpr KeyRule part(std::string_view name, std::string_view belongs_to, std::string_view description, ValueShape shape,
                       KeyRule::Status status = kOptional) {
  return {name, description, status, shape, belongs_to, false};
}

constexpr std::array kStep = {
    KeyRule{"id", "by which later steps name it", kOptional, text_shape("[A-Za-z_][A-Za-z0-9_-]{0,99}")},
    KeyRule{"if", "a condition; success() by default", kOptional, shape(Kind::kCondition)},
    kind("uses", "an action: connector/action", kOptional, kText),
    part("credential", "uses", "the name of the credential to call with", text_shape("[A-Za-z0-9._-]{1,63}")),
    kind("call", "runs another workflow of the tenant", kOptional, kWorkflowName),
    part("with", "uses call", "the inputs of the action or the called workflow", either(map_shape(kAnything), kNothing)),
    part("wait", "call", "whether to wait for its end; true by default", shape(Kind::kBoolean)),
    kind("set", "values for later steps", kOptional, kAnything),
    kind("log", "a line for the log", kOptional, either(mapping_shape(log_keys), kTemplate)),
    kind("fail", "ends the execution as failed", kOptional, either(mapping_shape(fail_keys), kTemplate)),
    kind("sleep", "waits for a time, over restarts too, and holds no worker", kOptional,
         either(duration_shape(1, 10 * kYear), kExpression)),
    kind("wait-for", "waits for a callback or an approval", kOptional, mapping_shape(wait_for_keys)),
    kind("switch", "chooses the first case whose text equals", kOptional, kExpression),
    part("cases", "switch", "steps for each value", map_shape(kSteps)),
    part("default", "switch", "steps for when no case fits", kSteps),
    kind("parallel", "steps that run at once; waits for all", kOptional, kSteps),
    part("fail-fast", "parallel", "whether a step that fails cancels the others", shape(Kind::kBoolean)),
    kind("for-each", "runs steps for each item of an array, or each entry of an object", kOptional,
         either(kExpression, kCollection)),
    part("max-parallel", "for-each", "how many items at once; 1 by default", integer_shape(1, 1000)),
    part("steps", "for-each", "what is done for each item; they see `item` and `index`", kSteps),
    part("retry", "uses call", "how often it is tried", mapping_shape(retry_keys)),
    part("timeout", "uses call", "of each attempt; 30s by default", duration_shape(1, kHour)),
    part("rate-limit", "uses", "how often it may run", mapping_shape(rate_limit_keys)),
    part("idempotency-key", "uses", "by which a receiver knows a repeated call", kTemplate),
    KeyRule{"sensitive", "inputs and outputs are stored sealed and never shown", kOptional, shape(Kind::kBoolean)},
    KeyRule{"continue-on-error", "whether the execution goes on when it has failed", kOptional, shape(Kind::kBoolean)},
};

constexpr std::array kStepForeign = {
    ForeignKey{"run", "there is no shell: `uses: http/request` calls a service, `set` computes a value"},
    ForeignKey{"name", "write `id` for a name that expressions can use, or a comment"},
    ForeignKey{"env", "write values into `with`, or compute them in a `set` step"},
    ForeignKey{"shell", "there is no shell; leave it out"},
    ForeignKey{"working-directory", "there are no files; leave it out"},
    ForeignKey{"timeout-minutes", "write `timeout: 5m`"},
    ForeignKey{"needs", "steps run in order; `parallel` runs some at once"},
    ForeignKey{"strategy", "write `for-each` with `max-parallel`"},
    ForeignKey{"matrix", "write `for-each` over a list"},
    ForeignKey{"secrets", "name a credential: `credential: NAME`"},
    ForeignKey{"outputs", "a step's outputs are what its action gives; `set` makes others"},
    ForeignKey{"approval", "write it below `wait-for`"},
    ForeignKey{"callback", "write it below `wait-for`"},
    ForeignKey{"notify", "write it below `wait-for`"},
    ForeignKey{"on-timeout", "write it below `wait-for`"},
};

constexpr std::array kRetry = {
    KeyRule{"max-attempts", "1 to 100, the first counted", kOptional, integer_shape(1, 100)},
    KeyRule{"backoff", "constant, linear or exponential", kOptional, option_shape(kBackoffs)},
    KeyRule{"delay", "before the second attempt", kOptional, duration_shape(0, kDay)},
    KeyRule{"max-delay", "before any attempt", kOptional, duration_shape(0, kDay)},
    KeyRule{"jitter", "none or full", kOptional, option_shape(kJitters)},
    KeyRule{"on-unknown", "fail or retry when the outcome is not known", kOptional, option_shape(kOnUnknown)},
    KeyRule{"max-defer", "how long a receiver may put it off", kOptional, duration_shape(0, 7 * kDay)},
};

constexpr std::array kLog = {
    KeyRule{"level", "debug, info, warn or error", kOptional, option_shape(kLevels)},
    KeyRule{"message", "the text", kRequired, kTemplate},
};

constexpr std::array kFail = {KeyRule{"message", "why it fails", kRequired, kTemplate}};

constexpr std::array kRateLimit = {
    KeyRule{"key", "everything in the tenant with the same key shares the limit", kRequired, kTemplate},
    KeyRule{"limit", "how many in how long, such as 10/s or 100/5m", kRequired, shape(Kind::kRate)},
};

constexpr std::array kWaitFor = {
    KeyRule{"callback", "waits for one request to a signed URL", kOptional, mapping_shape(callback_keys)},
    KeyRule{"approval", "waits for a person's decision", kOptional, either(mapping_shape(approval_keys), kNothing)},
    KeyRule{"timeout", "how long; 24h by default", kOptional, duration_shape(kSecond, 10 * kYear)},
    KeyRule{"on-timeout", "fail or continue", kOptional, option_shape(kOnTimeout)},
    KeyRule{"notify", "steps that tell who has to decide; they see `wait.url`", kOptional, kSteps},
};

constexpr std::array kWaitForForeign = {
    ForeignKey{"message", "write it below `approval`"},
    ForeignKey{"roles", "write it below `approval`"},
    ForeignKey{"self", "write it below `approval`"},
};

constexpr std::array kApproval = {
    KeyRule{"message", "what is asked", kOptional, kTemplate},
    KeyRule{"roles", "who may decide", kOptional, list_shape(kRole)},
    KeyRule{"self", "whether who started it may decide; false by default", kOptional, shape(Kind::kBoolean)},
};

}  // namespace

const KeyTable& step_keys() {
  static const KeyTable table{"a step", kStep, false, kStepForeign};
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

const KeyTable& rate_limit_keys() {
  static const KeyTable table{"`rate-limit`", kRateLimit};
  return table;
}

const KeyTable& wait_for_keys() {
  static const KeyTable table{"`wait-for`", kWaitFor, false, kWaitForForeign};
  return table;
}

const KeyTable& callback_keys() {
  static const KeyTable table{"`callback`", {}};
  return table;
}

const KeyTable& approval_keys() {
  static const KeyTable table{"`approval`", kApproval};
  return table;
}

}  // namespace ipaas::language
