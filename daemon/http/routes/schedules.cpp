// /api/v1/schedules
#include "core/base/time_text.h"
#include "core/service/schedules.h"
#include "core/service/views.h"
#include "daemon/http/routes/api.h"

namespace ipaas::daemon::http {
namespace {

using security::Permission;

Json views_of(const service::Context& context, const std::vector<domain::Schedule>& schedules) {
  return list_of(schedules, [now = context.clock.now()](const auto& schedule) { return service::view(schedule, now); });
}

Response list(const service::Context& context, const Request& request) {
  const std::string workflow(request.query("workflow").value_or(""));
  return answer_with(service::list_schedules(context, workflow),
                     [&](const auto& schedules) { return views_of(context, schedules); });
}

Response set_paused(const service::Context& context, const Request& request, bool paused) {
  return answer_with(service::pause_schedules(context, std::string(request.param("name")), paused),
                     [&](const auto& schedules) { return views_of(context, schedules); });
}

Result<Instant> instant_of(const Json& body, const char* member) {
  const auto found = body.find(member);
  if (found == body.end() || !found->is_string()) {
    return fail(ErrorKind::kInvalid, "`" + std::string(member) + "` is missing",
                "send {from, to} as instants such as 2026-11-21T20:35:00Z");
  }
  auto instant = parse_instant(found->get<std::string>());
  if (!instant) instant.error().message = std::string(member) + ": " + instant.error().message;
  return instant;
}

Result<service::BackfillRequest> backfill_request(const Request& request) {
  const auto body = body_of(request);
  if (!body) return tl::unexpected(body.error());
  const auto from = instant_of(*body, "from");
  if (!from) return tl::unexpected(from.error());
  const auto to = instant_of(*body, "to");
  if (!to) return tl::unexpected(to.error());
  const auto dry_run = body->find("dry_run");
  if (dry_run != body->end() && !dry_run->is_boolean()) {
    return fail(ErrorKind::kInvalid, "`dry_run` is not true or false", "leave it out to start the executions");
  }
  return service::BackfillRequest{std::string(request.param("name")), *from, *to,
                                  dry_run != body->end() && dry_run->get<bool>()};
}

Response backfill(const service::Context& context, const Request& request) {
  const auto wanted = backfill_request(request);
  if (!wanted) return error(wanted.error());
  return answer_with(service::backfill_schedules(context, *wanted),
                     [](const auto& done) { return service::view(done); });
}

}  // namespace

std::vector<Route> schedule_routes(Api& api) {
  return {
      {Method::kGet, "/api/v1/schedules", Permission::kScheduleRead, api.answer(list)},
      {Method::kPost, "/api/v1/schedules/{name}/pause", Permission::kScheduleWrite,
       api.answer([](const auto& context, const Request& request) { return set_paused(context, request, true); })},
      {Method::kPost, "/api/v1/schedules/{name}/resume", Permission::kScheduleWrite,
       api.answer([](const auto& context, const Request& request) { return set_paused(context, request, false); })},
      {Method::kPost, "/api/v1/schedules/{name}/backfill", Permission::kScheduleWrite, api.answer(backfill)},
  };
}

}  // namespace ipaas::daemon::http
