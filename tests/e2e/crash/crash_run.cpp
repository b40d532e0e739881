#include "tests/e2e/crash/crash_run.h"

#include <cstdio>

namespace ipaas::test {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kDrainLimit = 30s;
constexpr std::uint64_t kStartsThatAreCutShort = 8;  ///< one in so many lives ends before the daemon is ready

bool kill_again_and_again(const Plan& plan, Stage& stage) {
  const auto began = std::chrono::steady_clock::now();
  for (std::uint64_t kill = 0; kill < plan.kills; ++kill) {
    stage.live_for(plan.longest_life);
    if (!stage.daemon.kill()) return stage.complain("the daemon ended by itself");
    if (stage.random(1, kStartsThatAreCutShort) == 1) {
      stage.daemon.spawn();
      stage.live_for(60ms);
      if (!stage.daemon.kill()) return stage.complain("the daemon ended by itself while it started");
    }
    if (!stage.start()) return false;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%lu kills in %.1f s, %lu webhooks accepted, seed %lu\n", plan.kills, took.count(),
              stage.ledger().accepted_count(), plan.load.seed);
  return true;
}

bool drain_again_and_again(const Plan& plan, Stage& stage) {
  for (std::uint64_t drain = 0; drain < plan.drains; ++drain) {
    stage.live_for(plan.longest_life);
    const auto began = std::chrono::steady_clock::now();
    const auto status = stage.daemon.terminate(kDrainLimit);
    if (!status) return stage.complain("the daemon did not drain within 30 s");
    if (*status != 0) return stage.complain("the daemon drained with exit status " + std::to_string(*status));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf("drained under load in %.2f s\n", took.count());
    if (!stage.start()) return false;
  }
  return true;
}

}  // namespace

bool run(const Plan& plan, const std::filesystem::path& directory) {
  Stage stage(plan.load, directory);
  if (stage.open() && kill_again_and_again(plan, stage)) drain_again_and_again(plan, stage);
  // A daemon that is killed answers nothing, and one that stops says that it does.
  const Verdict verdict = stage.conclude({0, 503});
  print(verdict);
  return verdict.problems.empty();
}

}  // namespace ipaas::test
