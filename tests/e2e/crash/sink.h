// The receiver of the effects: on loopback, in the test's own process, so that it outlives every crash.
#pragma once

#include <cstdint>
#include <memory>

#include "tests/e2e/crash/ledger.h"

namespace ipaas::test {

/// Notes each request in the ledger as soon as its body is complete, and answers 200 some milliseconds later, so that
/// there are always calls that have happened but are not known to have happened. Runs a thread of its own.
class Sink {
 public:
  Sink(Ledger& ledger, std::uint64_t seed);
  ~Sink();

  [[nodiscard]] std::uint16_t port() const;

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace ipaas::test
