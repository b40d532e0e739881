// /api/v1/variables
#include "core/service/variables.h"

#include "core/service/views.h"
#include "daemon/http/routes/api.h"

namespace ipaas::daemon::http {
namespace {

using security::Permission;

Response list(const service::Context& context, const Request&) {
  return answer_with(service::list_variables(context), [&](const auto& variables) {
    return list_of(variables, [&](const auto& variable) { return service::view(variable, context.masker); });
  });
}

Response set(const service::Context& context, const Request& request) {
  const auto body = body_of(request);
  if (!body) return error(body.error());
  const auto value = body->find("value");
  if (value == body->end() || body->size() != 1) {
    return error({ErrorKind::kInvalid, "the body is not the value of a variable", "send {value}"});
  }
  return answer_with(service::set_variable(context, std::string(request.param("name")), *value),
                     [&](const auto& variable) { return service::view(variable, context.masker); });
}

Response remove(const service::Context& context, const Request& request) {
  const std::string name(request.param("name"));
  const auto deleted = service::delete_variable(context, name);
  return deleted ? ok(Json{{"name", name}, {"deleted", true}}) : error(deleted.error());
}

}  // namespace

std::vector<Route> variable_routes(Api& api) {
  return {
      {Method::kGet, "/api/v1/variables", Permission::kWorkflowRead, api.answer(list)},
      {Method::kPut, "/api/v1/variables/{name}", Permission::kVariableWrite, api.answer(set)},
      {Method::kDelete, "/api/v1/variables/{name}", Permission::kVariableWrite, api.answer(remove)},
  };
}

}  // namespace ipaas::daemon::http
