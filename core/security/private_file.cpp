#include "core/security/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace ipaas::security {
namespace {

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags, mode_t mode = 0)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

std::string reason(int error) { return std::system_category().message(error); }

tl::unexpected<Error> disk_error(const std::filesystem::path& path, const char* what, int error) {
  return fail(ErrorKind::kUnavailable, std::string("cannot ") + what + " " + path.string() + ": " + reason(error));
}

std::filesystem::path leftover_of(const std::filesystem::path& path) { return path.string() + ".tmp"; }

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<void> check_private(const std::filesystem::path& path, const struct stat& status, std::size_t limit) {
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorKind::kInvalid, path.string() + " is not a regular file", "name another file", "key_malformed");
  }
  if (status.st_uid != ::geteuid()) {
    return fail(ErrorKind::kInvalid, path.string() + " belongs to another user",
                "chown it to the user that the daemon runs as", "key_exposed");
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(ErrorKind::kInvalid, path.string() + " can be reached by group or others",
                "chmod 600 " + path.string() + ", and rotate the key if somebody may have read it", "key_exposed");
  }
  if (static_cast<std::size_t>(status.st_size) > limit) {
    return fail(ErrorKind::kInvalid, path.string() + " is too large to be what it should be",
                "restore it from its backup", "key_malformed");
  }
  return {};
}

/// A rename is durable once its directory is.
Result<void> sync_directory(const std::filesystem::path& path) {
  const std::filesystem::path directory = path.has_parent_path() ? path.parent_path() : ".";
  const Descriptor fd(directory, O_RDONLY | O_DIRECTORY);
  if (!fd.valid() || ::fsync(fd.get()) != 0) return disk_error(directory, "sync the directory", errno);
  return {};
}

Result<void> write_leftover(const std::filesystem::path& path, std::string_view content) {
  const Descriptor fd(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (!fd.valid()) return disk_error(path, "create", errno);
  // A umask of 0777 would leave a file that its owner cannot read either.
  if (::fchmod(fd.get(), S_IRUSR | S_IWUSR) != 0 || !write_all(fd.get(), content) || ::fsync(fd.get()) != 0) {
    return disk_error(path, "write", errno);
  }
  return {};
}

void overwrite(const Descriptor& old) {
  struct stat status {};
  if (!old.valid() || ::fstat(old.get(), &status) != 0) return;
  const std::string zeros(static_cast<std::size_t>(status.st_size), '\0');
  if (write_all(old.get(), zeros)) static_cast<void>(::fdatasync(old.get()));
}

}  // namespace

Result<std::optional<Secret>> read_private_file(const std::filesystem::path& path, std::size_t limit) {
  const Descriptor fd(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!fd.valid() && errno == ENOENT) return std::optional<Secret>();
  struct stat status {};
  if (!fd.valid() || ::fstat(fd.get(), &status) != 0) return disk_error(path, "read", errno);
  if (auto checked = check_private(path, status, limit); !checked) return tl::unexpected(std::move(checked.error()));
  std::string content(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t filled = 0;
  while (filled < content.size()) {
    const ssize_t got = ::read(fd.get(), content.data() + filled, content.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return disk_error(path, "read", errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  Secret secret(content.substr(0, filled));
  wipe(content);
  return std::optional<Secret>(std::move(secret));
}

Result<void> write_private_file(const std::filesystem::path& path, std::string_view content, Existing existing) {
  const std::filesystem::path leftover = leftover_of(path);
  discard_leftover(path);
  // Held open over the rename, or there would be nothing left to overwrite.
  const Descriptor old(path, O_WRONLY | O_NOFOLLOW);
  if (auto written = write_leftover(leftover, content); !written) {
    discard_leftover(path);
    return written;
  }
  // link(2) refuses to replace, which rename(2) does silently.
  const int moved = existing == Existing::kKeep ? ::link(leftover.c_str(), path.c_str())
                                                : ::rename(leftover.c_str(), path.c_str());
  const int error = errno;
  discard_leftover(path);
  if (moved != 0 && error == EEXIST) return fail(ErrorKind::kConflict, path.string() + " is there already");
  if (moved != 0) return disk_error(path, "replace", error);
  if (auto synced = sync_directory(path); !synced) return synced;
  if (existing == Existing::kReplace) overwrite(old);
  return {};
}

void discard_leftover(const std::filesystem::path& path) { static_cast<void>(::unlink(leftover_of(path).c_str())); }

}  // namespace ipaas::security
