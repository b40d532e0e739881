// The receiver of the effects: on loopback, in the test's own process, so that it outlives every crash.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "tests/e2e/crash/ledger.h"

namespace ipaas::test {

/// How it may treat a request that it has noted.
enum class Manner { kAnswers, kNeverAnswers, kResets, kDrips };
inline constexpr std::size_t kManners = 4;

/// Notes each request in the ledger as soon as its body is complete, and answers 200 some milliseconds later, so that
/// there are always calls that have happened but are not known to have happened. Runs a thread of its own.
class Sink {
 public:
  Sink(Ledger& ledger, std::uint64_t seed);
  ~Sink();

  [[nodiscard]] std::uint16_t port() const;
  /// From now on so many of a hundred requests are treated badly, in all bad manners alike. Thread-safe.
  void misbehave(unsigned percent);
  /// Requests so far, by the manner in which they were treated. Thread-safe.
  [[nodiscard]] std::array<std::uint64_t, kManners> treated() const;

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace ipaas::test
