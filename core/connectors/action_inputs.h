// The inputs of one call, checked against what the action documents.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/language/action_catalog.h"

namespace ipaas::connectors {

/// The inputs as the connector reads them: null counts as not written, numbers and booleans become texts where a text is
/// wanted. Fails (kInvalid, `input_invalid`) on an unknown, missing, ill-typed or contradicting input; the error names the
/// input and never quotes its value.
[[nodiscard]] Result<Json> bind_action_inputs(const language::ActionInfo& action, const Json& inputs);

/// Texts, numbers and booleans as a text; an integer keeps every digit. Nothing for null, lists and objects.
[[nodiscard]] std::optional<std::string> scalar_text(const Json& value);

/// The input of that name, or nullptr.
[[nodiscard]] const Json* find_input(const Json& inputs, std::string_view name);

/// The input as a text, or `otherwise` where it is not written.
[[nodiscard]] std::string text_input(const Json& inputs, std::string_view name, std::string_view otherwise = {});

}  // namespace ipaas::connectors
