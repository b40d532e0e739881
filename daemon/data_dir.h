// Files that belong to one daemon at a time.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/error.h"

namespace ipaas::daemon {

/// A file (0600) that holds the pid of the daemon which has locked it. The lock goes with the process, however it ends.
class LockFile {
 public:
  /// `subject` is what is locked, for messages: "the data directory /var/lib/ipaas". Fails with kConflict, naming the
  /// holder's pid, while another daemon has it.
  [[nodiscard]] static Result<LockFile> acquire(const std::filesystem::path& file, const std::string& subject);

  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&&) = delete;
  ~LockFile();

 private:
  explicit LockFile(int fd) : fd_(fd) {}

  int fd_;
};

/// Makes the directory (0700) where it is missing and locks it as long as the result lives. Errors: not writable; open to
/// others; in use by another daemon.
[[nodiscard]] Result<LockFile> lock_data_dir(const std::filesystem::path& path);

/// Locks a database that lies elsewhere, under whatever name it is reached.
[[nodiscard]] Result<LockFile> lock_database(const std::filesystem::path& file);

}  // namespace ipaas::daemon
