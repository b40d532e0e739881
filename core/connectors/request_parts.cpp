#include "core/connectors/request_parts.h"

#include <algorithm>
#include <array>

#include "core/base/encoding.h"
#include "core/connectors/action_inputs.h"
#include "core/connectors/http_text.h"

namespace ipaas::connectors {
namespace {

tl::unexpected<Error> bad_part(std::string what, std::string hint = {}) {
  return fail(ErrorKind::kInvalid, std::move(what), std::move(hint), "input_invalid");
}

std::string entry_name(std::string_view what, std::string_view name) {
  return "`" + excerpt(name, 64) + "` of " + std::string(what);
}

Result<void> add_pair(QueryPairs& pairs, const std::string& name, const Json& value, std::string_view what) {
  if (value.is_null()) return {};
  auto text = scalar_text(value);
  if (!text) return bad_part(entry_name(what, name) + " is neither a scalar nor a list of scalars");
  pairs.emplace_back(name, std::move(*text));
  return {};
}

Result<std::optional<RequestBody>> encoded_form(const Json& form) {
  const auto pairs = name_value_pairs(form, "`form`");
  if (!pairs) return tl::unexpected(pairs.error());
  return RequestBody{"application/x-www-form-urlencoded", form_encode(*pairs)};
}

Result<std::optional<RequestBody>> decoded_bytes(const std::string& text) {
  auto bytes = base64_decode(text);
  if (!bytes) return bad_part("the input `base64` is not base64");
  return RequestBody{"application/octet-stream", std::move(*bytes)};
}

}  // namespace

Result<QueryPairs> name_value_pairs(const Json& object, std::string_view what) {
  QueryPairs pairs;
  if (object.is_null()) return pairs;
  if (!object.is_object()) return bad_part(std::string(what) + " is not an object");
  for (const auto& [name, value] : object.items()) {
    if (!value.is_array()) {
      if (const auto added = add_pair(pairs, name, value, what); !added) return tl::unexpected(added.error());
      continue;
    }
    for (const auto& item : value) {
      if (const auto added = add_pair(pairs, name, item, what); !added) return tl::unexpected(added.error());
    }
  }
  return pairs;
}

Result<HeaderList> header_list(const Json& object) {
  auto headers = name_value_pairs(object, "`headers`");
  if (!headers) return tl::unexpected(headers.error());
  for (const auto& [name, value] : *headers) {
    if (!is_token(name)) return bad_part("the name of a header holds a character that is not allowed there");
    if (!is_field_value(value)) {
      return bad_part("the value of the header " + entry_name("`headers`", name) + " holds a control character",
                      "a header is one line");
    }
  }
  return headers;
}

bool has_header(const HeaderList& headers, std::string_view lower_name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& header) { return lower_case(header.first) == lower_name; });
}

Result<std::optional<RequestBody>> request_body(const Json& inputs, std::string_view idempotency_key) {
  if (const auto* json = find_input(inputs, "json")) return RequestBody{"application/json", dump_json(*json)};
  if (const auto* form = find_input(inputs, "form")) return encoded_form(*form);
  if (find_input(inputs, "text") != nullptr) return RequestBody{"text/plain; charset=utf-8", text_input(inputs, "text")};
  if (find_input(inputs, "base64") != nullptr) return decoded_bytes(text_input(inputs, "base64"));
  if (const auto* parts = find_input(inputs, "multipart")) {
    auto body = multipart_body(*parts, idempotency_key);
    if (!body) return tl::unexpected(body.error());
    return std::move(*body);
  }
  return std::nullopt;
}

void set_body(HttpCall& call, RequestBody body) {
  if (!has_header(call.headers, "content-type")) call.headers.emplace_back("Content-Type", std::move(body.content_type));
  call.body = std::move(body.bytes);
}

Result<std::string> request_method(std::string_view text) {
  if (!is_token(text) || text.size() > 32) return bad_part("the method is not a word", "write GET, POST, PUT …");
  auto method = upper_case(text);
  if (method == "CONNECT") return bad_part("the method CONNECT is for proxies", "write GET, POST, PUT …");
  return method;
}

bool is_idempotent_method(std::string_view method) {
  constexpr std::array<std::string_view, 6> kMethods = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"};
  return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

}  // namespace ipaas::connectors
