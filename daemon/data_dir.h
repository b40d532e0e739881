// The directory that belongs to one daemon.
#pragma once

#include <filesystem>

#include "core/base/error.h"

namespace ipaas::daemon {

/// Makes the directory (0700) where it is missing and holds its lock file as long as this lives. The lock goes with the
/// process, however it ends.
class DataDir {
 public:
  /// Errors: not writable; open to others; in use by another daemon (its pid is named).
  [[nodiscard]] static Result<DataDir> open(const std::filesystem::path& path);

  DataDir(DataDir&& other) noexcept;
  DataDir& operator=(DataDir&&) = delete;
  ~DataDir();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  DataDir(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::filesystem::path path_;
  int lock_;
};

}  // namespace ipaas::daemon
