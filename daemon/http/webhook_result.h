// `respond: result` and shaped answers: senders who wait for the end of what they started.
#pragma once

#include <functional>

#include "core/language/workflow.h"
#include "daemon/http/responder.h"
#include "daemon/runtime/credential_book.h"
#include "daemon/runtime/definition_cache.h"
#include "daemon/runtime/notifier.h"
#include "daemon/runtime/reader_pool.h"
#include "daemon/runtime/worker_pool.h"

namespace ipaas::daemon::http {

/// No thread waits: a caller who does costs memory. Must outlive the server. Thread-safe.
class ResultDesk {
 public:
  struct Parts {
    ReaderPool& readers;
    WorkerPool& workers;
    DefinitionCache& definitions;
    const CredentialBook& book;
    Notifier& notifier;
    const Clock& clock;
    /// Runs a task, which must not block, at an instant, or at once when the daemon drains.
    std::function<void(Instant, std::function<void()>)> at;
    /// A caller went away before the result was there.
    std::function<void(const TenantId&, const ExecutionId&)> cancel;
  };

  explicit ResultDesk(Parts parts) : parts_(std::move(parts)) {}

  /// Who goes away, and what that means.
  struct Wait {
    TenantId tenant;
    ExecutionId execution;
    bool cancel_when_gone = false;
  };

  /// Answers when the execution has ended: with its result, or as the workflow shapes it. After 30 s, or when the daemon
  /// drains: 202, it still runs. Nothing of the request may be read any more.
  void answer_later(Wait wait, Responder responder);

 private:
  struct Caller;

  void look(const std::shared_ptr<Caller>& caller);
  void answer(const std::shared_ptr<Caller>& caller, Response response) const;
  /// Nothing while it has not ended.
  [[nodiscard]] std::optional<Response> result_of(const Wait& wait) const;

  const Parts parts_;
};

/// 200 with the outputs, or as the workflow shapes it; 502 with the error of an execution that has failed or was
/// cancelled, or of an expression of the answer.
[[nodiscard]] Response answer_result(const domain::ExecutionSnapshot& ended, const language::Workflow& workflow,
                                     const security::Masker& masker, Instant now);

/// 202: it goes on without the caller.
[[nodiscard]] Response answer_still_running(const ExecutionId& execution);

/// 200 to a duplicate: retention has taken the execution and its result.
[[nodiscard]] Response answer_forgotten(const ExecutionId& execution);

}  // namespace ipaas::daemon::http
