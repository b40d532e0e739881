// What an expression computes with: views, not copies.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"

namespace ipaas::language {

/// A value during one evaluation: small, copied freely. Texts, arrays and objects are views into the contexts, the
/// program or the evaluation's own store, all of which outlive it.
class Value {
 public:
  enum class Kind { kNull, kBoolean, kNumber, kText, kArray, kObject };

  Value() = default;
  static Value boolean(bool value);
  static Value number(double value);
  static Value text(std::string_view value);
  static Value of(const Json& json);
  /// The result of a filter. Indexing such an array indexes each of its items.
  static Value filtered(const std::vector<Value>& items);

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is_primitive() const { return kind_ != Kind::kArray && kind_ != Kind::kObject; }
  [[nodiscard]] bool is_filtered() const { return items_ != nullptr; }
  [[nodiscard]] bool boolean() const { return boolean_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  /// What it is a view of, where it came from JSON; else nullptr.
  [[nodiscard]] const Json* json() const { return json_; }

  /// Of an array; 0 for anything else.
  [[nodiscard]] std::size_t size() const;
  /// Of an array; the index must be below size().
  [[nodiscard]] Value item(std::size_t index) const;
  /// The members of an object; null for anything else.
  [[nodiscard]] const Json::object_t* members() const;

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
  Kind kind_ = Kind::kNull;
  bool boolean_ = false;
  double number_ = 0;
  std::string_view text_;
  const Json* json_ = nullptr;                  ///< where it came from JSON
  const std::vector<Value>* items_ = nullptr;   ///< of a filtered array
};

/// A number as JSON: an integer where it is whole and below 2^53, so that 5 is written `5` and not `5.0`.
[[nodiscard]] Json json_number(double number);

/// The member with this name; where none has exactly this name, the first that differs only in letter case. nullptr
/// when there is none.
[[nodiscard]] const Json* find_member(const Json::object_t& object, std::string_view name);

}  // namespace ipaas::language
