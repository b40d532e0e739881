#include "core/language/parser/reading.h"

#include <algorithm>

#include "core/base/time_text.h"
#include "core/language/suggest.h"
#include "core/language/workflow_name.h"
#include "core/language/yaml/scalar.h"

namespace ipaas::language {
namespace {

constexpr std::size_t kLongestCredentialName = 63;
constexpr std::size_t kMostWrongKeys = 200;  // of one mapping; looking for what each was meant to be takes time

std::string name_of(const yaml::Entry& entry) { return shown(entry.key); }

void report_unknown_key(Reading& reading, const yaml::Entry& entry, const KeyTable& table) {
  const auto foreign = std::find_if(table.foreign.begin(), table.foreign.end(),
                                    [&](const ForeignKey& key) { return key.name == entry.key; });
  std::vector<std::string_view> names;
  for (const KeyRule& known : table.rules) names.push_back(known.name);
  std::string hint = foreign != table.foreign.end() ? std::string(foreign->instead) : suggestion(entry.key, names);
  if (hint.empty()) hint = "it takes no keys";
  reading.report.add(entry.position, "unknown_key", std::string(table.what) + " has no key " + name_of(entry),
                     std::move(hint));
}

void check_key(Reading& reading, const yaml::Entry& entry, const KeyTable& table) {
  if (entry.key.empty() || (table.extensions && entry.key.starts_with("x-"))) return;
  if (table.find(entry.key) == nullptr) report_unknown_key(reading, entry, table);
}

std::string duration_range(Duration least, Duration most) {
  return "write a duration from " + format_duration(least) + " to " + format_duration(most) + ", such as 30s or 5m";
}

}  // namespace

SourcePosition position_of(const yaml::Entry& entry) {
  return entry.value->is_null() ? entry.position : entry.value->position();
}

bool holds_expression(std::string_view text) { return text.find("${{") != std::string_view::npos; }

void report_type(Reading& reading, std::string_view name, const yaml::Node& node, SourcePosition fallback,
                 std::string_view expected, std::string hint) {
  if (node.is_null() && hint.empty()) hint = "write a value, and quote one that begins with `#`";
  reading.report.add(node.is_null() ? fallback : node.position(), "wrong_type",
                     std::string(name) + " must be " + std::string(expected) + ", but is " +
                         std::string(yaml::describe(node)),
                     std::move(hint));
}

const yaml::Node* read_mapping(Reading& reading, const yaml::Node& node, const KeyTable& table, SourcePosition owner) {
  const auto* entries = node.entries();
  if (entries == nullptr) {
    report_type(reading, table.what, node, owner, "a mapping", node.is_null() ? "write its keys below it" : "");
    return nullptr;
  }
  const std::size_t enough = reading.report.size() + kMostWrongKeys;
  for (const yaml::Entry& entry : *entries) {
    if (reading.report.size() > enough) break;
    check_key(reading, entry, table);
  }
  for (const KeyRule& rule : table.rules) {
    if (rule.status != KeyRule::Status::kRequired || node.find(rule.name) != nullptr) continue;
    reading.report.add(owner, "missing_key",
                       std::string(table.what) + " needs the key `" + std::string(rule.name) + "`",
                       std::string(rule.description));
  }
  return &node;
}

const yaml::Node::Items* read_list(Reading& reading, const yaml::Node& node, std::string_view what) {
  const auto* items = node.items();
  if (items == nullptr) {
    report_type(reading, what, node, node.position(), "a list", "write each item on a line that begins with `- `");
    return nullptr;
  }
  if (items->empty()) {
    reading.report.add(node.position(), "missing_value", std::string(what) + " is an empty list", "write at least one item");
    return nullptr;
  }
  return items;
}

std::optional<std::string> read_text(Reading& reading, const yaml::Entry& entry) {
  const auto* scalar = entry.value->scalar();
  if (scalar != nullptr && yaml::resolve(*scalar).is_string()) return scalar->text;
  report_type(reading, name_of(entry), *entry.value, entry.position, "text", scalar != nullptr ? "quote it" : "");
  return std::nullopt;
}

std::optional<bool> read_boolean(Reading& reading, const yaml::Entry& entry) {
  const auto* scalar = entry.value->scalar();
  const Json value = scalar == nullptr ? Json() : yaml::resolve(*scalar);
  if (value.is_boolean()) return value.get<bool>();
  report_type(reading, name_of(entry), *entry.value, entry.position, "a boolean", "write `true` or `false`");
  return std::nullopt;
}

std::optional<std::int64_t> read_integer(Reading& reading, const yaml::Entry& entry, std::int64_t least,
                                         std::int64_t most) {
  const auto* scalar = entry.value->scalar();
  const Json value = scalar == nullptr ? Json() : yaml::resolve(*scalar);
  const std::string range = "write a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  if (!value.is_number()) {
    report_type(reading, name_of(entry), *entry.value, entry.position, "a number", range);
    return std::nullopt;
  }
  const bool fits = value.is_number_integer() && !value.is_number_unsigned() && value.get<std::int64_t>() >= least &&
                    value.get<std::int64_t>() <= most;
  if (fits) return value.get<std::int64_t>();
  reading.report.add(entry.value->position(), "out_of_range", name_of(entry) + " cannot be " + shown(scalar->text), range);
  return std::nullopt;
}

