#include "daemon/http/response_writer.h"

#include <charconv>

namespace ipaas::daemon::http {
namespace {

constexpr std::string_view kDataStart = R"({"success":true,"data":)";
constexpr std::string_view kErrorStart = R"({"success":false,"error":)";
constexpr std::string_view kMetaStart = R"(,"meta":{"request_id":")";
constexpr std::string_view kEnd = "}}";

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    default:
      return "";
  }
}

void append_number(std::string& out, std::size_t number) {
  char digits[20];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  static_cast<void>(error);  // twenty digits hold every size
  out.append(digits, end);
}

/// A line end in a value would let it write the rest of the answer.
bool is_field_text(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  if (!is_field_text(name) || !is_field_text(value)) return;
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_status_line(std::string& out, int status) {
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(status));
  out.append(" ").append(reason(status)).append("\r\n");
}

bool has_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

std::size_t body_size(const Response& response, std::string_view request_id) {
  if (response.shape == Response::Shape::kRaw) return response.body.size();
  const std::string_view start = response.shape == Response::Shape::kData ? kDataStart : kErrorStart;
  const std::size_t more = response.meta.empty() ? 0 : response.meta.size() + 1;
  return start.size() + response.body.size() + kMetaStart.size() + request_id.size() + 1 + more + kEnd.size();
}

void append_body(std::string& out, const Response& response, std::string_view request_id) {
  if (response.shape == Response::Shape::kRaw) {
    out += response.body;
    return;
  }
  out.append(response.shape == Response::Shape::kData ? kDataStart : kErrorStart).append(response.body);
  out.append(kMetaStart).append(request_id).append("\"");
  if (!response.meta.empty()) out.append(",").append(response.meta);
  out += kEnd;
}

void append_connection(std::string& out, const WriteOptions& options) {
  if (!options.keep_alive) {
    out += "Connection: close\r\n";
  } else if (options.minor_version == 0) {
    out += "Connection: keep-alive\r\n";
  }
}

}  // namespace

void write_response(const Response& response, const WriteOptions& options, std::string& out) {
  append_status_line(out, response.status);
  if (has_body(response.status)) {
    const bool enveloped = response.shape != Response::Shape::kRaw;
    const std::string_view type =
        enveloped ? std::string_view("application/json") : std::string_view(response.content_type);
    if (!type.empty()) append_field(out, "Content-Type", type);
    out += "Content-Length: ";
    append_number(out, body_size(response, options.request_id));
    out += "\r\n";
  }
  append_field(out, "X-Request-Id", options.request_id);
  for (const auto& [name, value] : response.headers) append_field(out, name, value);
  append_connection(out, options);
  out += "\r\n";
  if (has_body(response.status) && !options.head_only) append_body(out, response, options.request_id);
}

void write_stream_head(const Response& response, std::string_view request_id, std::string& out) {
  append_status_line(out, response.status);
  append_field(out, "Content-Type", response.content_type);
  append_field(out, "X-Request-Id", request_id);
  for (const auto& [name, value] : response.headers) append_field(out, name, value);
  out += "Connection: close\r\n\r\n";
}

}  // namespace ipaas::daemon::http
