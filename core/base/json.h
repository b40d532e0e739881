// JSON that came from outside, within bounds.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"

// Compiled once, in json_instance.cpp: sources that are not optimised take a quarter less time. The others inline it.
#ifndef __OPTIMIZE__
extern template class nlohmann::basic_json<nlohmann::ordered_map>;
#endif

namespace ipaas {

/// Keeps the order of keys, so that what was only moved is not rearranged.
using Json = nlohmann::ordered_json;

struct JsonLimits {
  std::size_t depth = 128;            ///< levels of arrays and objects
  std::size_t bytes = 32 * 1024 * 1024;
};

/// Parses strict JSON (RFC 8259) from UTF-8. Refused: invalid UTF-8, lone surrogates, numbers beyond a double's range,
/// trailing text, more levels than the limit. Of a key that occurs twice the last value wins, in the first one's place.
/// Linear in the size of the text, whatever its keys.
[[nodiscard]] Result<Json> parse_json(std::string_view text, JsonLimits limits = {});

/// Compact text; invalid UTF-8 in a string becomes U+FFFD instead of an exception. The value must not be deeper
/// than a few thousand levels, which parse_json ensures.
[[nodiscard]] std::string dump_json(const Json& value);

/// The members of an object, to append to without the library's search for an equal key. The caller sees to it that no
/// key comes twice.
using JsonMembers = std::vector<std::pair<const std::string, Json>>;
[[nodiscard]] inline JsonMembers& members_of(Json& object) { return object.get_ref<Json::object_t&>(); }

/// Appends valid UTF-8 as a JSON string, with its quotes.
void append_json_text(std::string& out, std::string_view text);

/// A value and its text, for what is both looked at and kept.
struct JsonDocument {
  JsonDocument() = default;
  explicit JsonDocument(Json json) : value(std::move(json)), text(dump_json(value)) {}
  JsonDocument(Json json, std::string json_text) : value(std::move(json)), text(std::move(json_text)) {}

  Json value;
  std::string text = "null";
};

/// As parse_json; the text stays as it came.
[[nodiscard]] Result<JsonDocument> parse_document(std::string_view text, JsonLimits limits = {});

/// Levels of arrays and objects: a scalar has none.
[[nodiscard]] std::size_t json_depth(const Json& value);

}  // namespace ipaas
