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

Result<DataDir> DataDir::open(const std::filesystem::path& path) {
  if (auto made = make_directory(path); !made) return tl::unexpected(made.error());
  const std::filesystem::path file = path / "ipaasd.lock";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) {
    return unusable(path, std::string("is not writable: ") + std::strerror(errno), "choose another with --data-dir");
  }
  DataDir dir(path, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorKind::kConflict,
                "the data directory " + path.string() + " is in use by the daemon with pid " + holder_of(lock),
                "stop that one, or choose another with --data-dir", "data_dir_locked");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock, 0) != 0 || ::pwrite(lock, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return unusable(path, std::string("cannot be written: ") + std::strerror(errno), "make room on the disk");
  }
  return dir;
}

DataDir::DataDir(DataDir&& other) noexcept : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataDir::~DataDir() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace ipaas::daemon
