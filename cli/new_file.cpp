#include "cli/new_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace ipaas::cli {
namespace {

tl::unexpected<Error> failed(const std::filesystem::path& path, const std::string& why) {
  Error error{ErrorKind::kUnavailable, "cannot be written: " + why, "check the directory, its permissions and the disk",
              "unwritable_output"};
  error.file = path.string();
  return tl::unexpected(std::move(error));
}

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// mkstemp makes a file of the owner alone; what is exported is to be committed and read like any other.
bool take_usual_mode(int descriptor) {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return ::fchmod(descriptor, 0666 & ~mask) == 0;
}

}  // namespace

Result<void> write_file(const std::filesystem::path& path, std::string_view content) {
  std::error_code ignored;
  const auto status = std::filesystem::symlink_status(path, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
      !std::filesystem::is_symlink(status)) {
    return failed(path, "it is not a regular file");
  }
  std::string beside = (path.parent_path() / ("." + path.filename().string() + ".XXXXXX")).string();
  const int descriptor = ::mkstemp(beside.data());
  if (descriptor < 0) return failed(path, std::strerror(errno));
  const bool whole = write_all(descriptor, content) && take_usual_mode(descriptor) && ::fsync(descriptor) == 0;
  const int why = errno;
  ::close(descriptor);
  if (whole && ::rename(beside.c_str(), path.c_str()) == 0) return {};
  const int reason = whole ? errno : why;
  ::unlink(beside.c_str());
  return failed(path, std::strerror(reason));
}

}  // namespace ipaas::cli
