// A store that does not always do what it is asked.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "core/store/store.h"

namespace ipaas::test {

/// Passes everything on but for the writes that a test wants to go wrong. What is refused is not written, but for what is
/// `unsure`: that is written and reported as failed, as an error at COMMIT can be. As
/// thread-safe as the store behind it; the counters may be set from any thread.
class FlakyStore final : public store::Store {
 public:
  explicit FlakyStore(std::unique_ptr<store::Store> behind) : behind_(std::move(behind)) {}

  std::vector<Result<store::Outcome>> commit(const std::vector<store::Write>& batch) override {
    std::vector<Result<store::Outcome>> outcomes;
    if (before) before(batch);
    for (const store::Write& write : batch) {
      const bool decision = std::holds_alternative<store::AdvanceExecution>(write);
      const bool spared = decision && take(pass);
      const bool exposed = decision && !spared;
      if (exposed && take(fail)) {
        outcomes.push_back(ipaas::fail(ErrorKind::kUnavailable, "the disk is gone"));
      } else if (exposed && take(too_large)) {
        outcomes.push_back(ipaas::fail(ErrorKind::kTooLarge, "what is to be stored is larger than the database takes"));
      } else if (exposed && take(stale)) {
        outcomes.push_back(store::Outcome{.kind = store::Outcome::Kind::kStale});
      } else {
        const bool lie = (concerns_execution(write) && !spared && take(unsure)) ||
                         (std::holds_alternative<store::LeaseEffects>(write) && take(unsure_leases));
        outcomes.push_back(std::move(behind_->commit({write}).front()));
        if (lie && meanwhile) std::exchange(meanwhile, nullptr)();
        if (lie) outcomes.back() = ipaas::fail(ErrorKind::kUnavailable, "the disk did not say");
      }
    }
    return outcomes;
  }
  Result<std::size_t> release_orphans(domain::BootId boot) override { return behind_->release_orphans(boot); }
  Result<std::unique_ptr<store::Reader>> open_reader() override {
    if (unreadable) return ipaas::fail(ErrorKind::kUnavailable, "the disk that holds /secret/place failed");
    return behind_->open_reader();
  }

  std::function<void(const std::vector<store::Write>&)> before = {};  ///< sees each batch, and may hold it up
  std::atomic<int> pass{0};   ///< so many decisions go well before any other of these counts
  std::atomic<int> fail{0};   ///< so many decisions are refused by the disk
  std::atomic<int> stale{0};  ///< so many decisions come too late
  std::atomic<int> too_large{0};  ///< so many decisions are refused for what is in them
  std::atomic<int> unsure{0};  ///< so many events and decisions are written and reported as failed
  std::function<void()> meanwhile = {};  ///< what happens, once, between the writing of what is unsure and the report
  std::atomic<bool> unreadable{false};   ///< no reader can be opened
  std::atomic<int> unsure_leases{0};  ///< so many leases are written and reported as failed

 private:
  static bool concerns_execution(const store::Write& write) {
    return std::holds_alternative<store::AcceptEvent>(write) || std::holds_alternative<store::AdvanceExecution>(write);
  }

  static bool take(std::atomic<int>& count) {
    int left = count;
    while (left > 0 && !count.compare_exchange_weak(left, left - 1)) {
    }
    return left > 0;
  }

  std::unique_ptr<store::Store> behind_;
};

}  // namespace ipaas::test
