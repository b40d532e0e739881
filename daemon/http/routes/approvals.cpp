// /api/v1/approvals, and answers to callbacks
#include "core/service/views.h"
#include "core/service/waits.h"
#include "daemon/http/routes/api.h"

namespace ipaas::daemon::http {
namespace {

using security::Permission;

constexpr std::size_t kUsualPage = 100;

Response list(const service::Context& context, const Request& request) {
  const auto limit = count_of(request, "limit", kUsualPage, 1000);
  if (!limit) return error(limit.error());
  const auto found = service::list_approvals(context, request.query("after").value_or(""), *limit);
  if (!found) return error(found.error());
  return page(list_of(found->waits, [&](const auto& wait) { return service::view(wait, context.masker); }), found->next);
}

service::Answered answering(Responder responder, std::string_view decision) {
  // std::function wants to be copied, and a responder cannot be.
  auto shared = std::make_shared<Responder>(std::move(responder));
  return [shared, decision](const Result<service::Wait>& answered) {
    shared->respond(answer_with(answered, [&](const service::Wait& wait) {
      return Json{{"id", wait.id()}, {"execution", wait.execution.str()}, {"step", wait.path}, {"decision", decision}};
    }));
  };
}

Result<std::string> comment_of(const Request& request) {
  const auto body = body_of(request);
  if (!body) return tl::unexpected(body.error());
  const auto comment = body->find("comment");
  if (comment == body->end() || comment->is_null()) return std::string();
  if (!comment->is_string()) return fail(ErrorKind::kInvalid, "`comment` is not a text");
  auto text = comment->get<std::string>();
  if (text.size() <= service::kLongestComment) return text;
  return fail(ErrorKind::kInvalid, "the comment is longer than " + std::to_string(service::kLongestComment) + " bytes");
}

/// The id's slash is in the path as it is written, and encoded in it as well: `{id}` or `{id}/{path}`.
std::string wait_id(const Request& request) {
  std::string id(request.param("id"));
  if (const std::string_view path = request.param("path"); !path.empty()) id.append("/").append(path);
  return id;
}

Handler decide(Api& api, bool approve) {
  return api.later([approve](const service::Context& context, const Request& request, Responder responder) {
    const auto comment = comment_of(request);
    if (!comment) return responder.respond(error(comment.error()));
    service::decide_approval(context, wait_id(request), {approve, *comment},
                             answering(std::move(responder), approve ? "approved" : "rejected"));
  });
}

void signal(const service::Context& context, const Request& request, Responder responder) {
  auto body = body_of(request);
  if (!body) return responder.respond(error(body.error()));
  const auto step = body->find("step");
  if (step == body->end() || !step->is_string()) {
    return responder.respond(error({ErrorKind::kInvalid, "`step` is missing", "send {step, data}"}));
  }
  service::signal_callback(context, ExecutionId(std::string(request.param("id"))), step->get<std::string>(),
                           body->value("data", Json()), answering(std::move(responder), "called back"));
}

}  // namespace

std::vector<Route> approval_routes(Api& api) {
  std::vector<Route> routes = {
      {Method::kGet, "/api/v1/approvals", Permission::kExecutionRead, api.answer(list)},
      {Method::kPost, "/api/v1/executions/{id}/signal", Permission::kExecutionControl, api.later(signal)},
  };
  for (const std::string& id : {std::string("{id}"), std::string("{id}/{path}")}) {
    routes.push_back({Method::kPost, "/api/v1/approvals/" + id + "/approve", Permission::kExecutionControl, decide(api, true)});
    routes.push_back({Method::kPost, "/api/v1/approvals/" + id + "/reject", Permission::kExecutionControl, decide(api, false)});
  }
  return routes;
}

}  // namespace ipaas::daemon::http
