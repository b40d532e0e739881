// Who was being worked on, for the case that the work brings the process down.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/ids.h"

namespace ipaas::daemon {

/// A small file in memory that outlives the process, though not the machine: setting a mark costs no system call. A thread
/// has at most one mark. Thread-safe.
class CrashMarks {
 public:
  /// Of a store in memory: nothing outlives the process.
  CrashMarks();
  ~CrashMarks();
  CrashMarks(const CrashMarks&) = delete;
  CrashMarks& operator=(const CrashMarks&) = delete;

  struct Found {
    TenantId tenant;
    ExecutionId execution;
    int crashes = 1;  ///< that are to be counted now
  };
  /// Opens or makes the file, before any mark is set, and says for whom the last process died. Where it died of a fault of
  /// its own (see note_fault), that is whoever the faulting thread worked for. Where it was killed, nobody is to blame
  /// yet: only if the one before was killed at the very same place as well, both count.
  [[nodiscard]] Result<std::vector<Found>> open(const std::filesystem::path& file);

  /// As long as it lives, this thread works for the execution. `place` tells one piece of work for it from the next.
  class Mark {
   public:
    Mark(CrashMarks& marks, const TenantId& tenant, const ExecutionId& execution, std::int64_t place);
    ~Mark();
    Mark(const Mark&) = delete;
    Mark& operator=(const Mark&) = delete;

   private:
    std::atomic<std::uint32_t>* state_ = nullptr;
  };

  /// The calling thread has run into a fault that will end the process. Safe in a signal handler.
  static void note_fault();

 private:
  struct Page;

  Page* page_;
  std::atomic<std::uint32_t> next_{0};  ///< where to look for a free slot first
};

}  // namespace ipaas::daemon
