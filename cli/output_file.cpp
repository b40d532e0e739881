#include "cli/output_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace ipaas::cli {
namespace {

tl::unexpected<Error> refuse(const std::string& path, const std::string& reason) {
  Error error{ErrorKind::kUnavailable, "cannot be written: " + reason, "check the directory, its permissions and the disk",
              "unwritable_output"};
  error.file = path;
  return tl::unexpected(std::move(error));
}

/// A new file beside another one; it is removed unless it has taken that one's place.
class Draft {
 public:
  explicit Draft(const std::filesystem::path& target)
      : name_((target.parent_path() / ("." + target.filename().string() + ".XXXXXX")).string()),
        descriptor_(::mkstemp(name_.data())) {}
  ~Draft() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    if (!placed_) ::unlink(name_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  /// Each is false with `errno` set where it fails.
  [[nodiscard]] bool made() const { return descriptor_ >= 0; }
  [[nodiscard]] bool take_mode(const struct stat& of) const {
    // Somebody else's file may be rewritten by a member of its group, who cannot give it away.
    [[maybe_unused]] const int owner = ::fchown(descriptor_, of.st_uid, of.st_gid);
    return ::fchmod(descriptor_, of.st_mode & 07777U) == 0;
  }
  /// mkstemp makes a file of the owner alone; what is exported is read like any other.
  [[nodiscard]] bool take_usual_mode() const {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return ::fchmod(descriptor_, 0666U & ~mask) == 0;
  }
  [[nodiscard]] bool write(std::string_view content) const {
    while (!content.empty()) {
      const ssize_t written = ::write(descriptor_, content.data(), content.size());
      if (written < 0 && errno != EINTR) return false;
      if (written > 0) content.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(descriptor_) == 0;
  }
  [[nodiscard]] bool place(const std::filesystem::path& target) {
    placed_ = ::rename(name_.c_str(), target.c_str()) == 0;
    return placed_;
  }

 private:
  std::string name_;
  int descriptor_;
  bool placed_ = false;
};

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view content) {
  std::error_code error;
  const std::filesystem::path target = std::filesystem::canonical(path, error);
  if (error) return refuse(path, error.message());
  struct stat old {};
  if (::stat(target.c_str(), &old) != 0) return refuse(path, std::strerror(errno));
  if (!S_ISREG(old.st_mode)) return refuse(path, "it is not a regular file");
  // A rename would not ask.
  if (::access(target.c_str(), W_OK) != 0) return refuse(path, std::strerror(errno));
  Draft draft(target);
  if (!draft.made() || !draft.write(content) || !draft.take_mode(old) || !draft.place(target)) {
    return refuse(path, std::strerror(errno));
  }
  return {};
}

Result<void> write_file(const std::string& path, std::string_view content) {
  std::error_code ignored;
  const auto status = std::filesystem::symlink_status(path, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
      !std::filesystem::is_symlink(status)) {
    return refuse(path, "it is not a regular file");
  }
  const std::filesystem::path target(path);
  Draft draft(target);
  if (!draft.made() || !draft.write(content) || !draft.take_usual_mode() || !draft.place(target)) {
    return refuse(path, std::strerror(errno));
  }
  return {};
}

}  // namespace ipaas::cli
