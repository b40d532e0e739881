// The page of memory that a test shares with the fault shim in the daemon's process.
#pragma once

#include <atomic>
#include <cstdint>

namespace ipaas::test {

/// Calls on the files of a database, which are all that the shim looks at.
enum class DiskCall : std::uint32_t { kWrite, kSync };

/// Lives in a file that both map. `strike` comes first: whoever sets it to the number of a call fails that one and the
/// `times - 1` after it. The members are lock-free, so they work between processes.
struct FaultControl {
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};

  struct Plan {
    std::atomic<std::uint64_t> calls{0};        ///< so far, of all lives of the daemon
    std::atomic<std::uint64_t> strike{kNever};  ///< the first call that fails
    std::atomic<std::uint64_t> times{0};
    std::atomic<int> error{0};  ///< errno of a call that fails; 0: the process gets SIGKILL in its midst
  };
  Plan plans[2];
  std::atomic<std::uint64_t> struck{0};  ///< calls that have failed

  Plan& of(DiskCall call) { return plans[static_cast<std::uint32_t>(call)]; }
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

/// The environment variable that names the file.
inline constexpr char kFaultFile[] = "IPAAS_TEST_FAULTS";

}  // namespace ipaas::test
