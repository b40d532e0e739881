// What the daemon owes to the machine it runs on.
#include "daemon/process.h"

#include <malloc.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/support/catch.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they bring a malloc of their own
using namespace ipaas;

namespace {

std::size_t resident_bytes() {
  std::size_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// True when the memory of a burst came, and went back once it was freed and looked for.
bool goes_back(int bodies_of_burst) {
  constexpr std::size_t kMiB = 1024 * 1024;
  daemon::FreedMemory memory;
  ::malloc_trim(0);
  memory.give_back();
  const std::size_t before = resident_bytes();
  std::vector<std::string> bodies, survivors;
  for (int i = 0; i < bodies_of_burst; ++i) {
    bodies.emplace_back(100 * 1024, 'b');
    survivors.emplace_back(100, 's');
  }
  bodies.clear();
  const bool came = resident_bytes() > before + 32 * kMiB;
  return came && memory.give_back() && resident_bytes() < before + 16 * kMiB;
}

}  // namespace

TEST_CASE("memory that a burst has freed goes back to the system, even where small blocks live on behind it") {
  // What other tests have left to be freed late, or free and not gone, can hide a small burst.
  bool seen = false;
  for (int i = 1; i <= 10 && !seen; ++i) seen = goes_back(640 * i);
  CHECK(seen);
}

#endif
