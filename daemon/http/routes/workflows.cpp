// /api/v1/workflows
#include <charconv>

#include "core/service/executions.h"
#include "core/service/views.h"
#include "core/service/workflows.h"
#include "daemon/http/envelope.h"
#include "daemon/http/routes/api.h"

namespace ipaas::daemon::http {
namespace {

using security::Permission;

/// One apply may carry a whole directory.
constexpr std::size_t kApplyBody = 32 * 1024 * 1024;

Result<service::ApplyRequest> apply_request(const Request& request) {
  auto body = body_of(request);
  if (!body) return tl::unexpected(body.error());
  service::ApplyRequest apply;
  apply.message = body->value("message", "");
  apply.dry_run = body->value("dry_run", false);
  apply.set = body->value("set", "");
  apply.prune = body->value("prune", false);
  if (body->contains("confirmed")) apply.confirmed = (*body)["confirmed"].get<std::vector<std::string>>();
  const auto documents = body->find("documents");
  if (documents == body->end() || !documents->is_array()) {
    return fail(ErrorKind::kInvalid, "`documents` is missing", "send [{file, source}]");
  }
  for (const Json& document : *documents) {
    if (!document.is_object() || !document.contains("source") || !document["source"].is_string()) {
      return fail(ErrorKind::kInvalid, "a document has no `source`", "send [{file, source}]");
    }
    apply.documents.push_back({document.value("file", ""), document["source"].get<std::string>()});
  }
  return apply;
}

Response apply(const service::Context& context, const Request& request) {
  const auto wanted = [&]() -> Result<service::ApplyRequest> {
    try {
      return apply_request(request);
    } catch (const Json::exception&) {  // value() of another type
      return fail(ErrorKind::kInvalid, "a member is not of its type",
                  "send {documents, message: text, set: text, dry_run: true, prune: true, confirmed: [names]}");
    }
  }();
  if (!wanted) return error(wanted.error());
  const auto saved = service::apply_workflows(context, *wanted);
  if (!saved) return errors(saved.error());
  Json rows = list_of(*saved, [](const auto& item) { return service::view(item); });
  const auto warnings = service::apply_warnings(context, wanted->documents);
  for (Json& row : rows) {
    const auto [first, last] = warnings.equal_range(row["name"].get<std::string>());
    for (auto warning = first; warning != last; ++warning) row["warnings"].push_back(error_detail(warning->second));
  }
  return ok(std::move(rows));
}

void run(const service::Context& context, const Request& request, Responder responder) {
  const auto body = body_of(request);
  if (!body) {
    responder.respond(error(body.error()));
    return;
  }
  const Json inputs = body->contains("inputs") ? (*body)["inputs"] : Json::object();
  auto shared = std::make_shared<Responder>(std::move(responder));
  service::run_workflow(context, std::string(request.param("name")), inputs,
                        [shared](const Result<service::Started>& started) {
                          shared->respond(answer_with(
                              started, [](const service::Started& s) { return service::view(s); }, 202));
                        });
}

Response set_enabled(const service::Context& context, const Request& request, bool enabled) {
  const std::string name(request.param("name"));
  const auto set = service::set_workflow_enabled(context, name, enabled);
  return set ? ok(Json{{"name", name}, {"enabled", enabled}}) : error(set.error());
}

Json view_of(const std::string& workflow, const domain::WorkflowVersion& version) {
  Json view = service::view(version);
  view["workflow"] = workflow;
  return view;
}

Response list_versions(const service::Context& context, const Request& request) {
  const std::string name(request.param("name"));
  return answer_with(service::list_versions(context, name), [&](const auto& versions) {
    return list_of(versions, [&](const auto& version) { return view_of(name, version); });
  });
}

Response get_version(const service::Context& context, const Request& request) {
  const std::string name(request.param("name"));
  const std::string text(request.param("version"));
  int number = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (wrong != std::errc() || end != text.data() + text.size()) {
    return error({ErrorKind::kInvalid, "a version is a number from 1 on", "list them below /versions"});
  }
  return answer_with(service::get_version(context, name, number), [&](const auto& version) {
    Json view = view_of(name, version);
    view["source"] = version.source;
    return view;
  });
}

Response roll_back(const service::Context& context, const Request& request) {
  const auto body = body_of(request);
  if (!body) return error(body.error());
  const auto to = body->find("to");
  const auto message = body->find("message");
  constexpr int kMost = 1'000'000'000;
  const bool number = to != body->end() && to->is_number_integer() && *to >= 1 && *to <= kMost;
  if (!number || (message != body->end() && !message->is_string())) {
    return error({ErrorKind::kInvalid, "`to` is no version", "send {to: a version's number, message: text}"});
  }
  const auto saved = service::roll_back_workflow(context, std::string(request.param("name")), to->get<int>(),
                                                 message == body->end() ? "" : message->get<std::string>());
  return saved ? ok(service::view(*saved)) : errors(saved.error());
}

}  // namespace

std::vector<Route> workflow_routes(Api& api) {
  return {
      {Method::kGet, "/api/v1/workflows", Permission::kWorkflowRead, api.answer([](const auto& context, const Request&) {
         return answer_with(service::list_workflows(context), [](const auto& workflows) {
           return list_of(workflows, [](const auto& workflow) { return service::view(workflow); });
         });
       })},
      {Method::kPost, "/api/v1/workflows/apply", Permission::kWorkflowWrite, api.answer(apply), Doors::kBoth,
       [](const Request&) -> Result<Passage> { return Passage{kApplyBody}; }},
      {Method::kGet, "/api/v1/workflows/{name}", Permission::kWorkflowRead,
       api.answer([](const auto& context, const Request& request) {
         return answer_with(service::get_workflow(context, std::string(request.param("name"))),
                            [](const auto& details) { return service::view(details); });
       })},
      {Method::kGet, "/api/v1/workflows/{name}/versions", Permission::kWorkflowRead, api.answer(list_versions)},
      {Method::kGet, "/api/v1/workflows/{name}/versions/{version}", Permission::kWorkflowRead, api.answer(get_version)},
      {Method::kPost, "/api/v1/workflows/{name}/rollback", Permission::kWorkflowWrite, api.answer(roll_back)},
      {Method::kDelete, "/api/v1/workflows/{name}", Permission::kWorkflowWrite,
       api.answer([](const auto& context, const Request& request) {
         const std::string name(request.param("name"));
         const auto deleted = service::delete_workflow(context, name);
         return deleted ? ok(Json{{"name", name}, {"deleted", true}}) : error(deleted.error());
       })},
      {Method::kPost, "/api/v1/workflows/{name}/enable", Permission::kWorkflowWrite,
       api.answer([](const auto& context, const Request& request) { return set_enabled(context, request, true); })},
      {Method::kPost, "/api/v1/workflows/{name}/disable", Permission::kWorkflowWrite,
       api.answer([](const auto& context, const Request& request) { return set_enabled(context, request, false); })},
      {Method::kPost, "/api/v1/workflows/{name}/run", Permission::kWorkflowRun, api.later(run)},
  };
}

}  // namespace ipaas::daemon::http
