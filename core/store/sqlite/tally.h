// How much is alive, without counting it for whoever asks.
#pragma once

#include <atomic>
#include <cstdint>

namespace ipaas::store::sqlite {

/// The writer counts once, when it opens the file, and then what it adds and takes away; a crash loses nothing, since it
/// counts again. Told to readers after each commit. Thread-safe.
class Tally {
 public:
  void tell(std::int64_t live_executions, std::int64_t effects) {
    live_executions_ = live_executions;
    effects_ = effects;
  }
  [[nodiscard]] std::int64_t live_executions() const { return live_executions_; }
  [[nodiscard]] std::int64_t effects() const { return effects_; }

 private:
  std::atomic<std::int64_t> live_executions_{0};
  std::atomic<std::int64_t> effects_{0};
};

}  // namespace ipaas::store::sqlite
