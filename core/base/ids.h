// Identifiers: a prefix that names the noun and a suffix that sorts by time.
#pragma once

#include <atomic>
#include <compare>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/random.h"

namespace ipaas {

/// A text that cannot be mistaken for another kind of text.
template <typename Tag>
class StrongId {
 public:
  StrongId() = default;
  explicit StrongId(std::string value) : value_(std::move(value)) {}
  [[nodiscard]] const std::string& str() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }
  friend auto operator<=>(const StrongId&, const StrongId&) = default;

 private:
  std::string value_;
};

using TenantId = StrongId<struct TenantTag>;
using UserId = StrongId<struct UserTag>;
using WorkflowId = StrongId<struct WorkflowTag>;
using EventId = StrongId<struct EventTag>;
using ExecutionId = StrongId<struct ExecutionTag>;
using CredentialId = StrongId<struct CredentialTag>;
using ScheduleId = StrongId<struct ScheduleTag>;
/// One row of the outbox.
using EffectId = StrongId<struct EffectTag>;

template <typename Id>
inline constexpr std::string_view kIdPrefix = "";
template <> inline constexpr std::string_view kIdPrefix<TenantId> = "tn_";
template <> inline constexpr std::string_view kIdPrefix<UserId> = "us_";
template <> inline constexpr std::string_view kIdPrefix<WorkflowId> = "wf_";
template <> inline constexpr std::string_view kIdPrefix<EventId> = "ev_";
template <> inline constexpr std::string_view kIdPrefix<ExecutionId> = "ex_";
template <> inline constexpr std::string_view kIdPrefix<CredentialId> = "cr_";
template <> inline constexpr std::string_view kIdPrefix<ScheduleId> = "sc_";
template <> inline constexpr std::string_view kIdPrefix<EffectId> = "fx_";

/// Makes identifiers: 48 bits of milliseconds, a 16-bit counter and 64 random bits as 26 digits of Crockford's
/// base 32, lower case. Identifiers of one source sort in the order they were made, to the millisecond.
/// Thread-safe.
class IdSource {
 public:
  IdSource(const Clock& clock, Randomness& randomness) : clock_(clock), randomness_(randomness) {}

  template <typename Id>
  [[nodiscard]] Id make() {
    return Id(std::string(kIdPrefix<Id>) + suffix());
  }

 private:
  [[nodiscard]] std::string suffix();

  const Clock& clock_;
  Randomness& randomness_;
  std::atomic<std::uint64_t> last_{0};  ///< (milliseconds << 16 | counter) of the newest identifier
};

}  // namespace ipaas

template <typename Tag>
struct std::hash<ipaas::StrongId<Tag>> {
  std::size_t operator()(const ipaas::StrongId<Tag>& id) const noexcept { return std::hash<std::string>{}(id.str()); }
};
