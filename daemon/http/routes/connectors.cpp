// /api/v1/connectors
#include "core/service/views.h"
#include "daemon/http/routes/api.h"

namespace ipaas::daemon::http {

std::vector<Route> connector_routes(Api& api) {
  return {
      {Method::kGet, "/api/v1/connectors", security::Permission::kConnectorRead,
       api.answer([](const auto& context, const Request&) {
         return ok(list_of(context.catalog.all(), [](const auto& connector) { return service::view(*connector); }));
       })},
  };
}

}  // namespace ipaas::daemon::http