std::optional<Duration> read_duration(Reading& reading, const yaml::Entry& entry, Duration least, Duration most) {
  const auto* scalar = entry.value->scalar();
  if (scalar == nullptr) {
    report_type(reading, name_of(entry), *entry.value, entry.position, "a duration", duration_range(least, most));
    return std::nullopt;
  }
  const auto duration = parse_duration(scalar->text);
  if (duration && *duration >= least && *duration <= most) return *duration;
  reading.report.add(entry.value->position(), duration ? "out_of_range" : "bad_duration",
                     name_of(entry) + " cannot be " + shown(scalar->text), duration_range(least, most));
  return std::nullopt;
}

std::optional<std::size_t> read_option(Reading& reading, const yaml::Entry& entry,
                                       const std::vector<std::string_view>& options) {
  const auto text = read_text(reading, entry);
  if (!text) return std::nullopt;
  const auto found = std::find(options.begin(), options.end(), *text);
  if (found != options.end()) return static_cast<std::size_t>(found - options.begin());
  reading.report.add(entry.value->position(), "bad_value", name_of(entry) + " cannot be " + shown(*text),
                     suggestion(*text, options));
  return std::nullopt;
}

std::optional<std::int64_t> read_integer(Reading& reading, const yaml::Entry& entry, const KeyTable& table) {
  const ValueShape& shape = table.find(entry.key)->shape;
  return read_integer(reading, entry, shape.least, shape.most);
}

std::optional<Duration> read_duration(Reading& reading, const yaml::Entry& entry, const KeyTable& table) {
  const ValueShape& shape = table.find(entry.key)->shape;
  return read_duration(reading, entry, Duration(shape.least), Duration(shape.most));
}

std::optional<std::size_t> read_option(Reading& reading, const yaml::Entry& entry, const KeyTable& table) {
  const auto options = table.find(entry.key)->shape.options;
  return read_option(reading, entry, std::vector<std::string_view>(options.begin(), options.end()));
}

std::optional<std::string> read_workflow_name(Reading& reading, const yaml::Entry& entry) {
  auto name = read_text(reading, entry);
  if (!name || is_workflow_name(*name)) return name;
  reading.report.add(entry.value->position(), "bad_name", shown(*name) + " cannot be the name of a workflow",
                     "use a-z, 0-9 and -, up to 63, and do not begin with -");
  return std::nullopt;
}

std::optional<std::string> read_credential_name(Reading& reading, const yaml::Entry& entry) {
  auto name = read_text(reading, entry);
  if (!name) return std::nullopt;
  if (holds_expression(*name)) {
    reading.report.add(entry.value->position(), "bad_name", "a credential cannot be computed",
                       "write the name of one credential, without `${{ }}`");
    return std::nullopt;
  }
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  const bool fits = !name->empty() && name->size() <= kLongestCredentialName &&
                    name->find_first_not_of(kAllowed) == std::string::npos;
  if (fits) return name;
  // Somebody may have written the secret itself here: it is not shown.
  reading.report.add(entry.value->position(), "bad_name", "this is not the name of a credential",
                     "use letters, digits and . _ -, up to 63; the secret itself goes into `ipaas credential create`");
  return std::nullopt;
}

}  // namespace ipaas::language
