#include "daemon/process.h"

#include <malloc.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace ipaas::daemon {

namespace {

/// Buffers from here on are mapped on their own, and so go back to the system when they are freed. Left alone, glibc
/// raises its threshold to the size of the largest buffer seen, and one answer of 10 MiB stays for good.
constexpr int kMappedFromBytes = 1024 * 1024;

constexpr std::int64_t kWorthGivingBack = 4 * 1024 * 1024;

/// What is in memory and not allocated. That something is free does not say that it is in memory; so malloc's own count
/// of what is free is of no use here.
std::int64_t resident_rest() {
  std::int64_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  const struct mallinfo2 heaps = ::mallinfo2();
  return resident * ::sysconf(_SC_PAGESIZE) - static_cast<std::int64_t>(heaps.uordblks + heaps.hblkhd);
}

}  // namespace

void harden_process() {
  ::mallopt(M_MMAP_THRESHOLD, kMappedFromBytes);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ::umask(077);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
}

bool FreedMemory::give_back() {
  const std::int64_t rest = resident_rest();
  least_rest_ = std::min(least_rest_, rest);
  if (rest - least_rest_ <= kWorthGivingBack) return false;
  ::malloc_trim(0);
  least_rest_ = resident_rest();
  return true;
}

Signals::Signals() {
  ::sigemptyset(&set_);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set_, signal);
  ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
}

std::optional<int> Signals::wait(Duration time) const {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec limit{seconds.count(), static_cast<long>(std::chrono::nanoseconds(time - seconds).count())};
  const int signal = ::sigtimedwait(&set_, nullptr, &limit);
  if (signal < 0) return std::nullopt;
  return signal;
}

}  // namespace ipaas::daemon
