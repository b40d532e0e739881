// The keys of a workflow and of what stands at its top, triggers aside.

#include <array>

#include "core/language/parser/key_table.h"

namespace ipaas::language {
namespace {

using Kind = ValueShape::Kind;

constexpr auto kRequired = KeyRule::Status::kRequired;

constexpr ValueShape kText = shape(Kind::kText);
constexpr ValueShape kCredentialName = text_shape("[A-Za-z0-9._-]{1,63}");
constexpr ValueShape kInputShape = mapping_shape(input_keys);
constexpr ValueShape kAnything = shape(Kind::kAnything);

constexpr std::array<std::string_view, 3> kPriorities = {"low", "normal", "high"};
constexpr std::array<std::string_view, 3> kOnLimits = {"queue", "skip", "cancel-running"};
constexpr std::array<std::string_view, 5> kInputTypes = {"string", "number", "boolean", "choice", "json"};

constexpr std::array kWorkflow = {
    KeyRule{"name", "unique in the tenant: a-z, 0-9 and -, up to 63 characters", kRequired,
            text_shape("[a-z0-9][a-z0-9-]{0,62}")},
    KeyRule{"description", "what it is for", {}, kText},
    KeyRule{"on", "what starts it", kRequired, mapping_shape(on_keys)},
    KeyRule{"inputs", "values for manual and scheduled starts", {}, map_shape(kInputShape)},
    KeyRule{"concurrency", "how many executions of a group run at once", {}, mapping_shape(concurrency_keys)},
    KeyRule{"timeout", "active time of the whole execution; durable waits do not count", {}, duration_shape(1, kYear)},
    KeyRule{"retention", "how long executions and payloads are kept", {}, mapping_shape(retention_keys)},
    KeyRule{"priority", "low, normal or high within the tenant", {}, option_shape(kPriorities)},
    KeyRule{"labels", "names to find it by", {}, map_shape(kText)},
    KeyRule{"defaults", "credentials and retry for steps that name none", {}, mapping_shape(defaults_keys)},
    KeyRule{"steps", "what it does, in order", kRequired, shape(Kind::kSteps)},
    KeyRule{"on-failure", "steps that run when it has failed", {}, shape(Kind::kSteps)},
    KeyRule{"finally", "steps that always run at the end", {}, shape(Kind::kSteps)},
    KeyRule{"outputs", "what an execution gives back", {}, map_shape(kAnything)},
};

constexpr std::array kWorkflowForeign = {
    ForeignKey{"jobs", "a workflow is one list: write `steps` at the top, and `parallel` for what runs at once"},
    ForeignKey{"env", "declare values as `inputs`, and name them as `inputs.<name>`"},
    ForeignKey{"permissions", "a workflow may do what its credentials allow; leave it out"},
    ForeignKey{"run-name", "an execution is found by its workflow, `labels` and id; leave it out"},
    ForeignKey{"runs-on", "there are no runners; leave it out"},
    ForeignKey{"secrets", "name a credential on the step that needs it: `credential: NAME`"},
    ForeignKey{"vars", "the tenant's variables are not written in a workflow; declare values as `inputs`"},
};

constexpr std::array kInput = {
    KeyRule{"type", "string, number, boolean, choice or json", {}, option_shape(kInputTypes)},
    KeyRule{"description", "what it is for", {}, kText},
    KeyRule{"required", "whether it must be given", {}, shape(Kind::kBoolean)},
    KeyRule{"default", "its value when it is not given", {}, shape(Kind::kLiteral)},
    KeyRule{"options", "of a choice: the values to choose from", {}, list_shape(kText)},
    KeyRule{"sensitive", "kept sealed and never shown", {}, shape(Kind::kBoolean)},
};

constexpr std::array kConcurrency = {
    KeyRule{"group",
            "what may not run at once, in whichever workflow of the tenant: begin it with the workflow's name to keep it to "
            "that one; an expression makes one group for each value, the empty one too",
            kRequired, shape(Kind::kTemplate)},
    KeyRule{"limit", "how many run at once; 1 by default", {}, integer_shape(1, 1000)},
    KeyRule{"on-limit", "queue, skip or cancel-running", {}, option_shape(kOnLimits)},
    KeyRule{"queue-limit", "how many may wait", {}, integer_shape(1, 1'000'000)},
};

constexpr std::array kRetention = {
    KeyRule{"executions", "how long an execution is kept after its end", {}, duration_shape(kHour, 10 * kYear)},
    KeyRule{"payloads", "how long its event, inputs and outputs are kept", {}, duration_shape(kHour, 10 * kYear)},
};

constexpr std::array kDefaults = {
    KeyRule{"credentials", "by connector: what its steps use that name none", {}, map_shape(kCredentialName)},
    KeyRule{"retry", "of steps that have none", {}, mapping_shape(retry_keys)},
};

}  // namespace

const KeyTable& workflow_keys() {
  static const KeyTable table{"a workflow", kWorkflow, true, kWorkflowForeign};
  return table;
}

const KeyTable& input_keys() {
  static const KeyTable table{"an input", kInput};
  return table;
}

const KeyTable& concurrency_keys() {
  static const KeyTable table{"`concurrency`", kConcurrency};
  return table;
}

const KeyTable& retention_keys() {
  static const KeyTable table{"`retention`", kRetention};
  return table;
}

const KeyTable& defaults_keys() {
  static const KeyTable table{"`defaults`", kDefaults};
  return table;
}

}  // namespace ipaas::language
