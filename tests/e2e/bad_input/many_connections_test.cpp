// More connections than the daemon has descriptors for.
#include <sys/resource.h>

#include <thread>
#include <vector>

#include "tests/e2e/bad_input/daemon_fixture.h"

using namespace ipaas::test;

TEST_CASE("1,100 connections at 1,024 descriptors: accepting pauses without spinning, and goes on when there is room") {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_max < 1400) {
    WARN("this test may not open 1,400 descriptors, skipped");
    return;
  }
  DaemonFixture fixture("  connections_per_address: 10000\n  idle_time: 60s\n  request_time: 60s\n", 1024);
  {
    std::vector<RawClient> crowd;
    for (int i = 0; i < 1100; ++i) crowd.emplace_back(fixture.port);
    const auto before = fixture.daemon.processor_time();
    std::this_thread::sleep_for(std::chrono::seconds(1));  // measured time: it must not be spent on failing to accept
    CHECK(fixture.daemon.processor_time() - before < std::chrono::milliseconds(300));
  }
  bool recovered = false;
  for (int i = 0; i < 10 && !recovered; ++i) recovered = fixture.is_well();
  CHECK(recovered);
}
