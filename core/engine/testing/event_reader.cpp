// `event` of a test file.
#include "core/base/time_text.h"
#include "core/engine/testing/test_keys.h"
#include "core/engine/testing/test_reading.h"

namespace ipaas::engine::testing {
namespace {

using language::Reading;
using language::yaml::Entry;

/// The content of the file that `body-file` names.
std::optional<Json> read_body_file(Reading& reading, const Entry& entry, const ReadFile& read_file) {
  const auto path = language::read_text(reading, entry);
  if (!path) return std::nullopt;
  const auto refuse = [&](const Error& error) {
    reading.report.add(entry.value->position(), "unreadable_input", language::shown(*path) + ": " + error.message,
                       error.hint);
    return std::nullopt;
  };
  Result<std::string> text = read_file(*path);
  if (!text) return refuse(text.error());
  if (!path->ends_with(".json")) return Json(*std::move(text));
  Result<Json> value = parse_json(*text);
  if (!value) return refuse(value.error());
  return *std::move(value);
}

Json text_object(const std::vector<std::pair<std::string, std::string>>& texts) {
  Json object = Json::object();
  for (const auto& [name, text] : texts) object[name] = text;
  return object;
}

void read_body(Reading& reading, const language::yaml::Node& node, const ReadFile& read_file, Json& members) {
  const Entry* file = node.find("body-file");
  const Entry* body = node.find("body");
  if (file != nullptr) {
    if (auto content = read_body_file(reading, *file, read_file)) members["body"] = *std::move(content);
  }
  if (body == nullptr) return;
  Json value = placed_value(*body->value).json();
  // RFC 7396: what the case writes replaces what the sample has, and null takes it away.
  if (file != nullptr) {
    members["body"].merge_patch(value);
  } else {
    members["body"] = std::move(value);
  }
}

}  // namespace

std::optional<Instant> read_instant(Reading& reading, const Entry& entry) {
  const auto text = language::read_text(reading, entry);
  if (!text) return std::nullopt;
  const auto instant = parse_instant(*text);
  if (instant) return *instant;
  reading.report.add(entry.value->position(), "bad_value", "`" + entry.key + "` cannot be " + language::shown(*text),
                     "write a time such as 2026-11-22T08:00:00Z");
  return std::nullopt;
}

GivenEvent read_event(Reading& reading, const Entry& entry, const ReadFile& read_file) {
  GivenEvent event{entry.position};
  const auto* node = language::read_mapping(reading, *entry.value, event_keys(), entry.position);
  if (node == nullptr) return event;
  Json& members = event.members;
  read_body(reading, *node, read_file, members);
  if (const Entry* headers = node->find("headers"))
    members["headers"] = text_object(read_texts(reading, *headers, true));
  if (const Entry* query = node->find("query")) members["query"] = text_object(read_texts(reading, *query, false));
  for (const char* key : {"method", "path", "id", "cron", "timezone", "workflow", "execution", "status"}) {
    const Entry* text = node->find(key);
    if (text == nullptr) continue;
    if (auto value = language::read_text(reading, *text)) members[key] = *std::move(value);
  }
  if (const Entry* outputs = node->find("outputs")) members["outputs"] = placed_value(*outputs->value).json();
  for (const char* key : {"received_at", "scheduled_for"}) {
    const Entry* time = node->find(key);
    if (time == nullptr) continue;
    if (const auto instant = read_instant(reading, *time)) members[key] = format_instant(*instant);
  }
  return event;
}

}  // namespace ipaas::engine::testing
