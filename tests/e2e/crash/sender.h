// Senders of webhooks: one connection and one thread each.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "tests/e2e/crash/ledger.h"

namespace ipaas::test {

/// Where the daemon is in its present life. Thread-safe.
class Whereabouts {
 public:
  struct Life {
    std::uint64_t number = 0;
    std::uint16_t port = 0;
  };

  void is_at(std::uint16_t port);
  /// The first life after `number`, or the same one again after a moment, in case it only ended a connection. Nothing
  /// when the test ends.
  [[nodiscard]] std::optional<Life> life_after(std::uint64_t number, std::stop_token stop);

 private:
  std::mutex mutex_;  ///< guards life_
  std::condition_variable_any changed_;
  Life life_;
};

/// Sends webhooks with new ids to the workflows in turn for as long as it lives, each connection at a steady pace that
/// does not depend on how the daemon fares. What got no complete answer counts as not accepted and is never sent again.
class Senders {
 public:
  Senders(std::size_t connections, std::uint64_t per_second, std::vector<Kind> kinds, Whereabouts& whereabouts,
          Ledger& ledger);

  void stop();

 private:
  void run(std::stop_token stop, std::chrono::microseconds pace);
  void send_to(Whereabouts::Life life, std::stop_token stop, std::chrono::microseconds pace);

  const std::vector<Kind> kinds_;
  Whereabouts& whereabouts_;
  Ledger& ledger_;
  std::vector<std::jthread> threads_;
};

}  // namespace ipaas::test
