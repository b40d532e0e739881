// What came in at webhooks.
#include "core/service/deliveries.h"
#include "core/service/views.h"
#include "daemon/http/routes/api.h"

namespace ipaas::daemon::http {
namespace {

using security::Permission;

constexpr std::size_t kUsualPage = 50;

Response list(const service::Context& context, const Request& request) {
  const auto limit = count_of(request, "limit", kUsualPage, 1000);
  if (!limit) return error(limit.error());
  return answer_with(service::list_deliveries(context, std::string(request.param("name")), *limit), [](const auto& found) {
    return list_of(found, [](const domain::Delivery& delivery) { return service::view(delivery); });
  });
}

void replay(const service::Context& context, const Request& request, Responder responder) {
  auto shared = std::make_shared<Responder>(std::move(responder));
  service::replay_delivery(context, EventId(std::string(request.param("id"))), [shared](const Result<service::Started>& started) {
    shared->respond(answer_with(
        started, [](const service::Started& s) { return service::view(s); }, 202));
  });
}

}  // namespace

std::vector<Route> delivery_routes(Api& api) {
  return {
      {Method::kGet, "/api/v1/webhooks/{name}/deliveries", Permission::kExecutionRead, api.answer(list)},
      {Method::kPost, "/api/v1/deliveries/{id}/replay", Permission::kWebhookReplay, api.later(replay)},
  };
}

}  // namespace ipaas::daemon::http
