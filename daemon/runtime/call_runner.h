// Carries out a call: effect -> connector -> HTTP -> connector -> fact.
#pragma once

#include <functional>

#include "core/connectors/catalog.h"
#include "core/engine/decide.h"
#include "daemon/runtime/breakers.h"
#include "daemon/runtime/crash_marks.h"
#include "daemon/runtime/credential_book.h"
#include "daemon/runtime/outbound.h"
#include "daemon/runtime/worker_pool.h"

namespace ipaas::daemon {

/// A call that is ready to be sent, or the fact that it cannot be.
struct PreparedCall {
  const connectors::Connector* connector = nullptr;
  std::variant<connectors::HttpCall, engine::CallFailed> call;
  std::shared_ptr<Breakers::Passage> passage = {};  ///< of what can be sent
};

using EffectPtr = std::shared_ptr<const domain::Effect>;

/// Thread-safe.
class CallRunner {
 public:
  /// Gets the fact on a worker thread; exactly once, unless the instance shuts down first.
  using Done = std::function<void(engine::Fact)>;

  struct Parts {
    const connectors::Catalog& catalog;
    const CredentialBook& book;
    const Clock& clock;
    WorkerPool& workers;
    Breakers& breakers;
    CrashMarks& marks;
    const security::EgressPolicy& egress;
  };

  explicit CallRunner(Parts parts) : parts_(parts), outbound_(parts.egress) {}

  /// CPU only: finds connector and credential, builds the request and asks the breaker of its destination.
  [[nodiscard]] PreparedCall prepare(const domain::Effect& effect) const;

  /// Hands the request to the network. The call must hold an HttpCall.
  Outbound::CallId send(const EffectPtr& effect, PreparedCall prepared, Done done);

  void cancel(Outbound::CallId id) { outbound_.cancel(id); }

  /// For crash marks: tells the work for this call from other work for its execution.
  [[nodiscard]] static std::int64_t place_of(const domain::Effect& effect);

  /// The fact of a call that another boot had leased and left behind.
  [[nodiscard]] engine::CallFailed orphaned(const domain::Effect& effect) const;

 private:
  [[nodiscard]] engine::Fact interpret(const domain::Effect& effect, const connectors::Connector& connector,
                                       HttpOutcome outcome) const;

  const Parts parts_;
  Outbound outbound_;  ///< last: its thread ends before what its completions use
};

}  // namespace ipaas::daemon
