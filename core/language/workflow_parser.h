// YAML text -> workflows, or everything that is wrong with it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/language/action_catalog.h"
#include "core/language/workflow.h"

namespace ipaas::language {

/// Does the text look like a secret, as the value of this key (empty for an item of a list)? What does is warned of.
using SecretTest = std::function<bool(std::string_view key, std::string_view text)>;

/// Parses a YAML stream, one workflow a document, and checks it without a daemon: keys, types, connectors, actions,
/// inputs, step ids, expressions, cron, durations. All errors of the text are returned at once, each with `file`, a
/// position, a hint and a stable code (yaml_syntax, unknown_key, missing_key, wrong_type, duplicate_key, unknown_connector,
/// unknown_action, unknown_step …). What is right but suspicious is in the `warnings` of each workflow.
///
/// Limits: 1 MiB, 500 steps, 50 levels, 1,000 nodes from aliases.
[[nodiscard]] ResultOrErrors<std::vector<WorkflowPtr>> parse_workflows(std::string_view text, std::string_view file,
                                                                       const ActionCatalog& catalog,
                                                                       const SecretTest& looks_secret = {});

/// Checks values given by `run -i` or a default against the declared inputs and fills in defaults. Texts given for a
/// number, boolean or json input are read as such.
[[nodiscard]] Result<Json> bind_inputs(const std::vector<Input>& declared, const Json& given);

/// What a start has that nobody gives inputs to, a webhook or a tick: the defaults. A required input is left out.
[[nodiscard]] Json default_inputs(const std::vector<Input>& declared);

}  // namespace ipaas::language
