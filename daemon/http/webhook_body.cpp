#include "daemon/http/webhook_body.h"

#include <algorithm>
#include <array>

#include "core/base/encoding.h"
#include "core/base/time_text.h"
#include "daemon/http/form.h"
#include "daemon/http/percent.h"

namespace ipaas::daemon::http {
namespace {

std::string lower_case(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lower;
}

/// `application/json; charset=utf-8` -> `application/json`, in lower case.
std::string media_type(std::string_view content_type) {
  std::string type = lower_case(content_type.substr(0, content_type.find(';')));
  type.erase(std::remove_if(type.begin(), type.end(), [](char c) { return c == ' ' || c == '\t'; }), type.end());
  return type;
}

bool is_json(std::string_view type) { return type == "application/json" || type.ends_with("+json"); }

bool is_secret_header(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kDropped = {"authorization", "proxy-authorization", "cookie",
                                                               "set-cookie"};
  return std::any_of(kDropped.begin(), kDropped.end(), [&](auto dropped) { return equals_without_case(name, dropped); });
}

}  // namespace

Result<Json> parse_body(std::string_view content_type, std::string_view body, security::Scheme scheme) {
  const std::string type = media_type(content_type);
  if (is_json(type)) return parse_json(body);
  if (body.empty()) return Json();
  if (type == "application/x-www-form-urlencoded") {
    Result<Json> form = parse_form(body);
    if (form && scheme == security::Scheme::kGithub && form->contains("payload") && (*form)["payload"].is_string()) {
      return parse_json((*form)["payload"].get_ref<const std::string&>());
    }
    return form;
  }
  if (is_utf8(body)) return Json(body);
  return Json{{"base64", base64_encode(body)}};
}

Json event_payload(const Request& request, Json body, std::string_view delivery_id, Instant received_at) {
  Json headers = Json::object();
  for (const auto& [name, value] : request.headers) {
    if (is_secret_header(name)) continue;
    Json& slot = headers[lower_case(name)];
    std::string text = to_utf8(value);
    slot = slot.is_string() ? Json(slot.get_ref<const std::string&>() + ", " + text) : Json(std::move(text));
  }
  Json query = Json::object();
  if (!request.query_text.empty()) {
    if (auto parsed = parse_form(request.query_text)) query = *std::move(parsed);
  }
  Json payload = Json::object();
  payload["body"] = std::move(body);
  payload["headers"] = std::move(headers);
  payload["query"] = std::move(query);
  payload["method"] = "POST";
  payload["path"] = to_utf8(request.path);
  payload["id"] = delivery_id.empty() ? Json() : Json(delivery_id);
  payload["received_at"] = format_instant(received_at);
  return payload;
}

std::string delivery_id_of(security::Scheme scheme, const Request& request, const Json& body) {
  const security::DeliveryId where = security::delivery_id(scheme);
  if (!where.header.empty()) {
    if (const auto value = request.header(where.header)) return to_utf8(*value);
  }
  if (body.is_object()) {
    for (const std::string_view key : where.body_keys) {
      const auto found = body.find(std::string(key));
      if (found != body.end() && found->is_string()) return found->get<std::string>();
    }
  }
  return {};
}

}  // namespace ipaas::daemon::http
