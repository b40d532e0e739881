// POST /api/webhooks/…: from a signed request to a committed execution. GET confirms subscriptions.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/language/workflow.h"
#include "core/service/runtime.h"
#include "daemon/http/router.h"
#include "daemon/http/webhook_result.h"
#include "daemon/runtime/credential_book.h"
#include "daemon/runtime/definition_cache.h"
#include "daemon/runtime/delivery_log.h"
#include "daemon/runtime/intake.h"
#include "daemon/runtime/reader_pool.h"
#include "daemon/runtime/trigger_index.h"
#include "daemon/runtime/worker_pool.h"

namespace ipaas::daemon::http {

/// Looks the workflow up, verifies the signature over the raw body, filters, finds the dedupe key and hands the event to
/// the intake; the answer follows the commit. Small bodies are handled on the io thread, under a small budget; large ones,
/// workflows that have to be read first, and signatures that take long, on a worker.
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
    ResultDesk& results;
    DeliveryLog& deliveries;
    /// For the operator: why a delivery was refused.
    std::function<void(const domain::WebhookTrigger&, const Error&)> refused;
    std::string public_url = {};  ///< without a slash at the end; empty when it is not configured
    std::size_t usual_body = 1024 * 1024;  ///< where neither workflow nor scheme says more
    std::size_t largest_body = 32 * 1024 * 1024;  ///< whatever a workflow says
  };

  explicit WebhookEndpoint(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] std::vector<Route> routes();

  /// For the server, before the body is read. kForbidden for an address that `allow-from` does not name; else finds the
  /// workflow and says how large a body it takes: its `max-body`, 25 MiB for GitHub, whose payloads are, else the usual.
  [[nodiscard]] Result<Passage> gate(const Request& request) const;

 private:
  struct Delivery;

  /// What a path means.
  struct Place {
    TriggerIndex::TriggerPtr trigger;
    bool has_token = false;  ///< it goes on after the workflow
  };

  [[nodiscard]] Place find(const Request& request) const;
  void too_large(const Request& request) const;
  [[nodiscard]] std::size_t limit_of(const language::WebhookOn& on) const;
  void receive(const Request& request, Responder responder);
  void handle(const std::shared_ptr<Delivery>& delivery, bool on_worker);
  /// A request that may be here at all, by its head.
  [[nodiscard]] Result<void> admit(Delivery& delivery) const;
  /// The fields; an empty object where there is no credential.
  [[nodiscard]] std::shared_ptr<const Json> credential_of(const Delivery& delivery) const;
  [[nodiscard]] Result<void> verify(const Delivery& delivery) const;
  /// GET: the answer to a subscription that asks whether the address is ours.
  [[nodiscard]] Result<Response> confirm(const Delivery& delivery) const;
  void refuse(Delivery& delivery, const Error& why) const;
  /// For the operator, and for who asks what came in.
  void turned_away(const Webhook& webhook, const Error& why) const;
  void note(const Webhook& webhook, domain::Delivery delivery) const;
  void accepted(Delivery& delivery, const service::Acceptance& acceptance) const;
  /// Nothing when the delivery was answered already.
  [[nodiscard]] Result<std::optional<service::Arrival>> arrival_of(Delivery& delivery, language::EvalLimits limits) const;
  void move_to_worker(const std::shared_ptr<Delivery>& delivery);

  const Parts parts_;
};

}  // namespace ipaas::daemon::http
