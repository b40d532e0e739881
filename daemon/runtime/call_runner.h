// Carries out a call: effect -> connector -> HTTP -> connector -> fact.
#pragma once

#include <functional>

#include "core/connectors/catalog.h"
#include "core/engine/decide.h"
#include "daemon/runtime/credential_book.h"
#include "daemon/runtime/outbound.h"
#include "daemon/runtime/worker_pool.h"

namespace ipaas::daemon {

/// A call that is ready to be sent, or the fact that it cannot be.
struct PreparedCall {
  const connectors::Connector* connector = nullptr;
  std::variant<connectors::HttpCall, engine::CallFailed> call;
};

/// Thread-safe.
class CallRunner {
 public:
  /// Gets the fact on a worker thread; exactly once, unless the instance shuts down first.
  using Done = std::function<void(engine::Fact)>;

  CallRunner(const connectors::Catalog& catalog, const CredentialBook& book, const Clock& clock, WorkerPool& workers,
             const security::EgressPolicy& egress);

  /// CPU only: finds connector and credential and builds the request.
  [[nodiscard]] PreparedCall prepare(const domain::Effect& effect) const;

  /// Hands the request to the network. The call must hold an HttpCall.
  Outbound::CallId send(const domain::Effect& effect, PreparedCall prepared, Done done);

  void cancel(Outbound::CallId id) { outbound_.cancel(id); }

  /// The fact of a call that another boot had leased and left behind.
  [[nodiscard]] engine::CallFailed orphaned(const domain::Effect& effect) const;

 private:
  [[nodiscard]] engine::Fact interpret(const domain::Effect& effect, const connectors::Connector& connector,
                                       HttpOutcome outcome) const;

  const connectors::Catalog& catalog_;
  const CredentialBook& book_;
  const Clock& clock_;
  WorkerPool& workers_;
  Outbound outbound_;  ///< last: its thread ends before what its completions use
};

}  // namespace ipaas::daemon
