#include "cli/testing/seen_files.h"

#include <algorithm>
#include <filesystem>

namespace ipaas::cli {

bool SeenFiles::any_changed() const {
  return std::ranges::any_of(stamps_, [](const auto& seen) { return stamp_of(seen.first) != seen.second; });
}

std::string SeenFiles::stamp_of(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto time = fs::last_write_time(path, error);
  if (error) return {};
  const auto size = fs::file_size(path, error);  // of a directory this is an error, and its time says enough
  return std::to_string(time.time_since_epoch().count()) + (error ? "" : "+" + std::to_string(size));
}

}  // namespace ipaas::cli
