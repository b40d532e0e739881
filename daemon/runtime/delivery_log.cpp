#include "daemon/runtime/delivery_log.h"

namespace ipaas::daemon {
namespace {

constexpr Duration kSecond = std::chrono::seconds(1);

}  // namespace

bool DeliveryLog::within_limits(const WorkflowId& workflow, Instant now) {
  // A clock that steps back begins a second of its own.
  if (now >= second_ + kSecond || now < second_) {
    second_ = now;
    noted_ = 0;
    noted_of_.clear();
  }
  if (noted_ >= kAllEachSecond) return false;
  int& of_workflow = noted_of_[workflow];
  if (of_workflow >= kEachSecond) return false;
  ++of_workflow;
  ++noted_;
  return true;
}

void DeliveryLog::note(domain::Delivery delivery) {
  const Instant now = parts_.clock.now();
  {
    const std::lock_guard lock(mutex_);
    if (!within_limits(delivery.workflow, now)) return;
    delivery.id = parts_.ids.make<EventId>();
    delivery.at = now;
    waiting_.push_back(std::move(delivery));
    if (waiting_.size() > 1) return;
  }
  parts_.at(now + kSecond, [this] { settle([] {}); });
}

void DeliveryLog::settle(std::function<void()> done) {
  store::NoteDeliveries write;
  {
    const std::lock_guard lock(mutex_);
    write.deliveries.swap(waiting_);
  }
  // Also when nothing waits: what the last call has submitted is written before this is. What cannot be written now is not worth a second try.
  parts_.writer.submit(std::move(write), [done = std::move(done)](const Result<store::Outcome>&) { done(); });
}

}  // namespace ipaas::daemon
