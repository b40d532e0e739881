#include "tests/e2e/crash/crash_run.h"

#include <cstdio>
#include <random>
#include <thread>

#include "tests/support/daemon_process.h"
#include "tests/e2e/crash/ledger.h"
#include "tests/e2e/crash/sender.h"
#include "tests/e2e/crash/sink.h"
#include "tests/e2e/crash/verdict.h"

namespace ipaas::test {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kDrainLimit = 30s;
constexpr int kStartsThatAreCutShort = 8;  ///< one in so many lives ends before the daemon is ready

std::string webhook_workflow(Kind kind, const std::string& step) {
  return "---\nname: " + std::string(workflow_name(kind)) + "\non:\n  webhook:\n    verify:\n      scheme: none\nsteps:\n" +
         step;
}

std::string call_step(const std::string& method, std::uint16_t port, const std::string& more) {
  return "  - id: call\n    uses: http/request\n    with:\n      method: " + method +
         "\n      url: http://127.0.0.1:" + std::to_string(port) +
         "/\n      json:\n        id: ${{ event.body.id }}\n        execution: ${{ execution.id }}\n" + more;
}

/// The PUT may be repeated, and is until it is known to have arrived; for the POST the default must be right.
std::string workflows(std::uint16_t sink) {
  return webhook_workflow(Kind::kSet, "  - id: keep\n    set: ${{ event.body.id }}\n  - log: kept ${{ event.body.id }}\n") +
         webhook_workflow(Kind::kPost, call_step("POST", sink, "")) +
         webhook_workflow(Kind::kPut, call_step("PUT", sink, "    retry:\n      max-attempts: 20\n      delay: 100ms\n"));
}

class CrashRun {
 public:
  CrashRun(const Plan& plan, const std::filesystem::path& directory)
      : plan_(plan), random_(plan.seed), daemon_(plan.bin, directory), sink_(ledger_, plan.seed) {}

  bool run() {
    if (!start()) return false;
    if (!daemon_.apply(workflows(sink_.port()))) return complain("the workflows are refused");
    Senders senders(plan_.connections, plan_.per_second, whereabouts_, ledger_);
    const bool survived = kill_again_and_again() && drain_again_and_again();
    senders.stop();
    return survived && wait_for_the_end() && conclude();
  }

 private:
  bool start() {
    daemon_.spawn();
    const auto port = daemon_.wait_until_ready();
    if (!port) return complain("the daemon did not get ready; its log is " + daemon_.log().string());
    whereabouts_.is_at(*port);
    return true;
  }

  bool kill_again_and_again() {
    const auto began = std::chrono::steady_clock::now();
    for (std::uint64_t kill = 0; kill < plan_.kills; ++kill) {
      live_for(plan_.longest_life);
      if (!daemon_.kill()) return complain("the daemon ended by itself");
      if (random_() % kStartsThatAreCutShort == 0) {
        daemon_.spawn();
        live_for(60ms);
        if (!daemon_.kill()) return complain("the daemon ended by itself while it started");
      }
      if (!start()) return false;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf("%lu kills in %.1f s, %lu webhooks accepted, seed %lu\n", plan_.kills, took.count(),
                ledger_.accepted_count(), plan_.seed);
    return true;
  }

  bool drain_again_and_again() {
    for (std::uint64_t drain = 0; drain < plan_.drains; ++drain) {
      live_for(plan_.longest_life);
      const auto began = std::chrono::steady_clock::now();
      const auto status = daemon_.terminate(kDrainLimit);
      if (!status) return complain("the daemon did not drain within 30 s");
      if (*status != 0) return complain("the daemon drained with exit status " + std::to_string(*status));
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
      std::printf("drained under load in %.2f s\n", took.count());
      if (!start()) return false;
    }
    return true;
  }

  /// The moment of a kill is at random, so this is the one place that lets time pass.
  void live_for(std::chrono::milliseconds longest) {
    const auto time = std::uniform_int_distribution<std::int64_t>(0, longest.count())(random_);
    std::this_thread::sleep_for(std::chrono::milliseconds(time));
  }

  bool wait_for_the_end() {
    const auto deadline = std::chrono::steady_clock::now() + plan_.patience;
    std::int64_t live = live_executions(daemon_.database());
    while (live != 0 && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(100ms);
      live = live_executions(daemon_.database());
    }
    if (live != 0) std::printf("WRONG: %ld executions have not ended\n", live);
    if (daemon_.terminate(kDrainLimit) != 0) return complain("the daemon did not stop cleanly");
    return true;
  }

  bool conclude() {
    const Verdict verdict = judge(ledger_.facts(), daemon_.database());
    print(verdict);
    for (const auto& [status, count] : ledger_.facts().refused) {
      std::printf("%s: %lu\n", status == 0 ? "without a complete answer" : ("answered " + std::to_string(status)).c_str(),
                  count);
    }
    if (ledger_.accepted_count() == 0) return complain("nothing was accepted, so nothing is proved");
    return verdict.problems.empty();
  }

  static bool complain(const std::string& what) {
    std::printf("WRONG: %s\n", what.c_str());
    return false;
  }

  const Plan& plan_;
  std::mt19937_64 random_;
  DaemonProcess daemon_;
  Ledger ledger_;
  Sink sink_;
  Whereabouts whereabouts_;
};

}  // namespace

bool run(const Plan& plan, const std::filesystem::path& directory) { return CrashRun(plan, directory).run(); }

}  // namespace ipaas::test
