// A disk that fails, and a process that dies while it writes.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include "tests/e2e/faults/fault_page.h"
#include "tests/e2e/faults/scenarios.h"

namespace ipaas::test {
namespace {

using namespace std::chrono_literals;

/// A commit under load is some ten writes and one sync.
constexpr std::uint64_t kLastWrite = 400;
constexpr std::uint64_t kLastSync = 30;

/// No answer from who has died; 503 from who cannot write.
const std::vector<int> kDead = {0, 503};
const std::vector<int> kUnwell = {503};

std::uint64_t last_of(DiskCall call) {
  return call == DiskCall::kWrite ? kLastWrite : kLastSync;
}

/// Every third death comes while the daemon starts, when it writes little.
bool die_at_a_call(Stage& stage, FaultPage& page, DiskCall call, std::uint64_t turn) {
  const bool while_starting = turn % 3 == 2;
  if (while_starting) {
    if (!stage.daemon.kill()) return stage.complain("the daemon ended by itself");
    page.strike(call, stage.random(1, 6), 1, 0);
    stage.daemon.spawn();
  } else {
    page.strike(call, stage.random(1, last_of(call)), 1, 0);
  }
  const auto status = stage.daemon.wait_for_end(20s);
  page.disarm();
  if (!status) return stage.complain("the call at which the daemon was to die did not come");
  if (!WIFSIGNALED(*status) || WTERMSIG(*status) != SIGKILL) return stage.complain("the daemon ended by itself");
  return stage.start();
}

Outcome die_again_and_again(const Course& course, const std::filesystem::path& directory, DiskCall call) {
  Stage stage(course.load, directory);
  FaultPage page(stage.daemon, directory, course.shim);
  const std::uint64_t deaths = course.lengthy ? 150 : 12;
  if (stage.open()) {
    for (std::uint64_t turn = 0; turn < deaths && stage.wait_for_accepted(20); ++turn) {
      if (!die_at_a_call(stage, page, call, turn)) break;
    }
  }
  if (page.struck() < deaths) stage.complain("the daemon did not die as often as it should");
  return {page.struck(), stage.conclude(kDead), {}};
}

/// After each failure the daemon has to accept again by itself; after some it is killed, for what is in its memory must
/// not be what kept the promises.
Outcome fail_again_and_again(const Course& course, const std::filesystem::path& directory, DiskCall call, int error) {
  Stage stage(course.load, directory);
  FaultPage page(stage.daemon, directory, course.shim);
  const std::uint64_t turns = course.lengthy ? 60 : 6;
  if (stage.open()) {
    for (std::uint64_t turn = 0; turn < turns && stage.wait_for_accepted(20); ++turn) {
      const std::uint64_t before = page.struck(), times = stage.random(1, turn % 2 == 0 ? 1 : 20);
      page.strike(call, stage.random(1, last_of(call)), times, error);
      if (!stage.wait_until("the disk fails", [&] { return page.struck() > before; })) break;
      stage.live_for(200ms);
      page.disarm();
      if (!stage.wait_for_accepted(20)) break;
      if (turn % 3 == 0 && !(stage.daemon.kill() && stage.start())) break;
    }
  }
  if (stage.ledger().refused_count(503) == 0) stage.complain("no webhook met a failure, so nothing is proved");
  // Only where it was killed may an answer be missing.
  return {page.struck(), stage.conclude(kDead), {}};
}

/// Takes the space in ever smaller pieces, for the daemon takes some meanwhile.
void fill(const std::filesystem::path& ballast, std::uint64_t left) {
  const int file = ::open(ballast.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  off_t size = 0;
  for (off_t piece = 64 * 1024 * 1024; piece >= 4096;) {
    if (::posix_fallocate(file, size, piece) == 0) {
      size += piece;
    } else {
      piece /= 2;
    }
  }
  if (::ftruncate(file, size - static_cast<off_t>(left)) != 0) throw std::runtime_error("the ballast cannot be cut");
  ::close(file);
}

/// A file system of its own, as long as this lives.
class SmallDisk {
 public:
  SmallDisk(std::filesystem::path where, const char* options) : where_(std::move(where)) {
    std::filesystem::create_directory(where_);
    mounted_ = ::mount("tmpfs", where_.c_str(), "tmpfs", 0, options) == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) ::umount2(where_.c_str(), MNT_DETACH);
  }

  [[nodiscard]] bool mounted() const { return mounted_; }

 private:
  const std::filesystem::path where_;
  bool mounted_ = false;
};

bool fill_and_free(Stage& stage, const std::filesystem::path& disk) {
  const std::filesystem::path ballast = disk / "ballast";
  const std::uint64_t refused = stage.ledger().refused_count(503);
  fill(ballast, 64 * 1024);
  const bool full =
      stage.wait_until("a full disk is told", [&] { return stage.ledger().refused_count(503) > refused + 50; });
  std::filesystem::remove(ballast);
  return full && stage.wait_for_accepted(50);
}

}  // namespace

Outcome kill_at_writes(const Course& course, const std::filesystem::path& directory) {
  return die_again_and_again(course, directory, DiskCall::kWrite);
}

Outcome kill_at_syncs(const Course& course, const std::filesystem::path& directory) {
  return die_again_and_again(course, directory, DiskCall::kSync);
}

Outcome fail_writes(const Course& course, const std::filesystem::path& directory) {
  return fail_again_and_again(course, directory, DiskCall::kWrite, EIO);
}

Outcome fail_syncs(const Course& course, const std::filesystem::path& directory) {
  return fail_again_and_again(course, directory, DiskCall::kSync, EIO);
}

Outcome refuse_space(const Course& course, const std::filesystem::path& directory) {
  return fail_again_and_again(course, directory, DiskCall::kWrite, ENOSPC);
}

Outcome fill_disk(const Course& course, const std::filesystem::path& directory) {
  const SmallDisk disk(directory / "data", "size=256m,mode=700");
  if (!disk.mounted()) return {0, {}, std::string("a file system cannot be mounted: ") + std::strerror(errno)};
  Stage stage(course.load, directory);
  const std::uint64_t turns = course.lengthy ? 10 : 2;
  std::uint64_t filled = 0;
  if (stage.open()) {
    while (filled < turns && stage.wait_for_accepted(50) && fill_and_free(stage, stage.daemon.data())) ++filled;
  }
  return {filled, stage.conclude(kUnwell), {}};
}

}  // namespace ipaas::test
