#include "tests/e2e/crash/stage.h"

#include <algorithm>
#include <cstdio>
#include <thread>

namespace ipaas::test {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kDrainLimit = 30s;

}  // namespace

Stage::Stage(const Load& load, const std::filesystem::path& directory, const std::string& config)
    : daemon(load.bin, directory, config), load_(load), random_(load.seed), sink_(ledger_, load.seed) {}

bool Stage::start() {
  daemon.spawn();
  const auto port = daemon.wait_until_ready();
  if (!port) return complain("the daemon did not get ready; its log is " + daemon.log().string());
  port_ = *port;
  whereabouts_.is_at(port_);
  return true;
}

bool Stage::open(const std::string& more) {
  if (!start()) return false;
  if (!daemon.apply(workflows_calling(sink_.port(), load_.kinds) + more)) return complain("the workflows are refused");
  senders_.emplace(load_.connections, load_.per_second, load_.kinds, whereabouts_, ledger_);
  return true;
}

bool Stage::wait_for_accepted(std::uint64_t more, std::chrono::seconds within) {
  const std::uint64_t wanted = ledger_.accepted_count() + more;
  return wait_until(
      "webhooks are accepted", [&] { return ledger_.accepted_count() >= wanted; }, within);
}

bool Stage::wait_until(const char* what, const std::function<bool()>& is_so, std::chrono::seconds within) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() >= deadline) return complain(std::string("not in time: ") + what);
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

/// The moment of a fault is at random, so this is the one place that lets time pass.
void Stage::live_for(std::chrono::milliseconds longest) {
  std::this_thread::sleep_for(std::chrono::milliseconds(random(0, static_cast<std::uint64_t>(longest.count()))));
}

std::uint64_t Stage::random(std::uint64_t from, std::uint64_t to) {
  return std::uniform_int_distribution<std::uint64_t>(from, to)(random_);
}

void Stage::wait_for_the_end() {
  const auto deadline = std::chrono::steady_clock::now() + load_.patience;
  std::int64_t live = unfinished(daemon.database());
  while (live != 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(50ms);
    live = unfinished(daemon.database());
  }
  if (live != 0) complain(std::to_string(live) + " executions or effects are not done");
  if (daemon.terminate(kDrainLimit) != 0) complain("the daemon did not stop cleanly");
}

Verdict Stage::conclude(const std::vector<int>& allowed) {
  if (senders_) senders_->stop();
  if (complaints_.empty()) {
    wait_for_the_end();
  } else {
    daemon.kill();  // what is compared must hold still
  }
  Verdict verdict = judge(ledger_.facts(), daemon.database());
  for (const auto& [status, count] : ledger_.facts().refused) {
    verdict.refused += count;
    if (std::find(allowed.begin(), allowed.end(), status) != allowed.end()) continue;
    complain(std::to_string(count) + " webhooks were answered " + std::to_string(status));
  }
  if (ledger_.accepted_count() == 0) complain("nothing was accepted, so nothing is proved");
  verdict.problems.insert(verdict.problems.begin(), complaints_.begin(), complaints_.end());
  return verdict;
}

bool Stage::complain(const std::string& what) {
  std::printf("WRONG: %s\n", what.c_str());
  complaints_.push_back(what);
  return false;
}

}  // namespace ipaas::test
