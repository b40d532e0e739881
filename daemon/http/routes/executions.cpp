// /api/v1/executions
#include "core/service/executions.h"

#include <algorithm>

#include "core/base/id_text.h"
#include "core/base/time_text.h"
#include "core/service/execution_details.h"
#include "core/service/retention.h"
#include "core/service/retries.h"
#include "core/service/test_export.h"
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
  if (const auto before = request.query("before")) {
    if (!is_id(*before, kIdPrefix<ExecutionId>)) {
      return error({ErrorKind::kInvalid, "`before` is not the id of an execution", "write the id of the last one of a page"});
    }
    filter.before = ExecutionId(*before);
  }
  if (const auto status = request.query("status")) {
    filter.status = domain::execution_status_from_name(*status);
    if (!filter.status) {
      return error({ErrorKind::kInvalid, "the status is not one of queued, running, waiting, succeeded, failed, cancelled"});
    }
  }
  if (const auto ended_before = request.query("ended_before")) {
    const auto instant = parse_instant(*ended_before);
    if (!instant) return error(instant.error());
    filter.ended_before = *instant;
  }
  filter.dead_letters = request.query("dead_letter").value_or("") == "true";
  const auto limit = count_of(request, "limit", filter.limit, 1000);
  if (!limit) return error(limit.error());
  filter.limit = *limit;
  const auto executions = service::list_executions(context, filter);
  if (!executions) return error(executions.error());
  const bool full = executions->size() == filter.limit;
  return page(list_of(*executions, [&](const auto& execution) { return service::view(execution, context.masker); }),
              full ? executions->back().id.str() : "");
}

