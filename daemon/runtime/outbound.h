// Calls out: thousands of exchanges at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <tl/expected.hpp>
#include <vector>

#include "core/connectors/http_call.h"
#include "core/security/egress_policy.h"

namespace ipaas::daemon {

using HttpOutcome = tl::expected<connectors::HttpReply, connectors::TransportFailure>;

/// Sends HTTP calls with libcurl's multi interface, driven by epoll on threads of its own: one for as many calls as there
/// mostly are, so that they share connections, and another for each 1,024 more. For to find an idle connection curl looks
/// at every connection of its multi to the host, the busy ones too, and with 10,000 of them that costs more than all the
/// rest of a call.
///
/// Thread-safe. Completions run on an outbound thread and must not block. Every call that was started is completed
/// exactly once, also when it is cancelled and when the object is destroyed (then as `cancelled`).
class Outbound {
 public:
  using Completion = std::function<void(HttpOutcome)>;
  /// Names a call that was started; never 0, never used again.
  using CallId = std::uint64_t;

  /// `egress` is asked for the address that a connection really goes to, at every hop. It must outlive this.
  explicit Outbound(const security::EgressPolicy& egress);
  ~Outbound();

  CallId start(connectors::HttpCall call, Completion completion);

  /// Completes the call as `cancelled` within 100 ms, whatever phase it is in. Unknown or finished calls are ignored.
  void cancel(CallId id);

  /// Calls started and not yet completed.
  [[nodiscard]] std::size_t in_flight() const;

 private:
  class Loop;
  /// What one loop may have open.
  struct Share {
    std::size_t calls;
    std::size_t idle_connections;
  };

  Outbound(const security::EgressPolicy& egress, std::size_t descriptors);
  [[nodiscard]] std::size_t choose_loop();

  const security::EgressPolicy& egress_;
  const std::size_t most_loops_;
  const Share share_;
  mutable std::mutex mutex_;  ///< guards what follows
  std::vector<std::unique_ptr<Loop>> loops_;  ///< a loop stays once it is there
  bool closing_ = false;
};

}  // namespace ipaas::daemon
