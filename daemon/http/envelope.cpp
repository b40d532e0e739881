#include "daemon/http/envelope.h"

#include <array>

#include "core/base/json.h"

namespace ipaas::daemon::http {
namespace {

struct Fate {
  int status;
  std::string_view code;
  std::string_view retry_after;  ///< in seconds; empty where trying again is of no use
};

/// Codes that are finer than their kind.
constexpr std::array<Fate, 3> kByCode{{
    {429, "rate_limited", "1"},
    {415, "unsupported_encoding", ""},
    {412, "precondition_failed", ""},
}};

Fate fate_of(const Error& error) {
  for (const Fate& fate : kByCode) {
    if (fate.code == error.code) return fate;
  }
  const std::string_view code = api_code(error.kind);
  switch (error.kind) {
    case ErrorKind::kInvalid:
      return {400, code, ""};
    case ErrorKind::kUnauthenticated:
      return {401, code, ""};
    case ErrorKind::kForbidden:
      return {403, code, ""};
    case ErrorKind::kNotFound:
      return {404, code, ""};
    case ErrorKind::kConflict:
      return {409, code, ""};
    case ErrorKind::kTooLarge:
      return {413, code, ""};
    case ErrorKind::kBacklogFull:
    case ErrorKind::kDraining:
    case ErrorKind::kUnavailable:
      return {503, code, "1"};
    case ErrorKind::kInternal:
      break;
  }
  return {500, code, ""};
}

/// What an internal error says is for our log: it may name what a caller must not see.
std::string_view told(const Error& error) {
  return error.kind == ErrorKind::kInternal ? std::string_view("an internal error: see the daemon's log")
                                            : std::string_view(error.message);
}

Response failure(int status, std::string_view code, std::string_view message, Json details) {
  const Json body = {{"code", std::string(code)}, {"message", std::string(message)}, {"details", std::move(details)}};
  Response response;
  response.status = status;
  response.shape = Response::Shape::kError;
  response.body = dump_json(body);
  return response;
}

}  // namespace

nlohmann::ordered_json error_detail(const Error& error) {
  Json detail = Json::object();
  detail["message"] = std::string(told(error));
  if (!error.code.empty()) detail["code"] = error.code;
  if (error.kind == ErrorKind::kInternal) return detail;
  if (!error.hint.empty()) detail["hint"] = error.hint;
  if (!error.file.empty()) detail["file"] = error.file;
  if (error.position.line > 0) detail["line"] = error.position.line;
  if (error.position.column > 0) detail["column"] = error.position.column;
  return detail;
}

Error for_strangers(const Error& error, std::string_view unavailable) {
  if (error.kind != ErrorKind::kUnavailable) return error;
  return {ErrorKind::kUnavailable, std::string(unavailable), "try again later"};
}

Response ok(const nlohmann::ordered_json& data, int status) {
  return ok_text(dump_json(data), status);
}

Response ok_text(std::string data, int status) {
  Response response;
  response.status = status;
  response.body = std::move(data);
  return response;
}

Response page(const nlohmann::ordered_json& data, std::string_view next_cursor) {
  Response response = ok(data);
  if (!next_cursor.empty()) response.meta = "\"next_cursor\":" + dump_json(Json(std::string(next_cursor)));
  return response;
}

Response error(const Error& error) {
  const Fate fate = fate_of(error);
  Response response = failure(fate.status, fate.code, told(error), Json::array({error_detail(error)}));
  if (!fate.retry_after.empty()) response.headers.emplace_back("Retry-After", fate.retry_after);
  return response;
}

Response errors(const std::vector<Error>& errors) {
  if (errors.size() == 1) return error(errors.front());
  if (errors.empty()) return error(Error{});
  const Fate fate = fate_of(errors.front());
  Json details = Json::array();
  for (const Error& each : errors) details.push_back(error_detail(each));
  const std::string message =
      std::to_string(errors.size()) + " errors, the first: " + std::string(told(errors.front()));
  return failure(fate.status, fate.code, message, std::move(details));
}

Response refusal(int status, std::string_view code, std::string_view message) {
  return failure(status, code, message, Json::array());
}

Response raw(int status, std::string content_type, std::string body) {
  Response response;
  response.status = status;
  response.shape = Response::Shape::kRaw;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  return response;
}

Response empty(int status) {
  return raw(status, {}, {});
}

}  // namespace ipaas::daemon::http
