// A daemon under load whose every promise is written down: what all tests of this kind play on.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/e2e/crash/ledger.h"
#include "tests/e2e/crash/sender.h"
#include "tests/e2e/crash/sink.h"
#include "tests/e2e/crash/verdict.h"
#include "tests/support/daemon_process.h"

namespace ipaas::test {

struct Load {
  std::filesystem::path bin;  ///< holds ipaasd and ipaas
  std::uint64_t seed = 0;     ///< of everything at random
  std::size_t connections = 8;
  std::uint64_t per_second = 600;      ///< webhooks, of all connections together
  std::vector<Kind> kinds;             ///< sent in turn
  std::chrono::seconds patience{120};  ///< for everything to end after the last fault
};

/// The daemon is started and sent webhooks until `conclude`. What goes wrong is printed at once, and makes `conclude`
/// say so. Not thread-safe.
class Stage {
 public:
  Stage(const Load& load, const std::filesystem::path& directory, const std::string& config = {});

  DaemonProcess daemon;

  /// The next life of the daemon, to which the senders turn when it is ready.
  bool start();
  /// The first life, with the workflows and those of `more`; then the senders begin.
  bool open(const std::string& more = {});
  /// Until the senders have got so many more complete 202s.
  bool wait_for_accepted(std::uint64_t more, std::chrono::seconds within = std::chrono::seconds(30));
  /// Asks again and again until it is so. False, and a complaint, when it is not in time.
  bool wait_until(const char* what, const std::function<bool()>& is_so,
                  std::chrono::seconds within = std::chrono::seconds(30));
  /// A moment at random, up to so long.
  void live_for(std::chrono::milliseconds longest);
  [[nodiscard]] std::uint64_t random(std::uint64_t from, std::uint64_t to);

  /// Ends the load, waits until everything has ended, stops the daemon and compares. Nothing but `allowed` may have
  /// been answered beside 202.
  [[nodiscard]] Verdict conclude(const std::vector<int>& allowed);

  bool complain(const std::string& what);
  [[nodiscard]] Ledger& ledger() { return ledger_; }
  [[nodiscard]] Sink& sink() { return sink_; }
  /// Of the present life's webhooks.
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void wait_for_the_end();

  const Load& load_;
  std::mt19937_64 random_;
  Ledger ledger_;
  Sink sink_;
  Whereabouts whereabouts_;
  std::uint16_t port_ = 0;
  std::optional<Senders> senders_;
  std::vector<std::string> complaints_;
};

}  // namespace ipaas::test
