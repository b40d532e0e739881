#include "core/connectors/reply_view.h"

#include "core/base/encoding.h"
#include "core/connectors/http_text.h"

namespace ipaas::connectors {
namespace {

bool is_json_type(std::string_view content_type) {
  const std::string type = lower_case(trim(content_type.substr(0, content_type.find(';'))));
  return type == "application/json" || type == "text/json" || type.ends_with("+json");
}

Json body_view(const HttpReply& reply) {
  if (is_json_type(reply_header(reply, "content-type"))) {
    if (auto json = parse_json(reply.body)) return std::move(*json);
  }
  if (is_utf8(reply.body)) return reply.body;
  return Json{{"base64", base64_encode(reply.body)}};
}

/// Values are bytes to HTTP, but expressions know text only.
std::string header_text(std::string_view value) {
  if (is_utf8(value)) return std::string(value);
  std::string text;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      // ISO 8859-1, which headers historically are (RFC 9110 section 5.5).
      text += static_cast<char>(0xC0U | byte >> 6U);
      text += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return text;
}

Json headers_view(const HeaderList& headers) {
  Json view = Json::object();
  for (const auto& [name, value] : headers) {
    const std::string key = lower_case(name);
    const auto found = view.find(key);
    if (found == view.end()) {
      view[key] = header_text(value);
    } else {
      *found = found->get<std::string>() + (key == "set-cookie" ? "\n" : ", ") + header_text(value);
    }
  }
  return view;
}

}  // namespace

std::string_view reply_header(const HttpReply& reply, std::string_view name) {
  for (const auto& [written, value] : reply.headers) {
    if (lower_case(written) == name) return value;
  }
  return {};
}

Json reply_view(const HttpReply& reply) {
  Json view = Json::object();
  view["status"] = reply.status;
  view["headers"] = headers_view(reply.headers);
  view["body"] = body_view(reply);
  return view;
}

}  // namespace ipaas::connectors
