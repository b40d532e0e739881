// What other threads ask of the outbound thread.
#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "daemon/runtime/outbound_transfer.h"

namespace ipaas::daemon {

/// Many writers, one reader. The reader takes all at once, so a burst costs one wake-up. Thread-safe.
class OutboundInbox {
 public:
  struct Started {
    Outbound::CallId id;
    OutboundTransfer::Deadline deadline;
    connectors::HttpCall call;
    Outbound::Completion completion;
  };
  struct Mail {
    std::vector<Started> started;
    std::vector<Outbound::CallId> cancelled;  ///< to be read after `started`
    bool closing = false;
  };
  enum class Posted { kMustWake, kReaderKnows, kClosed };

  /// `kClosed` leaves `started` as it was: it is the caller who completes it.
  Posted post(Started& started) {
    const std::lock_guard lock(mutex_);
    if (closed_) return Posted::kClosed;
    mail_.started.push_back(std::move(started));
    return note();
  }
  Posted post_cancel(Outbound::CallId id) {
    const std::lock_guard lock(mutex_);
    if (closed_) return Posted::kClosed;
    mail_.cancelled.push_back(id);
    return note();
  }
  Posted post_closing() {
    const std::lock_guard lock(mutex_);
    mail_.closing = true;
    return note();
  }

  /// After a taken `closing` nothing more comes in.
  [[nodiscard]] Mail take() {
    const std::lock_guard lock(mutex_);
    waking_ = false;
    closed_ = closed_ || mail_.closing;
    return std::exchange(mail_, {});
  }

 private:
  Posted note() { return std::exchange(waking_, true) ? Posted::kReaderKnows : Posted::kMustWake; }

  std::mutex mutex_;  ///< guards all below
  Mail mail_;
  bool waking_ = false;  ///< the reader was told and has not read yet
  bool closed_ = false;
};

}  // namespace ipaas::daemon