/// With `?wait=30s`: when it has ended, or after that time. With `?payload=true` the event, too.
void get(Api& api, const service::Context& context, const Request& request, Responder responder) {
  const auto snapshot = service::get_execution(context, id_of(request));
  const auto wait = request.query("wait");
  if (!snapshot || !wait || domain::has_ended(snapshot->execution)) {
    const auto payload = request.query("payload").value_or("") == "true" ? service::Payload::kShown : service::Payload::kLeftOut;
    responder.respond(answer_with(snapshot, [&](const auto& s) { return service::details(context, s, payload); }));
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

Result<service::RetryOptions> retry_options(const Json& body) {
  service::RetryOptions options;
  for (const auto& [key, flag] : {std::pair{"from_failed", &options.from_failed}, std::pair{"newest", &options.newest}}) {
    const auto value = body.find(key);
    if (value == body.end()) continue;
    if (!value->is_boolean()) return fail(ErrorKind::kInvalid, std::string("`") + key + "` is neither true nor false");
    *flag = value->get<bool>();
  }
  return options;
}

/// `executions`: the ids of those that a request in bulk is about.
Result<std::vector<ExecutionId>> ids_of(const Json& body) {
  const auto listed = body.find("executions");
  const bool texts = listed != body.end() && listed->is_array() && !listed->empty() &&
                     std::all_of(listed->begin(), listed->end(), [](const Json& id) { return id.is_string(); });
  if (!texts || listed->size() > service::kMostInBulk) {
    return fail(ErrorKind::kInvalid, "`executions` is not a list of 1 to " + std::to_string(service::kMostInBulk) + " ids",
                "send {executions: [\"ex_…\"]}");
  }
  std::vector<ExecutionId> ids;
  for (const Json& id : *listed) ids.emplace_back(id.get<std::string>());
  return ids;
}

void retry(const service::Context& context, const Request& request, Responder responder) {
  const auto body = body_of(request);
  const auto options = body ? retry_options(*body) : tl::unexpected(body.error());
  if (!options) return responder.respond(error(options.error()));
  auto shared = std::make_shared<Responder>(std::move(responder));
  service::retry_execution(context, id_of(request), *options, [shared](const Result<service::Retried>& retried) {
    shared->respond(answer_with(retried, [](const auto& r) { return service::view(r); }, 202));
  });
}

void retry_all(const service::Context& context, const Request& request, Responder responder) {
  const auto body = body_of(request);
  const auto options = body ? retry_options(*body) : tl::unexpected(body.error());
  const auto ids = options ? ids_of(*body) : tl::unexpected(options.error());
  if (!ids) return responder.respond(error(ids.error()));
  auto shared = std::make_shared<Responder>(std::move(responder));
  service::retry_executions(context, *ids, *options, [shared](const service::RetriedAll& all) {
    shared->respond(ok(Json{{"retried", list_of(all.retried, [](const auto& r) { return service::view(r); })},
                            {"left_out", list_of(all.left_out, [](const auto& l) { return service::view(l); })}}));
  });
}

Response discard(const service::Context& context, const Request& request) {
  const ExecutionId id = id_of(request);
  const auto discarded = service::discard_execution(context, id);
  return discarded ? ok(Json{{"id", id.str()}, {"discarded", true}}) : error(discarded.error());
}

Response discard_all(const service::Context& context, const Request& request) {
  const auto body = body_of(request);
  const auto ids = body ? ids_of(*body) : tl::unexpected(body.error());
  if (!ids) return error(ids.error());
  return answer_with(service::discard_executions(context, *ids), [](const service::DiscardedAll& all) {
    return Json{{"discarded", list_of(all.discarded, [](const ExecutionId& id) { return Json{{"id", id.str()}}; })},
                {"left_out", list_of(all.left_out, [](const auto& l) { return service::view(l); })}};
  });
}

Response purge(const service::Context& context, const Request& request) {
  const auto body = body_of(request);
  if (!body) return error(body.error());
  service::PurgeRequest asked;
  const auto workflow = body->find("workflow");
  const auto before = body->find("ended_before");
  if (workflow != body->end() && !workflow->is_string()) return error({ErrorKind::kInvalid, "`workflow` is not a name"});
  if (before == body->end() || !before->is_string()) {
    return error({ErrorKind::kInvalid, "`ended_before` is missing", "send {ended_before: \"2026-01-31T00:00:00Z\"}"});
  }
  const auto instant = parse_instant(before->get_ref<const std::string&>());
  if (!instant) return error(instant.error());
  if (workflow != body->end()) asked.workflow = workflow->get<std::string>();
  asked.ended_before = *instant;
  return answer_with(service::purge_executions(context, asked), [](const service::Purged& purged) {
    return Json{{"purged", purged.executions}, {"more", purged.more}};
  });
}

Response attempts(const service::Context& context, const Request& request) {
  return answer_with(service::list_attempts(context, id_of(request)), [&](const auto& all) {
    return list_of(all, [&](const auto& attempt) { return service::view(attempt, context.masker); });
  });
}

Response test(const service::Context& context, const Request& request) {
  return answer_with(service::export_test(context, id_of(request)), [](const service::TestExport& exported) {
    return Json{{"test", exported.test}, {"masked", exported.masked}, {"source", exported.source}};
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
    if (!out.send("", "execution", dump_json(service::details(context, *snapshot)))) return false;
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
      {Method::kGet, "/api/v1/executions/{id}/attempts", Permission::kExecutionRead, api.answer(attempts)},
      {Method::kGet, "/api/v1/executions/{id}/test", Permission::kExecutionRead, api.answer(test)},
      {Method::kPost, "/api/v1/executions/{id}/cancel", Permission::kExecutionControl, api.later(cancel)},
      {Method::kPost, "/api/v1/executions/{id}/retry", Permission::kExecutionControl, api.later(retry)},
      {Method::kPost, "/api/v1/executions/{id}/discard", Permission::kExecutionControl, api.answer(discard)},
      {Method::kPost, "/api/v1/executions/retry", Permission::kExecutionControl, api.later(retry_all)},
      {Method::kPost, "/api/v1/executions/discard", Permission::kExecutionControl, api.answer(discard_all)},
      {Method::kPost, "/api/v1/executions/purge", Permission::kExecutionPurge, api.answer(purge)},
      {Method::kGet, "/api/v1/executions/{id}/stream", Permission::kExecutionRead,
       api.later([&api](const auto& context, const Request& request, Responder responder) {
         stream(api, context, request, std::move(responder));
       })},
  };
}

}  // namespace ipaas::daemon::http
