// What makes two values the same one.
#include <algorithm>

#include "core/language/expression/functions.h"
#include "core/language/expression/numbers.h"

namespace ipaas::language {
namespace {

/// Writes a text that only the same value has: every text has its length before it, and members are in order of their
/// names. False once the evaluation has failed.
class IdentityWriter {
 public:
  explicit IdentityWriter(Evaluation& evaluation) : evaluation_(evaluation) {}

  bool write(const Value& value) {
    switch (value.kind()) {
      case Value::Kind::kNull: return append("n");
      case Value::Kind::kBoolean: return append(value.boolean() ? "t" : "f");
      case Value::Kind::kNumber: return append("#") && append(number(value)) && append(";");
      case Value::Kind::kText: return write_text(value.text());
      case Value::Kind::kArray: return write_array(value);
      case Value::Kind::kObject: break;
    }
    return write_object(value);
  }

  std::string take() { return std::move(text_); }

 private:
  bool append(std::string_view text) {
    if (!evaluation_.spend(1) || !evaluation_.spend_scan(text.size()) || !evaluation_.reserve(text.size())) return false;
    text_ += text;
    return true;
  }

  static std::string number(const Value& value) {
    const Json scalar = value.to_json_scalar();
    return scalar.is_number_integer() ? scalar.dump() : exact_number_text(value.to_number());
  }

  bool write_text(std::string_view text) { return append(std::to_string(text.size()) + ":") && append(text); }

  bool write_array(const Value& array) {
    if (!append("[")) return false;
    for (std::size_t i = 0; i < array.size(); ++i) {
      if (!write(array.item(i))) return false;
    }
    return append("]");
  }

  bool write_object(const Value& object) {
    std::vector<std::size_t> order(object.size());
    if (!evaluation_.spend(8 * order.size()) || !evaluation_.has_room(order.size() * sizeof(std::size_t))) return false;
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return object.key(a) < object.key(b); });
    if (!append("{")) return false;
    for (const std::size_t i : order) {
      if (!write_text(object.key(i)) || !write(object.item(i))) return false;
    }
    return append("}");
  }

  Evaluation& evaluation_;
  std::string text_;
};

}  // namespace

std::optional<std::string> identity_text(Evaluation& evaluation, const Value& value) {
  IdentityWriter writer(evaluation);
  if (!writer.write(value)) return std::nullopt;
  return writer.take();
}

}  // namespace ipaas::language
