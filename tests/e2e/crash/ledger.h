// What was asked, what was promised and what arrived: the facts from which the verdict is made.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "tests/e2e/crash/workloads.h"

namespace ipaas::test {

/// A webhook that was sent. Its id is used once, whatever became of it.
struct Sent {
  Kind kind = Kind::kSet;
  std::string execution;  ///< from a complete 202; empty when there was no such answer
};

/// What reached the sink under one id and part.
struct Delivered {
  std::uint64_t times = 0;
  std::string execution;       ///< the execution that says it has sent it
  bool contradictory = false;  ///< another execution, or another idempotency key, came under the same id
  std::string key;
};

/// Thread-safe.
class Ledger {
 public:
  /// An id that nobody had before.
  [[nodiscard]] std::string new_id(Kind kind);
  void accepted(const std::string& id, std::string execution);
  void refused(int status);
  void delivered(const std::string& id, const std::string& part, const std::string& execution, const std::string& key);

  struct Facts {
    std::map<std::string, Sent> sent;
    /// By id and part, so that those of one id are neighbours.
    std::map<std::pair<std::string, std::string>, Delivered> delivered;
    std::map<int, std::uint64_t> refused;  ///< by status; 0 is an answer that was not complete
  };
  [[nodiscard]] Facts facts() const;
  [[nodiscard]] std::uint64_t accepted_count() const;
  [[nodiscard]] std::uint64_t refused_count(int status) const;

 private:
  mutable std::mutex mutex_;  ///< guards everything below
  Facts facts_;
  std::uint64_t next_ = 0;
  std::uint64_t accepted_ = 0;
};

}  // namespace ipaas::test
