// How a route below /api/v1 becomes a call of a service.
#pragma once

#include <functional>

#include "core/service/context.h"
#include "daemon/http/envelope.h"
#include "daemon/http/router.h"
#include "daemon/runtime/credential_book.h"
#include "daemon/runtime/notifier.h"
#include "daemon/runtime/reader_pool.h"
#include "daemon/runtime/worker_pool.h"

namespace ipaas::daemon::http {

/// Runs services on threads that may read the store and wait for a commit. Must outlive the server. Thread-safe.
class Api {
 public:
  struct Parts {
    ReaderPool& readers;
    WorkerPool& threads;
    store::Writer& writer;
    service::Runtime& runtime;
    Notifier& notifier;
    const connectors::Catalog& catalog;
    const CredentialBook& book;
    IdSource& ids;
    const Clock& clock;
    /// Runs a task, which must not block, at an instant.
    std::function<void(Instant, std::function<void()>)> at;
    std::string public_url = {};  ///< empty when it is not configured
  };

  explicit Api(Parts parts) : parts_(std::move(parts)) {}

  /// Answers when the function returns.
  using Answer = std::function<Response(const service::Context&, const Request&)>;
  [[nodiscard]] Handler answer(Answer function);

  /// The function answers, now or later; the context is gone when it returns.
  using Later = std::function<void(const service::Context&, const Request&, Responder)>;
  [[nodiscard]] Handler later(Later function);

  /// Calls the function with a context for this caller on a thread of the pool; with an error when there is no reader.
  void run(const service::Caller& caller, std::function<void(Result<const service::Context*>)> function);

  [[nodiscard]] const Parts& parts() const { return parts_; }

 private:
  const Parts parts_;
};

[[nodiscard]] service::Caller caller_of(const Request& request);

/// The result's view in an envelope, or its error.
template <typename Value, typename View>
[[nodiscard]] Response answer_with(const Result<Value>& result, View&& view, int status = 200) {
  return result ? ok(view(*result), status) : error(result.error());
}

/// A list of views.
template <typename Values, typename View>
[[nodiscard]] Json list_of(const Values& values, View&& view) {
  Json list = Json::array();
  for (const auto& value : values) list.push_back(view(value));
  return list;
}

/// A JSON object as the body of the request.
[[nodiscard]] Result<Json> body_of(const Request& request);

/// A query parameter as a number between 1 and `most`.
[[nodiscard]] Result<std::size_t> count_of(const Request& request, std::string_view name, std::size_t otherwise,
                                           std::size_t most);

[[nodiscard]] std::vector<Route> workflow_routes(Api& api);
[[nodiscard]] std::vector<Route> schedule_routes(Api& api);
[[nodiscard]] std::vector<Route> execution_routes(Api& api);
[[nodiscard]] std::vector<Route> log_routes(Api& api);
[[nodiscard]] std::vector<Route> credential_routes(Api& api);
[[nodiscard]] std::vector<Route> variable_routes(Api& api);
[[nodiscard]] std::vector<Route> connector_routes(Api& api);
[[nodiscard]] std::vector<Route> approval_routes(Api& api);
[[nodiscard]] std::vector<Route> delivery_routes(Api& api);
/// `public_url` is empty when it is not configured.
[[nodiscard]] std::vector<Route> webhook_routes(Api& api, const std::string& public_url);

/// What `admin status` shows beside what the store counts.
struct InstanceStatus {
  std::function<Json()> snapshot;
  std::function<bool()> ready;
};
[[nodiscard]] std::vector<Route> instance_routes(Api& api, InstanceStatus status);

}  // namespace ipaas::daemon::http
