// A machine and receivers that are not as they should be.
#include <glob.h>
#include <unistd.h>

#include <fstream>
#include <numeric>
#include <thread>

#include "tests/e2e/faults/scenarios.h"
#include "tests/support/raw_client.h"

namespace ipaas::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kDescriptors = 128;
constexpr int kCrowd = 300;

/// So few that failures hardly ever come five in a row: they would open the breaker, and for a minute nothing is called.
constexpr unsigned kBadPercent = 5;

/// How long the daemon may be busy with failing to accept, of each second.
constexpr std::chrono::milliseconds kMayBurn = 500ms;

/// More connections than there are descriptors, while the load goes on as well as it can.
bool crowd_in(Stage& stage, std::uint16_t port) {
  std::vector<RawClient> crowd;
  for (int i = 0; i < kCrowd; ++i) crowd.emplace_back(port);
  const auto before = stage.daemon.processor_time();
  std::this_thread::sleep_for(1s);  // measured time: it must not be spent on failing to accept
  const auto burnt = stage.daemon.processor_time() - before;
  if (burnt > kMayBurn) return stage.complain("accepting spins: " + std::to_string(burnt.count()) + " ms of a second");
  return true;
}

std::string fake_time_library() {
  glob_t found{};
  std::string path;
  if (::glob("/usr/lib/*/faketime/libfaketimeMT.so.1", 0, nullptr, &found) == 0) path = found.gl_pathv[0];
  ::globfree(&found);
  return path;
}

/// The daemon's clock, so many seconds away from the right time. Its monotonic clock is left alone.
class FakeTime {
 public:
  FakeTime(DaemonProcess& daemon, const std::string& library, const std::filesystem::path& directory)
      : file_(directory / "clock") {
    set(0);
    daemon.set_variable("LD_PRELOAD", library);
    daemon.set_variable("FAKETIME_TIMESTAMP_FILE", file_.string());
    daemon.set_variable("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    daemon.set_variable("FAKETIME_CACHE_DURATION", "1");
    daemon.set_variable("FAKETIME_NO_CACHE", "0");
  }

  void set(int seconds) {
    const std::filesystem::path next = file_.string() + ".next";
    std::ofstream(next) << (seconds < 0 ? "" : "+") << seconds << "s\n";
    std::filesystem::rename(next, file_);
  }

 private:
  const std::filesystem::path file_;
};

}  // namespace

Outcome use_up_descriptors(const Course& course, const std::filesystem::path& directory) {
  Stage stage(course.load, directory, "limits:\n  connections_per_address: 10000\n  idle_time: 60s\n");
  stage.daemon.limit_files(kDescriptors);
  const std::uint64_t turns = course.lengthy ? 10 : 2;
  std::uint64_t crowds = 0;
  if (stage.open()) {
    while (crowds < turns && stage.wait_for_accepted(50) && crowd_in(stage, stage.port()) &&
           stage.wait_for_accepted(50))
      ++crowds;
  }
  return {crowds, stage.conclude({0, 503}), {}};
}

Outcome step_clock(const Course& course, const std::filesystem::path& directory) {
  const std::string library = fake_time_library();
  if (library.empty()) return {0, {}, "libfaketime is not installed"};
  Stage stage(course.load, directory);
  FakeTime time(stage.daemon, library, directory);
  std::vector<int> steps = {3600, -3600, 90, -30, 86400, 0};
  if (course.lengthy) steps = {3600, -3600, 90, -30, 86400, -86400, 7, -7, 31 * 86400, 1, -1, 600, 0};
  std::uint64_t stepped = 0;
  if (stage.open(schedule_calling(stage.sink().port()))) {
    for (const int step : steps) {
      if (!stage.wait_for_accepted(400)) break;
      time.set(step);
      ++stepped;
    }
    stage.wait_for_accepted(1200);  // the right time holds for seconds, which the schedule needs to go on
  }
  if (stage.daemon.ipaas("workflow disable load-tick -o name").empty())
    stage.complain("the schedule cannot be stopped");
  Outcome result{stepped, stage.conclude({503}), {}};
  if (result.verdict.ticks < 3) result.verdict.problems.push_back("the schedule did not fire, so nothing is proved");
  return result;
}

Outcome misbehave_as_receiver(const Course& course, const std::filesystem::path& directory) {
  Stage stage(course.load, directory);
  const auto treated_badly = [&] {
    const auto counts = stage.sink().treated();
    return std::accumulate(counts.begin() + 1, counts.end(), std::uint64_t{0});
  };
  if (stage.open()) {
    stage.sink().misbehave(kBadPercent);
    stage.wait_until(
        "requests are treated badly", [&] { return treated_badly() > (course.lengthy ? 3000U : 100U); },
        course.lengthy ? 600s : 180s);
    stage.sink().misbehave(0);
    stage.wait_for_accepted(100);
  }
  for (std::size_t manner = 1; manner < kManners; ++manner) {
    if (stage.sink().treated().at(manner) == 0) stage.complain("not every bad manner was met, so not all is proved");
  }
  return {treated_badly(), stage.conclude({503}), {}};
}

}  // namespace ipaas::test
