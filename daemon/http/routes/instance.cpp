// /healthz, /readyz, /api/v1/status, /api/v1/version
#include "core/base/version.h"
#include "daemon/http/routes/api.h"

namespace ipaas::daemon::http {

using security::Permission;

std::vector<Route> instance_routes(Api& api, InstanceStatus status) {
  return {
      {Method::kGet, "/healthz", Permission::kPublic,
       [](const Request&, Responder responder) { responder.respond(ok(Json{{"status", "live"}})); }},
      {Method::kGet, "/readyz", Permission::kPublic,
       [ready = status.ready](const Request&, Responder responder) {
         responder.respond(ready() ? ok(Json{{"status", "ready"}})
                                   : error({ErrorKind::kDraining, "the daemon is draining", "try another instance"}));
       }},
      {Method::kGet, "/api/v1/version", Permission::kConnectorRead,
       [](const Request&, Responder responder) { responder.respond(ok(Json{{"version", kVersion}})); }},
      {Method::kGet, "/api/v1/status", Permission::kInstanceRead,
       api.answer([snapshot = status.snapshot](const auto& context, const Request&) {
         const auto counts = context.reader.counts();
         if (!counts) return error(counts.error());
         Json view = snapshot();
         view["workflows"] = counts->workflows;
         view["executions"] = counts->executions;
         view["live_executions"] = counts->live_executions;
         view["outbox"] = counts->outbox;
         return ok(view);
       })},
  };
}

}  // namespace ipaas::daemon::http
