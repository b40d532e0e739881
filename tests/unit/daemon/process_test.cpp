// What the daemon owes to the machine it runs on.
#include "daemon/process.h"

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

}  // namespace

TEST_CASE("memory that a burst has freed goes back to the system, once, even where small blocks live on behind it") {
  constexpr std::size_t kMiB = 1024 * 1024;
  daemon::FreedMemory memory;
  memory.give_back();
  const std::size_t before = resident_bytes();
  std::vector<std::string> bodies, survivors;
  for (int i = 0; i < 640; ++i) {
    bodies.emplace_back(100 * 1024, 'b');
    survivors.emplace_back(100, 's');
  }
  bodies.clear();
  CHECK(resident_bytes() > before + 32 * kMiB);
  CHECK(memory.give_back());
  CHECK(resident_bytes() < before + 16 * kMiB);
  CHECK_FALSE(memory.give_back());

  // What was free and is used again, and freed between two looks, is seen too.
  for (int i = 0; i < 640; ++i) bodies.emplace_back(100 * 1024, 'b');
  bodies.clear();
  CHECK(memory.give_back());
  CHECK(resident_bytes() < before + 16 * kMiB);
}

#endif
