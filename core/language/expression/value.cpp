#include "core/language/expression/value.h"

#include <cmath>
#include <cstdint>
#include <utility>

#include "core/language/expression/folding.h"
#include "core/language/expression/numbers.h"

namespace ipaas::language {
namespace {

using Kind = Value::Kind;

// Values of different kinds meet as numbers, unless one of them is an array or object (ECMA-262 5.1, 11.9.3, without
// the conversion of objects).
bool meet_as_numbers(Kind left, Kind right) {
  const auto composite = [](Kind kind) { return kind == Kind::kArray || kind == Kind::kObject; };
  return left != right && !composite(left) && !composite(right);
}

}  // namespace

Value Value::boolean(bool value) {
  Value made;
  made.kind_ = Kind::kBoolean;
  made.boolean_ = value;
  return made;
}

Value Value::number(double value) {
  Value made;
  made.kind_ = Kind::kNumber;
  made.number_ = value;
  return made;
}

Value Value::text(std::string_view value) {
  Value made;
  made.kind_ = Kind::kText;
  made.text_ = value;
  return made;
}

Value Value::filtered(const std::vector<Value>& items) {
  Value made;
  made.kind_ = Kind::kArray;
  made.items_ = &items;
  return made;
}

Value Value::of(const Json& json) {
  Value made;
  switch (json.type()) {
    case Json::value_t::boolean: made = boolean(*json.get_ptr<const Json::boolean_t*>()); break;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float: made = number(json.get<double>()); break;
    case Json::value_t::string: made = text(*json.get_ptr<const Json::string_t*>()); break;
    case Json::value_t::array: made.kind_ = Kind::kArray; break;
    case Json::value_t::object: made.kind_ = Kind::kObject; break;
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded: break;
  }
  made.json_ = &json;
  return made;
}

std::size_t Value::size() const {
  if (items_ != nullptr) return items_->size();
  return kind_ == Kind::kArray ? json_->size() : 0;
}

Value Value::item(std::size_t index) const {
  return items_ != nullptr ? (*items_)[index] : of((*json_)[index]);
}

const Json::object_t* Value::members() const {
  return kind_ == Kind::kObject ? json_->get_ptr<const Json::object_t*>() : nullptr;
}

bool Value::is_truthy() const {
  switch (kind_) {
    case Kind::kNull: return false;
    case Kind::kBoolean: return boolean_;
    case Kind::kNumber: return number_ != 0 && !std::isnan(number_);
    case Kind::kText: return !text_.empty();
    case Kind::kArray:
    case Kind::kObject: break;
  }
  return true;
}

double Value::to_number() const {
  switch (kind_) {
    case Kind::kNull: return 0;
    case Kind::kBoolean: return boolean_ ? 1 : 0;
    case Kind::kNumber: return number_;
    case Kind::kText: return parse_number(text_);
    case Kind::kArray:
    case Kind::kObject: break;
  }
  return std::nan("");
}

std::string Value::to_text() const {
  switch (kind_) {
    case Kind::kNull: return {};
    case Kind::kBoolean: return boolean_ ? "true" : "false";
    case Kind::kNumber:
      return json_ != nullptr && json_->is_number_integer() ? json_->dump() : number_text(number_);
    case Kind::kText: return std::string(text_);
    case Kind::kArray: return "Array";
    case Kind::kObject: break;
  }
  return "Object";
}

Json Value::to_json_scalar() const {
  if (json_ != nullptr) return *json_;
  switch (kind_) {
    case Kind::kBoolean: return boolean_;
    case Kind::kNumber: return json_number(number_);
    case Kind::kText: return std::string(text_);
    default: return nullptr;
  }
}

bool equals(const Value& left, const Value& right) {
  if (meet_as_numbers(left.kind_, right.kind_)) return left.to_number() == right.to_number();
  if (left.kind_ != right.kind_) return false;
  switch (left.kind_) {
    case Kind::kNull: return true;
    case Kind::kBoolean: return left.boolean_ == right.boolean_;
    case Kind::kNumber: return left.number_ == right.number_;
    case Kind::kText: return equal_folded(left.text_, right.text_);
    case Kind::kArray:
    case Kind::kObject: break;
  }
  return left.json_ == right.json_ && left.items_ == right.items_;
}

bool less(const Value& left, const Value& right) {
  if (meet_as_numbers(left.kind_, right.kind_)) return left.to_number() < right.to_number();
  if (left.kind_ != right.kind_) return false;
  switch (left.kind_) {
    case Kind::kBoolean: return !left.boolean_ && right.boolean_;
    case Kind::kNumber: return left.number_ < right.number_;
    case Kind::kText: return compare_folded(left.text_, right.text_) < 0;
    default: return false;
  }
}

Json json_number(double number) {
  if (number == std::floor(number) && std::abs(number) < 9007199254740992.0) return static_cast<std::int64_t>(number);
  return number;
}

const Json* find_member(const Json::object_t& object, std::string_view name) {
  const Json* similar = nullptr;
  for (const auto& [key, value] : object) {
    if (key == name) return &value;
    if (similar == nullptr && equal_folded(key, name)) similar = &value;
  }
  return similar;
}

}  // namespace ipaas::language
