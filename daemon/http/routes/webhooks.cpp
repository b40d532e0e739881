// /api/v1/webhooks: where senders shall post to.
#include "core/service/workflows.h"
#include "daemon/http/routes/api.h"

namespace ipaas::daemon::http {
namespace {

/// Nothing for a workflow without a webhook.
Result<std::optional<Json>> webhook_view(const service::Context& context, const domain::Workflow& workflow,
                                         const std::string& public_url) {
  const auto definition =
      service::definition_of(context.reader, context.catalog, workflow.tenant, workflow.id, workflow.version);
  if (!definition) return tl::unexpected(definition.error());
  if (!(*definition)->webhook) return std::nullopt;
  const std::string path = "/api/webhooks/" + workflow.id.str();
  return Json{{"workflow", workflow.name},
              {"id", workflow.id.str()},
              {"path", path},
              {"tenant_path", "/api/webhooks/default/" + workflow.name},
              {"url", public_url.empty() ? Json() : Json(public_url + path)},
              {"scheme", (*definition)->webhook->scheme},
              {"enabled", workflow.enabled}};
}

}  // namespace

std::vector<Route> webhook_routes(Api& api, const std::string& public_url) {
  return {
      {Method::kGet, "/api/v1/webhooks", security::Permission::kWorkflowRead,
       api.answer([public_url](const auto& context, const Request&) {
         const auto workflows = service::list_workflows(context);
         if (!workflows) return error(workflows.error());
         Json list = Json::array();
         for (const domain::Workflow& workflow : *workflows) {
           auto view = webhook_view(context, workflow, public_url);
           if (!view) return error(view.error());
           if (*view) list.push_back(**std::move(view));
         }
         return ok(list);
       })},
  };
}

}  // namespace ipaas::daemon::http
