// Preloaded into a daemon by a test: lets a chosen call on a database's files fail, or kills the process in its midst.
// Unlike a tracer it needs no permission and costs no thread a stop.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>  // kill is not in <csignal>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/support/fault_control.h"

namespace {

using ipaas::test::DiskCall;
using ipaas::test::FaultControl;

FaultControl* open_control() {
  const char* const path = std::getenv(ipaas::test::kFaultFile);
  const int file = path == nullptr ? -1 : ::open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* const page = ::mmap(nullptr, sizeof(FaultControl), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  return page == MAP_FAILED ? nullptr : static_cast<FaultControl*>(page);
}

FaultControl* control() {
  static FaultControl* const kControl = open_control();
  return kControl;
}

bool is_of_a_database(int file) {
  char link[64];
  char path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t size = ::readlink(link, path, sizeof path);
  return size > 0 && std::string_view(path, static_cast<std::size_t>(size)).find("/ipaas.db") != std::string_view::npos;
}

enum class Fate { kWorks, kFails, kDies };

/// Counts the call; errno is set where it fails.
Fate fate_of(DiskCall call, int file) {
  if (control() == nullptr || !is_of_a_database(file)) return Fate::kWorks;
  FaultControl::Plan& plan = control()->of(call);
  const std::uint64_t number = plan.calls.fetch_add(1);
  const std::uint64_t strike = plan.strike.load();
  if (number < strike || number - strike >= plan.times.load()) return Fate::kWorks;
  control()->struck.fetch_add(1);
  const int error = plan.error.load();
  if (error == 0) return Fate::kDies;
  errno = error;
  return Fate::kFails;
}

void die() {
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();  // the signal may take a moment to come
}

template <typename Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

/// The half of the bytes that are written before the process dies is what a torn page looks like.
template <typename Write>
ssize_t write_or_fail(int file, std::size_t size, const Write& write) {
  switch (fate_of(DiskCall::kWrite, file)) {
    case Fate::kWorks:
      return write(size);
    case Fate::kFails:
      return -1;
    case Fate::kDies:
      break;
  }
  (void)write(size / 2);
  die();
  return -1;
}

template <typename Sync>
int sync_or_fail(int file, const Sync& sync) {
  switch (fate_of(DiskCall::kSync, file)) {
    case Fate::kWorks:
      return sync();
    case Fate::kFails:
      return -1;
    case Fate::kDies:
      break;
  }
  die();
  return -1;
}

using WriteAt = ssize_t(int, const void*, std::size_t, off64_t);
using WriteOn = ssize_t(int, const void*, std::size_t);
using Sync = int(int);

}  // namespace

extern "C" {

ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  static WriteAt* const kReal = real<WriteAt>("pwrite64");
  return write_or_fail(file, size, [&](std::size_t part) { return kReal(file, bytes, part, offset); });
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  static WriteAt* const kReal = real<WriteAt>("pwrite64");
  return write_or_fail(file, size, [&](std::size_t part) { return kReal(file, bytes, part, offset); });
}

ssize_t write(int file, const void* bytes, size_t size) {
  static WriteOn* const kReal = real<WriteOn>("write");
  return write_or_fail(file, size, [&](std::size_t part) { return kReal(file, bytes, part); });
}

int fsync(int file) {
  static Sync* const kReal = real<Sync>("fsync");
  return sync_or_fail(file, [&] { return kReal(file); });
}

int fdatasync(int file) {
  static Sync* const kReal = real<Sync>("fdatasync");
  return sync_or_fail(file, [&] { return kReal(file); });
}

}  // extern "C"
