// One line that an engineer reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/ids.h"

namespace ipaas::domain {

enum class LogLevel { kDebug, kInfo, kWarn, kError };

[[nodiscard]] constexpr std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarn: return "warn";
    case LogLevel::kError: break;
  }
  return "error";
}

[[nodiscard]] constexpr std::optional<LogLevel> level_from_name(std::string_view name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "info") return LogLevel::kInfo;
  if (name == "warn") return LogLevel::kWarn;
  if (name == "error") return LogLevel::kError;
  return std::nullopt;
}

/// In commit order, without a gap, over the whole instance: the cursor of a tail.
using LogSequence = std::int64_t;

/// What an execution has to say.
struct LogEntry {
  std::string path;  ///< of the step, or empty
  LogLevel level = LogLevel::kInfo;
  Instant at{};
  std::string text;  ///< masked before it is stored
};

/// An entry as it is read: who said it, and in which place of the log it stands.
struct LogLine : LogEntry {
  LogSequence sequence = 0;
  TenantId tenant;
  WorkflowId workflow;
  std::string workflow_name;
  ExecutionId execution;
};

}  // namespace ipaas::domain
