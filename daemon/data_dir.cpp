#include "daemon/data_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace ipaas::daemon {
namespace {

tl::unexpected<Error> unusable(const std::filesystem::path& path, const std::string& why, const std::string& hint) {
  return fail(ErrorKind::kInvalid, "the data directory " + path.string() + " " + why, hint, "data_dir");
}

Result<void> make_directory(const std::filesystem::path& path) {
  std::error_code failure;
  std::filesystem::create_directories(path.parent_path(), failure);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return unusable(path, std::string("cannot be made: ") + std::strerror(errno), "choose another with --data-dir");
  }
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    return unusable(path, "is not a directory", "choose another with --data-dir");
  }
  if (status.st_uid != ::geteuid()) {
    return unusable(path, "belongs to another user", "run the daemon as that user, or choose another with --data-dir");
  }
  if ((status.st_mode & 077U) != 0) {
    return unusable(path, "is open to other users", "close it with `chmod 700 " + path.string() + "`");
  }
  if (::access(path.c_str(), W_OK) != 0) {
    return unusable(path, "is not writable", "make it writable, or choose another with --data-dir");
  }
  return {};
}

std::string holder_of(int lock) {
  char text[32] = {};
  const ssize_t got = ::pread(lock, text, sizeof(text) - 1, 0);
  return got > 0 ? std::string(text, std::strcspn(text, "\n")) : "unknown";
}

}  // namespace

Result<LockFile> LockFile::acquire(const std::filesystem::path& file, const std::string& subject) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    return fail(ErrorKind::kInvalid, subject + " is not writable: " + std::strerror(errno),
                "make it writable, or choose another", "data_dir");
  }
  LockFile lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorKind::kConflict, subject + " is in use by the daemon with pid " + holder_of(fd),
                "stop that one, or choose another with --data-dir", "data_dir_locked");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return fail(ErrorKind::kInvalid, subject + " cannot be written: " + std::strerror(errno), "make room on the disk",
                "data_dir");
  }
  return lock;
}

LockFile::LockFile(LockFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

LockFile::~LockFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<LockFile> lock_data_dir(const std::filesystem::path& path) {
  if (auto made = make_directory(path); !made) return tl::unexpected(made.error());
  return LockFile::acquire(path / "ipaasd.lock", "the data directory " + path.string());
}

Result<LockFile> lock_database(const std::filesystem::path& file) {
  std::error_code failure;
  std::filesystem::path real = std::filesystem::weakly_canonical(file, failure);
  if (failure) real = file;
  return LockFile::acquire(real.string() + ".lock", "the database " + file.string());
}

}  // namespace ipaas::daemon
