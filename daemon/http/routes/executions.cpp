// /api/v1/executions
#include "core/service/executions.h"

#include "core/base/time_text.h"
#include "core/service/views.h"
#include "daemon/http/routes/api.h"
#include "daemon/http/routes/tail.h"
#include "daemon/http/routes/wait.h"

namespace ipaas::daemon::http {
namespace {

using security::Permission;

constexpr Duration kLongestWait = std::chrono::seconds(30);

ExecutionId id_of(const Request& request) { return ExecutionId(std::string(request.param("id"))); }

Response list(const service::Context& context, const Request& request) {
  store::ExecutionFilter filter;
  filter.workflow = request.query("workflow").value_or("");
  filter.before = ExecutionId(request.query("before").value_or(""));
  if (const auto status = request.query("status")) {
    filter.status = domain::execution_status_from_name(*status);
    if (!filter.status) {
      return error({ErrorKind::kInvalid, "the status is not one of queued, running, waiting, succeeded, failed, cancelled"});
    }
  }
  const auto limit = count_of(request, "limit", filter.limit, 1000);
  if (!limit) return error(limit.error());
  filter.limit = *limit;
  const auto executions = service::list_executions(context, filter);
  if (!executions) return error(executions.error());
  const bool full = executions->size() == filter.limit;
  return page(list_of(*executions, [&](const auto& execution) { return service::view(execution, context.masker); }),
              full ? executions->back().id.str() : "");
}

/// With `?wait=30s`: when it has ended, or after that time.
void get(Api& api, const service::Context& context, const Request& request, Responder responder) {
  const auto snapshot = service::get_execution(context, id_of(request));
  const auto wait = request.query("wait");
  if (!snapshot || !wait || domain::has_ended(snapshot->execution)) {
    responder.respond(answer_with(snapshot, [&](const auto& s) { return service::view(s, context.masker); }));
    return;
  }
  const auto time = parse_duration(*wait);
  if (!time || *time > kLongestWait) {
    responder.respond(error({ErrorKind::kInvalid, "wait is not a duration of at most 30s", "ask again when it is over"}));
    return;
  }
  wait_for_end(api, context.caller, id_of(request), *time, std::move(responder));
}

void cancel(const service::Context& context, const Request& request, Responder responder) {
  auto shared = std::make_shared<Responder>(std::move(responder));
  const ExecutionId id = id_of(request);
  service::cancel_execution(context, id, [shared, id](const Result<domain::ExecutionStatus>& status) {
    shared->respond(answer_with(status, [&](domain::ExecutionStatus s) {
      return Json{{"id", id.str()}, {"status", domain::status_name(s)}};
    }));
  });
}

/// Sends new log lines, then the execution if it changed; false once it has ended.
class ExecutionFeed {
 public:
  explicit ExecutionFeed(ExecutionId id) : id_(std::move(id)) { logs_.execution = id_; }

  bool operator()(const service::Context& context, EventStream& out) {
    const auto snapshot = service::get_execution(context, id_);
    if (!snapshot || !send_logs(context, out)) return false;
    if (snapshot->execution.revision == seen_) return true;
    seen_ = snapshot->execution.revision;
    if (!out.send("", "execution", dump_json(service::view(*snapshot, context.masker)))) return false;
    if (!domain::has_ended(snapshot->execution)) return true;
    send_logs(context, out);
    out.send("", "end", "{}");
    return false;
  }

 private:
  bool send_logs(const service::Context& context, EventStream& out) {
    for (;;) {
      const auto lines = service::list_logs(context, logs_);
      if (!lines) return false;
      for (const domain::LogLine& line : *lines) {
        if (!out.send(std::to_string(line.sequence), "log", dump_json(service::view(line)))) return false;
        logs_.after = line.sequence;
      }
      if (lines->size() < logs_.limit) return true;
    }
  }

  ExecutionId id_;
  store::LogFilter logs_;
  std::int64_t seen_ = -1;
};

void stream(Api& api, const service::Context& context, const Request& request, Responder responder) {
  const ExecutionId id = id_of(request);
  const auto snapshot = service::get_execution(context, id);
  if (!snapshot) {
    responder.respond(error(snapshot.error()));
    return;
  }
  const service::Caller caller = context.caller;
  const auto tail = std::make_shared<Tail>(api, caller, responder.stream(), ExecutionFeed(id));
  tail->watch(id);
  tail->start();
}

}  // namespace

std::vector<Route> execution_routes(Api& api) {
  return {
      {Method::kGet, "/api/v1/executions", Permission::kExecutionRead, api.answer(list)},
      {Method::kGet, "/api/v1/executions/{id}", Permission::kExecutionRead,
       api.later([&api](const auto& context, const Request& request, Responder responder) {
         get(api, context, request, std::move(responder));
       })},
      {Method::kPost, "/api/v1/executions/{id}/cancel", Permission::kExecutionControl, api.later(cancel)},
      {Method::kGet, "/api/v1/executions/{id}/stream", Permission::kExecutionRead,
       api.later([&api](const auto& context, const Request& request, Responder responder) {
         stream(api, context, request, std::move(responder));
       })},
  };
}

}  // namespace ipaas::daemon::http
