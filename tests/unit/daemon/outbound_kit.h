// What the tests of Outbound share: a client whose calls can be waited for.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/security/egress_policy.h"
#include "daemon/runtime/outbound.h"

namespace ipaas::test {

/// The promise is 100 ms; a machine that runs two test programs at once may take longer to wake a thread, and what this
/// has to tell apart is a call that waits for its timeout or a name server: many seconds.
constexpr auto kPromptly = std::chrono::seconds(1);
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr std::size_t kManyCalls = 200;
#else
constexpr std::size_t kManyCalls = 1000;
#endif

class OutboundClient {
 public:
  struct Pending {
    daemon::Outbound::CallId id;
    std::future<daemon::HttpOutcome> outcome;

    [[nodiscard]] bool ends_within(std::chrono::milliseconds bound) {
      return outcome.wait_for(bound) == std::future_status::ready;
    }
    [[nodiscard]] daemon::HttpOutcome get() {
      if (!ends_within(std::chrono::seconds(20))) throw std::runtime_error("the call was never completed");
      return outcome.get();
    }
  };

  explicit OutboundClient(const std::vector<std::string>& egress = {"127.0.0.0/8"})
      : policy_(security::EgressPolicy::parse(egress).value()),
        outbound_(std::make_unique<daemon::Outbound>(policy_)) {}

  Pending start(connectors::HttpCall call) {
    auto promise = std::make_shared<std::promise<daemon::HttpOutcome>>();
    auto future = promise->get_future();
    const auto id = outbound_->start(
        std::move(call), [promise](daemon::HttpOutcome outcome) { promise->set_value(std::move(outcome)); });
    return {id, std::move(future)};
  }
  daemon::HttpOutcome fetch(connectors::HttpCall call) { return start(std::move(call)).get(); }
  connectors::TransportFailure fetch_failure(connectors::HttpCall call) {
    auto outcome = fetch(std::move(call));
    if (outcome) throw std::runtime_error("expected a failure, got status " + std::to_string(outcome->status));
    return outcome.error();
  }

  daemon::Outbound& outbound() { return *outbound_; }
  void destroy() { outbound_.reset(); }

 private:
  security::EgressPolicy policy_;
  std::unique_ptr<daemon::Outbound> outbound_;
};

inline connectors::HttpCall get(std::string url) {
  connectors::HttpCall call;
  call.url = std::move(url);
  return call;
}

inline connectors::HttpCall post(std::string url, std::string body) {
  connectors::HttpCall call = get(std::move(url));
  call.method = "POST";
  call.body = std::move(body);
  return call;
}

}  // namespace ipaas::test
