// /api/v1/logs and its stream
#include <charconv>

#include "core/base/time_text.h"
#include "core/service/executions.h"
#include "core/service/views.h"
#include "daemon/http/routes/api.h"
#include "daemon/http/routes/tail.h"

namespace ipaas::daemon::http {
namespace {

using security::Permission;

Result<domain::LogSequence> sequence_of(std::string_view text) {
  domain::LogSequence value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value < 0) {
    return fail(ErrorKind::kInvalid, "a log position is a number, as in `sequence`");
  }
  return value;
}

Result<store::LogFilter> filter_of(const Request& request) {
  store::LogFilter filter;
  filter.execution = ExecutionId(request.query("execution").value_or(""));
  filter.workflow = request.query("workflow").value_or("");
  if (const auto level = request.query("level")) {
    const auto known = domain::level_from_name(*level);
    if (!known) return fail(ErrorKind::kInvalid, "the level is not one of debug, info, warn, error");
    filter.level = *known;
  }
  if (const auto since = request.query("since")) {
    const auto instant = parse_instant(*since);
    if (!instant) return tl::unexpected(instant.error());
    filter.since = *instant;
  }
  if (const auto after = request.query("after")) {
    const auto sequence = sequence_of(*after);
    if (!sequence) return tl::unexpected(sequence.error());
    filter.after = *sequence;
  }
  const auto limit = count_of(request, "limit", filter.limit, 10'000);
  if (!limit) return tl::unexpected(limit.error());
  filter.limit = *limit;
  filter.newest = request.query("newest").value_or("") == "true";
  return filter;
}

Response list(const service::Context& context, const Request& request) {
  const auto filter = filter_of(request);
  if (!filter) return error(filter.error());
  return answer_with(service::list_logs(context, *filter), [](const auto& lines) {
    return list_of(lines, [](const auto& line) { return service::view(line); });
  });
}

/// The position a stream begins at: after what the client has seen, or now.
Result<store::LogFilter> stream_filter(const service::Context& context, const Request& request) {
  auto filter = filter_of(request);
  if (!filter) return filter;
  if (const auto last = request.header("last-event-id")) {
    const auto sequence = sequence_of(*last);
    if (!sequence) return tl::unexpected(sequence.error());
    filter->after = *sequence;
  } else if (!request.query("after") && !filter->since) {
    store::LogFilter newest;
    newest.limit = 1;
    newest.newest = true;
    const auto lines = service::list_logs(context, newest);
    if (!lines) return tl::unexpected(lines.error());
    if (!lines->empty()) filter->after = lines->back().sequence;
  }
  filter->newest = false;
  return filter;
}

void stream(Api& api, const service::Context& context, const Request& request, Responder responder) {
  auto filter = stream_filter(context, request);
  const auto readable = filter ? service::list_logs(context, *filter).map([](const auto&) {}) : tl::unexpected(filter.error());
  if (!readable) {
    responder.respond(error(readable.error()));
    return;
  }
  auto feed = [filter = *std::move(filter)](const service::Context& now, EventStream& out) mutable {
    for (;;) {
      const auto lines = service::list_logs(now, filter);
      if (!lines) return false;
      for (const domain::LogLine& line : *lines) {
        if (!out.send(std::to_string(line.sequence), "log", dump_json(service::view(line)))) return false;
        filter.after = line.sequence;
      }
      if (lines->size() < filter.limit) return true;
    }
  };
  const service::Caller caller = context.caller;
  const auto tail = std::make_shared<Tail>(api, caller, responder.stream(), std::move(feed));
  tail->watch(caller.tenant);
  tail->start();
}

}  // namespace

std::vector<Route> log_routes(Api& api) {
  return {
      {Method::kGet, "/api/v1/logs", Permission::kLogRead, api.answer(list)},
      {Method::kGet, "/api/v1/logs/stream", Permission::kLogRead,
       api.later([&api](const auto& context, const Request& request, Responder responder) {
         stream(api, context, request, std::move(responder));
       })},
  };
}

}  // namespace ipaas::daemon::http
