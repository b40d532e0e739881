// The keys of a mapping, as data: what the parser accepts, and what a schema or a formatter can be made of.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace ipaas::language {

struct KeyTable;

/// What stands behind a key.
struct ValueShape {
  enum class Kind {
    kAnything,   ///< expressions in its texts are evaluated
    kLiteral,    ///< anything without expressions
    kText,       ///< without expressions
    kTemplate,   ///< text with or without expressions
    kCondition,  ///< an expression, its braces optional
    kExpression, ///< text with an expression in it
    kCollection, ///< a list or a mapping
    kBoolean,
    kInteger,    ///< from `least` to `most`
    kDuration,   ///< from `least` to `most`, in milliseconds
    kRate,       ///< 10/s
    kSize,       ///< 1MiB
    kOption,     ///< one of `options`
    kList,       ///< of `item`, at least one
    kMap,        ///< any key, to `item`
    kMapping,    ///< keys of `table`
    kEmpty,      ///< nothing, or `{}`
    kSteps,
  };
  Kind kind = Kind::kAnything;
  std::int64_t least = 0;
  std::int64_t most = 0;
  std::span<const std::string_view> options = {};
  const ValueShape* item = nullptr;
  const KeyTable& (*table)() = nullptr;
  const ValueShape* other = nullptr;  ///< what may stand there as well
  std::string_view pattern = {};      ///< of a text: a regular expression that all of it matches
};

struct KeyRule {
  enum class Status {
    kOptional,
    kRequired,
  };
  std::string_view name;
  std::string_view description;
  Status status = Status::kOptional;
  ValueShape shape = {};
  /// Of a step: the kinds that take it; of `verify`: the schemes. Separated by spaces; empty is all of them.
  std::string_view belongs_to = {};
  bool kind = false;  ///< of a step: the key says what the step does

  [[nodiscard]] constexpr bool belongs(std::string_view owner) const {
    std::string_view words = belongs_to;
    while (!words.empty()) {
      const std::size_t end = words.find(' ') == std::string_view::npos ? words.size() : words.find(' ');
      if (words.substr(0, end) == owner) return true;
      words.remove_prefix(end == words.size() ? end : end + 1);
    }
    return belongs_to.empty();
  }
};

/// A key that people know from GitHub Actions, and what to write here.
struct ForeignKey {
  std::string_view name;
  std::string_view instead;
};

struct KeyTable {
  std::string_view what;  ///< "a step"
  std::span<const KeyRule> rules;  ///< in the order in which a formatter writes them
  bool extensions = false;         ///< `x-…` keys may hold anything
  std::span<const ForeignKey> foreign = {};

  [[nodiscard]] const KeyRule* find(std::string_view key) const {
    for (const KeyRule& rule : rules) {
      if (rule.name == key) return &rule;
    }
    return nullptr;
  }
};

/// Milliseconds, for durations in a shape.
inline constexpr std::int64_t kSecond = 1000;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;
inline constexpr std::int64_t kYear = 365 * kDay;

[[nodiscard]] constexpr ValueShape shape(ValueShape::Kind kind) { return {.kind = kind}; }
[[nodiscard]] constexpr ValueShape integer_shape(std::int64_t least, std::int64_t most) {
  return {.kind = ValueShape::Kind::kInteger, .least = least, .most = most};
}
[[nodiscard]] constexpr ValueShape duration_shape(std::int64_t least, std::int64_t most) {
  return {.kind = ValueShape::Kind::kDuration, .least = least, .most = most};
}
[[nodiscard]] constexpr ValueShape option_shape(std::span<const std::string_view> options) {
  return {.kind = ValueShape::Kind::kOption, .options = options};
}
[[nodiscard]] constexpr ValueShape text_shape(std::string_view pattern) {
  return {.kind = ValueShape::Kind::kText, .pattern = pattern};
}
[[nodiscard]] constexpr ValueShape list_shape(const ValueShape& item) {
  return {.kind = ValueShape::Kind::kList, .item = &item};
}
[[nodiscard]] constexpr ValueShape map_shape(const ValueShape& item) {
  return {.kind = ValueShape::Kind::kMap, .item = &item};
}
[[nodiscard]] constexpr ValueShape mapping_shape(const KeyTable& (*table)()) {
  return {.kind = ValueShape::Kind::kMapping, .table = table};
}
[[nodiscard]] constexpr ValueShape either(ValueShape shape, const ValueShape& other) {
  shape.other = &other;
  return shape;
}

/// They live as long as the program.
[[nodiscard]] const KeyTable& workflow_keys();
[[nodiscard]] const KeyTable& on_keys();
[[nodiscard]] const KeyTable& webhook_keys();
[[nodiscard]] const KeyTable& verify_keys();
[[nodiscard]] const KeyTable& respond_keys();
[[nodiscard]] const KeyTable& schedule_keys();
[[nodiscard]] const KeyTable& manual_keys();
[[nodiscard]] const KeyTable& workflow_trigger_keys();
[[nodiscard]] const KeyTable& input_keys();
[[nodiscard]] const KeyTable& concurrency_keys();
[[nodiscard]] const KeyTable& retention_keys();
[[nodiscard]] const KeyTable& defaults_keys();
[[nodiscard]] const KeyTable& step_keys();
[[nodiscard]] const KeyTable& retry_keys();
[[nodiscard]] const KeyTable& log_keys();
[[nodiscard]] const KeyTable& fail_keys();
[[nodiscard]] const KeyTable& rate_limit_keys();
[[nodiscard]] const KeyTable& wait_for_keys();
[[nodiscard]] const KeyTable& callback_keys();
[[nodiscard]] const KeyTable& approval_keys();

}  // namespace ipaas::language
