// The workflows that the load is made of: what they do, and what may become of their effects.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ipaas::test {

/// All are started by a webhook without a signature, whose body holds an id that is used once.
enum class Kind { kSet, kPost, kPut, kLoop, kSleep, kChild };

struct Workload {
  Kind kind;
  std::string_view name;  ///< of its workflow
  std::uint64_t effects;  ///< requests that one execution makes, repeats not counted
  bool repeatable;        ///< an effect whose outcome is unknown is repeated; else the execution ends `outcome_unknown`
};

[[nodiscard]] const Workload& workload(Kind kind);
/// By name, such as `put`; throws std::invalid_argument where there is none.
[[nodiscard]] const Workload& workload(std::string_view name);
[[nodiscard]] const std::vector<Workload>& all_workloads();

/// As YAML. Every request names the id, the execution that the webhook was promised, and which of its effects it is.
[[nodiscard]] std::string workflows_calling(std::uint16_t sink, const std::vector<Kind>& kinds);

/// A workflow that fires every second and puts the instant that it was due at.
[[nodiscard]] std::string schedule_calling(std::uint16_t sink);
/// What the id of such a request begins with; the rest is the instant.
inline constexpr std::string_view kTickPrefix = "tick ";

}  // namespace ipaas::test
