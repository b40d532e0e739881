// multipart/form-data (RFC 7578), with names escaped as browsers do (HTML Standard, "multipart/form-data encoding algorithm").
#include <algorithm>
#include <array>
#include <cstdint>

#include "core/base/encoding.h"
#include "core/connectors/action_inputs.h"
#include "core/connectors/http_text.h"
#include "core/connectors/request_parts.h"

namespace ipaas::connectors {
namespace {

struct Part {
  std::string name;
  std::string filename;
  std::string content_type;
  std::string content;
};

tl::unexpected<Error> bad_multipart(std::string what, std::string hint = {}) {
  return fail(ErrorKind::kInvalid, "`multipart`: " + std::move(what), std::move(hint), "input_invalid");
}

std::string escape_name(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"') {
      escaped += "%22";
    } else if (c == '\r') {
      escaped += "%0D";
    } else if (c == '\n') {
      escaped += "%0A";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

Result<std::string> part_content(const Json& fields) {
  const std::array<const Json*, 3> given = {find_input(fields, "text"), find_input(fields, "value"),
                                            find_input(fields, "base64")};
  if (std::count(given.begin(), given.end(), nullptr) != 2) {
    return bad_multipart("a part needs exactly one of `text`, `value` and `base64`");
  }
  const Json& value = *(given[0] != nullptr ? given[0] : given[1] != nullptr ? given[1] : given[2]);
  auto text = scalar_text(value);
  if (!text) return bad_multipart("the content of a part is not a text");
  if (given[2] == nullptr) return std::move(*text);
  auto bytes = base64_decode(*text);
  if (!bytes) return bad_multipart("the `base64` of a part is not base64");
  return std::move(*bytes);
}

Result<void> check_keys(const Json& fields) {
  constexpr std::array<std::string_view, 6> kKeys = {"name", "text", "value", "base64", "filename", "content-type"};
  for (const auto& [key, value] : fields.items()) {
    if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
      return bad_multipart("a part has an unknown key", "write name, text, value, base64, filename, content-type");
    }
  }
  return {};
}

Result<Part> read_part(std::string name, const Json& fields) {
  if (const auto text = scalar_text(fields)) return Part{std::move(name), {}, {}, *text};
  if (!fields.is_object()) return bad_multipart("a part is neither a text nor an object");
  if (const auto keys = check_keys(fields); !keys) return tl::unexpected(keys.error());
  auto content = part_content(fields);
  if (!content) return tl::unexpected(content.error());
  Part part{text_input(fields, "name", name), text_input(fields, "filename"), text_input(fields, "content-type"),
            std::move(*content)};
  if (part.name.empty()) return bad_multipart("a part has no name");
  if (!is_field_value(part.content_type)) return bad_multipart("the `content-type` of a part holds a control character");
  return part;
}

Result<std::vector<Part>> read_parts(const Json& parts) {
  if (!parts.is_structured()) return bad_multipart("it is neither a list nor an object");
  std::vector<Part> read;
  for (const auto& item : parts.items()) {
    auto part = read_part(parts.is_object() ? item.key() : std::string(), item.value());
    if (!part) return tl::unexpected(part.error());
    read.push_back(std::move(*part));
  }
  return read;
}

/// FNV-1a. It only has to differ from what the parts hold, which is checked.
std::string hash_text(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = 14695981039346656037ULL ^ seed;
  std::string bytes;
  for (int round = 0; round < 2; ++round) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    hash = (hash ^ static_cast<std::uint64_t>(round)) * 1099511628211ULL;
    for (unsigned shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(hash >> shift & 0xFFU);
  }
  return hex_encode(bytes);
}

Result<std::string> free_boundary(const std::vector<Part>& parts, std::string_view key) {
  // Content that holds this many boundaries in a row was made to.
  constexpr std::uint64_t kTries = 16;
  for (std::uint64_t attempt = 0; attempt < kTries; ++attempt) {
    std::string boundary = "ipaas-" + hash_text(key, attempt);
    const bool taken = std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
      return part.content.find(boundary) != std::string::npos;
    });
    if (!taken) return boundary;
  }
  return bad_multipart("the parts hold every boundary that could separate them");
}

std::string head_of(const Part& part) {
  std::string head = "Content-Disposition: form-data; name=\"" + escape_name(part.name) + "\"";
  if (!part.filename.empty()) head += "; filename=\"" + escape_name(part.filename) + "\"";
  const std::string type = !part.content_type.empty() ? part.content_type
                           : part.filename.empty()    ? std::string()
                                                      : std::string("application/octet-stream");
  if (!type.empty()) head += "\r\nContent-Type: " + type;
  return head;
}

}  // namespace

Result<RequestBody> multipart_body(const Json& parts, std::string_view idempotency_key) {
  const auto read = read_parts(parts);
  if (!read) return tl::unexpected(read.error());
  if (read->empty()) return bad_multipart("it has no parts");
  const auto boundary = free_boundary(*read, idempotency_key);
  if (!boundary) return tl::unexpected(boundary.error());
  RequestBody body{"multipart/form-data; boundary=" + *boundary, {}};
  for (const auto& part : *read) {
    body.bytes += "--" + *boundary + "\r\n" + head_of(part) + "\r\n\r\n" + part.content + "\r\n";
  }
  body.bytes += "--" + *boundary + "--\r\n";
  return body;
}

}  // namespace ipaas::connectors
