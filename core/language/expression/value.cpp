#include "core/language/expression/value.h"

#include <algorithm>
#include <cmath>

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

template <typename Members>
std::optional<std::size_t> find_name(const Members& members, std::string_view name) {
  std::optional<std::size_t> similar;
  std::size_t at = 0;
  for (const auto& [key, value] : members) {
    if (key == name) return at;
    if (!similar && equal_folded(key, name)) similar = at;
    ++at;
  }
  return similar;
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

Value Value::list(const List& items) {
  Value made;
  made.kind_ = Kind::kArray;
  made.items_ = &items;
  std::size_t levels = 0;
  for (const Value& item : items) levels = std::max(levels, item.made_levels());
  made.made_levels_ = static_cast<std::uint8_t>(levels + 1);
  return made;
}

Value Value::object(const Members& members) {
  Value made;
  made.kind_ = Kind::kObject;
  made.members_ = &members;
  std::size_t levels = 0;
  for (const auto& [name, value] : members) levels = std::max(levels, value.made_levels());
  made.made_levels_ = static_cast<std::uint8_t>(levels + 1);
  return made;
}

Value Value::filtered(const List& items) {
  Value made = list(items);
  made.filtered_ = true;
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
  if (members_ != nullptr) return members_->size();
  return is_primitive() ? 0 : json_->size();
}

Value Value::item(std::size_t index) const {
  if (items_ != nullptr) return (*items_)[index];
  if (members_ != nullptr) return (*members_)[index].second;
  return kind_ == Kind::kArray ? of((*json_)[index]) : of(json_members()[index].second);
}

std::string_view Value::key(std::size_t index) const {
  return members_ != nullptr ? (*members_)[index].first : std::string_view(json_members()[index].first);
}

std::optional<std::size_t> Value::find(std::string_view name) const {
  if (kind_ != Kind::kObject) return std::nullopt;
  return members_ != nullptr ? find_name(*members_, name) : find_name(json_members(), name);
}

// As a vector, since the map itself takes no position.
const std::vector<Json::object_t::value_type>& Value::json_members() const {
  return *json_->get_ptr<const Json::object_t*>();
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
  return left.json_ == right.json_ && left.items_ == right.items_ && left.members_ == right.members_;
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
  const auto found = find_name(object, name);
  return found ? &(object.begin() + static_cast<std::ptrdiff_t>(*found))->second : nullptr;
}

}  // namespace ipaas::language
