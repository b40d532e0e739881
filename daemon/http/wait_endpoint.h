// GET and POST /api/waits/{execution}/{path}: people and programs answer what a `wait-for` waits for.
#pragma once

#include <atomic>
#include <memory>

#include "core/service/runtime.h"
#include "core/service/waits.h"
#include "daemon/http/router.h"
#include "daemon/runtime/credential_book.h"
#include "daemon/runtime/reader_pool.h"
#include "daemon/runtime/wait_links.h"
#include "daemon/runtime/worker_pool.h"

namespace ipaas::daemon::http {

/// The token of the link is the permission. A wrong one, and an execution or step that is not there, are the same 404. GET
/// and HEAD show and decide nothing, so no preview of a link can; POST decides, once: 409 for who comes later, 410 when the
/// time is over. Browsers get pages, programs the envelope. So many visits at once, and the next is told to come again: it is
/// strangers who visit. Must outlive the server. Thread-safe.
class WaitEndpoint {
 public:
  struct Parts {
    const SignedWaitLinks& links;
    ReaderPool& readers;
    WorkerPool& threads;  ///< that may wait for the store, and that nobody else is in need of
    service::Runtime& runtime;
    const CredentialBook& book;
    const Clock& clock;
  };

  static constexpr int kMostVisits = 64;

  explicit WaitEndpoint(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] std::vector<Route> routes();

 private:
  struct Visit;

  void receive(const Request& request, Responder responder);
  void handle(const std::shared_ptr<Visit>& visit) const;
  [[nodiscard]] Result<service::Wait> find(const Visit& visit) const;
  void show(Visit& visit, const service::Wait& wait) const;
  void decide(const std::shared_ptr<Visit>& visit, const service::Wait& wait) const;

  const Parts parts_;
  std::atomic<int> visits_{0};  ///< that wait for a thread, or have one
};

}  // namespace ipaas::daemon::http
