#include "daemon/http/webhook_body.h"

#include <algorithm>
#include <array>

#include "core/base/encoding.h"
#include "core/base/time_text.h"
#include "core/base/letter_case.h"
#include "daemon/http/form.h"
#include "daemon/http/percent.h"

namespace ipaas::daemon::http {
namespace {

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

Json headers_of(const Request& request) {
  Json headers = Json::object();
  JsonMembers& members = members_of(headers);
  members.reserve(request.headers.size());
  for (const auto& [name, value] : request.headers) {
    if (is_secret_header(name)) continue;
    std::string key = lower_case(name);
    std::string text = to_utf8(value);
    const auto known = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.first == key; });
    if (known == members.end()) {
      members.emplace_back(std::move(key), std::move(text));
    } else {
      known->second.get_ref<std::string&>().append(", ").append(text);
    }
  }
  return headers;
}

Json query_of(const Request& request) {
  if (request.query_text.empty()) return Json::object();
  auto parsed = parse_form(request.query_text);
  return parsed ? *std::move(parsed) : Json::object();
}

std::string_view shown_path(std::string_view path, security::Scheme scheme) {
  return scheme == security::Scheme::kUrlToken ? path.substr(0, path.rfind('/')) : path;
}

/// An object of texts only.
void append_texts(std::string& out, const Json& texts) {
  char separator = '{';
  for (const auto& [name, text] : texts.get_ref<const Json::object_t&>()) {
    out += separator;
    append_json_text(out, name);
    out += ':';
    append_json_text(out, text.get_ref<const std::string&>());
    separator = ',';
  }
  out += separator == '{' ? "{}" : "}";
}

}  // namespace

Result<JsonDocument> parse_body(std::string_view content_type, std::string_view body, security::Scheme scheme) {
  const std::string type = media_type(content_type);
  if (is_json(type)) return parse_document(body);
  if (body.empty()) return JsonDocument();
  if (type == "application/x-www-form-urlencoded") {
    Result<Json> form = parse_form(body);
    if (!form) return tl::unexpected(std::move(form.error()));
    if (scheme == security::Scheme::kGithub && form->contains("payload") && (*form)["payload"].is_string()) {
      return parse_document((*form)["payload"].get_ref<const std::string&>());
    }
    return JsonDocument(*std::move(form));
  }
  if (is_utf8(body)) return JsonDocument(Json(body));
  return JsonDocument(Json{{"base64", base64_encode(body)}});
}

JsonDocument event_payload(const Request& request, JsonDocument body, std::string_view delivery_id,
                           Instant received_at, security::Scheme scheme) {
  Json headers = headers_of(request);
  Json query = query_of(request);
  const std::string path = to_utf8(shown_path(request.path, scheme));
  const std::string received = format_instant(received_at);

  // The body keeps its own text, and the rest is written by hand: the library takes as long for it as for all else here.
  std::string text;
  text.reserve(body.text.size() + request.path.size() + 1024);
  text.append(R"({"body":)").append(body.text).append(R"(,"headers":)");
  append_texts(text, headers);
  text.append(R"(,"query":)").append(query.empty() ? "{}" : dump_json(query)).append(R"(,"method":"POST","path":)");
  append_json_text(text, path);
  text.append(R"(,"id":)");
  delivery_id.empty() ? static_cast<void>(text += "null") : append_json_text(text, delivery_id);
  text.append(R"(,"received_at":")").append(received).append("\"}");

  Json value = Json::object();
  JsonMembers& members = members_of(value);
  members.reserve(7);
  members.emplace_back("body", std::move(body.value));
  members.emplace_back("headers", std::move(headers));
  members.emplace_back("query", std::move(query));
  members.emplace_back("method", "POST");
  members.emplace_back("path", path);
  members.emplace_back("id", delivery_id.empty() ? Json() : Json(delivery_id));
  members.emplace_back("received_at", received);
  return {std::move(value), std::move(text)};
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
