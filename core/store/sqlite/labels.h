// What each sealed column is bound to. A change here makes what is stored unreadable.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace ipaas::store::sqlite {

inline constexpr std::string_view kVersionSource = "workflow_versions.source";
inline constexpr std::string_view kEventPayload = "events.payload";
inline constexpr std::string_view kExecutionInputs = "executions.inputs";
inline constexpr std::string_view kExecutionOutputs = "executions.outputs";
inline constexpr std::string_view kExecutionError = "executions.error_message";
inline constexpr std::string_view kExecutionExtras = "executions.extras";
inline constexpr std::string_view kStepOutputs = "steps.outputs";
inline constexpr std::string_view kStepItems = "step_items.items";
inline constexpr std::string_view kStepError = "steps.error_message";
inline constexpr std::string_view kAttemptMessage = "attempts.message";
inline constexpr std::string_view kOutboxPayload = "outbox.payload";
inline constexpr std::string_view kMaskedValue = "masked_values.value";
inline constexpr std::string_view kLogText = "log_lines.text";
inline constexpr std::string_view kCredentialFields = "credentials.fields";
inline constexpr std::string_view kDeliveryReason = "deliveries.reason";
inline constexpr std::string_view kVariableValue = "variables.value";
inline constexpr std::string_view kAuditDetails = "audit.details";

/// The id of a row that hangs on another: `ex_…/fetch`, `wf_…/3`.
[[nodiscard]] inline std::string joined(std::string_view owner, std::string_view part) {
  std::string id;
  id.reserve(owner.size() + 1 + part.size());
  return id.append(owner).append(1, '/').append(part);
}
[[nodiscard]] inline std::string joined(std::string_view owner, std::integral auto part) {
  return joined(owner, std::string_view(std::to_string(part)));
}

}  // namespace ipaas::store::sqlite
