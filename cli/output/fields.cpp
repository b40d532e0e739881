#include "cli/output/fields.h"

#include <algorithm>

#include "core/base/time_text.h"

namespace ipaas::cli {

const Json& member_of(const Json& object, std::string_view key) {
  static const Json null;
  if (!object.is_object()) return null;
  const auto found = object.find(std::string(key));
  return found == object.end() ? null : *found;
}

std::string text_of(const Json& object, std::string_view key) {
  const Json& value = member_of(object, key);
  if (value.is_string()) return value.get_ref<const std::string&>();
  return value.is_number() || value.is_boolean() ? dump_json(value) : std::string();
}

std::int64_t number_of(const Json& object, std::string_view key) {
  const Json& value = member_of(object, key);
  return value.is_number_integer() ? value.get<std::int64_t>() : 0;
}

bool flag_of(const Json& object, std::string_view key) {
  const Json& value = member_of(object, key);
  return value.is_boolean() && value.get<bool>();
}

const Json& items_of(const Json& object, std::string_view key) {
  static const Json none = Json::array();
  const Json& value = member_of(object, key);
  return value.is_array() ? value : none;
}

std::string joined(const Json& array) {
  std::string text;
  if (!array.is_array()) return text;
  for (const Json& item : array) {
    if (!item.is_string()) continue;
    if (!text.empty()) text += ", ";
    text += item.get_ref<const std::string&>();
  }
  return text;
}

std::string age(std::string_view instant, Instant now) {
  const auto then = parse_instant(instant);
  if (!then) return "-";
  const auto seconds = std::max<std::int64_t>(0, (now - *then).count() / 1000);
  if (seconds < 100) return std::to_string(seconds) + "s";
  if (seconds < 100 * 60) return std::to_string(seconds / 60) + "m";
  if (seconds < 72 * 3600) return std::to_string(seconds / 3600) + "h";
  return std::to_string(seconds / 86400) + "d";
}

std::string time_until(std::string_view instant, Instant now) {
  const auto then = parse_instant(instant);
  return then ? short_duration(std::max(Duration::zero(), *then - now)) : "-";
}

std::string elapsed(std::string_view from, std::string_view to, Instant now) {
  const auto begin = parse_instant(from);
  if (!begin) return "-";
  const auto end = parse_instant(to);
  return short_duration(std::max(Duration::zero(), (end ? *end : now) - *begin));
}

std::string short_duration(Duration duration) {
  const std::int64_t millis = duration.count();
  if (millis < 1000) return std::to_string(millis) + "ms";
  if (millis < 60'000) return std::to_string(millis / 1000) + "." + std::to_string(millis % 1000 / 100) + "s";
  const std::int64_t seconds = millis / 1000;
  if (seconds < 3600) return std::to_string(seconds / 60) + "m" + std::to_string(seconds % 60) + "s";
  if (seconds < 86'400) return std::to_string(seconds / 3600) + "h" + std::to_string(seconds % 3600 / 60) + "m";
  return std::to_string(seconds / 86'400) + "d" + std::to_string(seconds % 86'400 / 3600) + "h";
}

}  // namespace ipaas::cli
