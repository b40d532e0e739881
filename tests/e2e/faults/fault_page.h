// The test's side of the fault shim.
#pragma once

#include <filesystem>

#include "tests/support/daemon_process.h"
#include "tests/support/fault_control.h"

namespace ipaas::test {

/// A page that the later lives of a daemon share with the test. Not thread-safe.
class FaultPage {
 public:
  /// `shim` is preloaded into the daemon.
  FaultPage(DaemonProcess& daemon, const std::filesystem::path& directory, const std::filesystem::path& shim);
  FaultPage(const FaultPage&) = delete;
  FaultPage& operator=(const FaultPage&) = delete;
  ~FaultPage();

  /// The `nth` call from now on (1 is the next) fails with `error`, or kills the process where that is 0, and so do the
  /// `times - 1` after it.
  void strike(DiskCall call, std::uint64_t nth, std::uint64_t times, int error);
  void disarm();
  [[nodiscard]] std::uint64_t struck() const { return control_->struck; }

 private:
  FaultControl* control_;
};

}  // namespace ipaas::test
