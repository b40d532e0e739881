// What an expression computes with: views, not copies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/json.h"

namespace ipaas::language {

/// A value during one evaluation: small, copied freely. Texts, arrays and objects are views into the contexts, the
/// program or the evaluation's own store, all of which outlive it.
class Value {
 public:
  enum class Kind : std::uint8_t { kNull, kBoolean, kNumber, kText, kArray, kObject };

  using List = std::vector<Value>;
  /// Of an object that an expression has made; no name comes twice.
  using Members = std::vector<std::pair<std::string_view, Value>>;

  Value() = default;
  static Value boolean(bool value);
  static Value number(double value);
  static Value text(std::string_view value);
  static Value of(const Json& json);
  static Value list(const List& items);
  static Value object(const Members& members);
  /// The result of a filter. Indexing such an array indexes each of its items.
  static Value filtered(const List& items);

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is_primitive() const { return kind_ != Kind::kArray && kind_ != Kind::kObject; }
  [[nodiscard]] bool is_filtered() const { return filtered_; }
  [[nodiscard]] bool boolean() const { return boolean_; }
  [[nodiscard]] double number() const { return number_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  /// What it is a view of, where it came from JSON; else nullptr.
  [[nodiscard]] const Json* json() const { return json_; }
  /// Levels of arrays and objects that expressions have put around what came from JSON.
  [[nodiscard]] std::size_t made_levels() const { return made_levels_; }

  /// Items of an array or members of an object; 0 for anything else.
  [[nodiscard]] std::size_t size() const;
  /// An item of an array or the value of a member; the index must be below size().
  [[nodiscard]] Value item(std::size_t index) const;
  /// The name of a member of an object; the index must be below size().
  [[nodiscard]] std::string_view key(std::size_t index) const;
  /// The member with this name; where none has exactly this name, the first that differs only in letter case.
  /// Nothing when there is none, or this is no object.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;

  /// The coercions of the language.
  [[nodiscard]] bool is_truthy() const;
  [[nodiscard]] double to_number() const;  ///< NaN for arrays and objects
  [[nodiscard]] std::string to_text() const;

  /// A number as it came, every digit of it, where it came from JSON.
  [[nodiscard]] Json to_json_scalar() const;

  /// `==`: numbers by value, texts without case, arrays and objects only with themselves.
  friend bool equals(const Value& left, const Value& right);
  /// `<`; false where the two cannot be ordered.
  friend bool less(const Value& left, const Value& right);

 private:
  [[nodiscard]] const std::vector<Json::object_t::value_type>& json_members() const;

  Kind kind_ = Kind::kNull;
  bool boolean_ = false;
  bool filtered_ = false;
  std::uint8_t made_levels_ = 0;
  double number_ = 0;
  std::string_view text_;
  const Json* json_ = nullptr;        ///< where it came from JSON
  const List* items_ = nullptr;       ///< of an array that the expression made
  const Members* members_ = nullptr;  ///< of an object that the expression made
};

/// What arrays and objects of an expression may nest, beside what JSON itself nests: whoever walks a value recurses.
inline constexpr std::size_t kMostMadeLevels = 100;

/// A number as JSON: an integer where it is whole and below 2^53, so that 5 is written `5` and not `5.0`.
[[nodiscard]] Json json_number(double number);

/// As Value::find.
[[nodiscard]] const Json* find_member(const Json::object_t& object, std::string_view name);

}  // namespace ipaas::language
