// What is left of a process that runs into a fault.
#pragma once

#include <csignal>
#include <cstddef>
#include <filesystem>
#include <memory>

#include "core/base/error.h"

namespace ipaas::daemon {

/// From now on a fault (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) of any thread writes where it happened to standard error and
/// to the end of `file` (0600; none where the name is empty), names it to the crash marks, and then ends the process by the same signal. What is written
/// are addresses and the names of functions: no argument, no text, nothing of what was being worked on.
[[nodiscard]] Result<void> report_crashes(const std::filesystem::path& file);

/// A stack of its own for the handler, without which a thread that has overrun its stack dies without a word. To be held
/// by the thread that made it, as long as it runs.
class FaultStack {
 public:
  FaultStack();
  ~FaultStack();
  FaultStack(const FaultStack&) = delete;
  FaultStack& operator=(const FaultStack&) = delete;

 private:
  std::unique_ptr<std::byte[]> memory_;
  stack_t before_{};
};

}  // namespace ipaas::daemon
