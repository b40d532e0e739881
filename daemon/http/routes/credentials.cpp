// /api/v1/credentials
#include "core/service/credentials.h"
#include "core/service/views.h"
#include "daemon/http/routes/api.h"

namespace ipaas::daemon::http {
namespace {

using security::Permission;

Response create(const service::Context& context, const Request& request) {
  const auto body = body_of(request);
  if (!body) return error(body.error());
  for (const char* field : {"name", "type"}) {
    if (!body->contains(field) || !(*body)[field].is_string()) {
      return error({ErrorKind::kInvalid, std::string("`") + field + "` is missing", "send {name, type, fields}"});
    }
  }
  const auto fields = body->find("fields");
  if (fields == body->end() || !fields->is_object()) {
    return error({ErrorKind::kInvalid, "`fields` is not an object", "send {name, type, fields}"});
  }
  return answer_with(service::create_credential(context, (*body)["name"], (*body)["type"], *fields),
                     [](const auto& credential) { return service::view(credential); }, 201);
}

}  // namespace

std::vector<Route> credential_routes(Api& api) {
  return {
      {Method::kGet, "/api/v1/credentials", Permission::kCredentialRead,
       api.answer([](const auto& context, const Request&) {
         return answer_with(service::list_credentials(context), [](const auto& credentials) {
           return list_of(credentials, [](const auto& credential) { return service::view(credential); });
         });
       })},
      {Method::kPost, "/api/v1/credentials", Permission::kCredentialWrite, api.answer(create)},
      {Method::kDelete, "/api/v1/credentials/{name}", Permission::kCredentialWrite,
       api.answer([](const auto& context, const Request& request) {
         const std::string name(request.param("name"));
         const auto deleted = service::delete_credential(context, name);
         return deleted ? ok(Json{{"name", name}, {"deleted", true}}) : error(deleted.error());
       })},
  };
}

}  // namespace ipaas::daemon::http
