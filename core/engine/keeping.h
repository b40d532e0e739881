// How much an execution may keep of what it makes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/domain/execution.h"

namespace ipaas::engine {

/// A workflow that makes more than this out of a small event would take the memory of everybody else's.
inline constexpr std::size_t kMostKept = 64 * 1024 * 1024;
/// Of one called workflow, or the whole of one workflow's own.
inline constexpr std::size_t kMostOutputs = 10 * 1024 * 1024;
/// Of a line of the log, and of what an error says.
inline constexpr std::size_t kLongestText = 16 * 1024;

/// At most as long as its JSON text, whose blanks and escapes do not count. The same on every machine.
[[nodiscard]] std::size_t kept_bytes(const Json& value);
/// Of a step that has no outputs yet, about.
[[nodiscard]] inline std::size_t record_bytes(std::string_view path) { return 128 + path.size(); }
/// What an execution holds until it has ended: records and outputs of steps, what loops go over, inputs of calls that are
/// not done.
[[nodiscard]] std::size_t kept_bytes(const domain::ExecutionSnapshot& snapshot);
/// The same once the change has been applied, where it was `kept` before. Costs what the change holds.
[[nodiscard]] std::size_t kept_after(std::size_t kept, const domain::ExecutionSnapshot& before,
                                     const domain::ExecutionChange& change);

/// Cut between two characters where it is longer than kLongestText, and says so then.
[[nodiscard]] std::string shortened(std::string text);

}  // namespace ipaas::engine
