// POST /api/webhooks/…: from a signed request to a committed execution.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/language/workflow.h"
#include "core/service/runtime.h"
#include "daemon/http/router.h"
#include "daemon/runtime/credential_book.h"
#include "daemon/runtime/definition_cache.h"
#include "daemon/runtime/intake.h"
#include "daemon/runtime/reader_pool.h"
#include "daemon/runtime/trigger_index.h"
#include "daemon/runtime/worker_pool.h"

namespace ipaas::daemon::http {

/// Looks the workflow up, verifies the signature over the raw body, filters, finds the dedupe key and hands the event to
/// the intake; the answer follows the commit. Small bodies are handled on the io thread, under a small budget; large ones,
/// and workflows that have to be read first, on a worker.
///
/// Must outlive the server. Thread-safe.
class WebhookEndpoint {
 public:
  struct Parts {
    const TriggerIndex& triggers;
    DefinitionCache& definitions;
    const CredentialBook& book;
    ReaderPool& readers;
    WorkerPool& workers;
    Intake& intake;
    const Clock& clock;
    /// For the operator: why a delivery was refused.
    std::function<void(const domain::WebhookTrigger&, const Error&)> refused;
  };

  explicit WebhookEndpoint(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] std::vector<Route> routes();

  /// How large a body the workflow takes: 25 MiB for GitHub, whose payloads are, else 1 MiB. For the server, before the body is read.
  [[nodiscard]] std::size_t body_limit(const Request& request) const;

 private:
  struct Delivery;

  [[nodiscard]] TriggerIndex::TriggerPtr find(const Request& request) const;
  void receive(const Request& request, Responder responder);
  void handle(const std::shared_ptr<Delivery>& delivery, bool on_worker);
  [[nodiscard]] Result<void> verify(const Delivery& delivery) const;
  /// Nothing when the delivery was answered already.
  [[nodiscard]] Result<std::optional<service::Arrival>> arrival_of(Delivery& delivery, language::EvalLimits limits) const;
  void move_to_worker(const std::shared_ptr<Delivery>& delivery);

  const Parts parts_;
};

}  // namespace ipaas::daemon::http
