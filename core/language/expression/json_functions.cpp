// toJSON, fromJSON.
#include "core/language/expression/function_table.h"
#include "core/language/expression/numbers.h"

namespace ipaas::language {
namespace {

/// Writes as JSON.stringify(value, null, 2) does: what GitHub shows, and stable for who compares texts. Every method
/// is false when the evaluation has failed.
class JsonWriter {
 public:
  explicit JsonWriter(Evaluation& evaluation) : evaluation_(evaluation) {}

  bool write(const Value& value, std::size_t depth) {
    if (!evaluation_.spend(1)) return false;
    switch (value.kind()) {
      case Value::Kind::kNull: return append("null");
      case Value::Kind::kBoolean: return append(value.boolean() ? "true" : "false");
      case Value::Kind::kNumber: return append(number(value));
      case Value::Kind::kText: return write_text(value.text());
      case Value::Kind::kArray: return write_array(value, depth);
      case Value::Kind::kObject: break;
    }
    return write_object(value, depth);
  }

  std::string take() { return std::move(text_); }

 private:
  bool append(std::string_view text) {
    if (!evaluation_.reserve(text.size()) || !evaluation_.spend_scan(text.size())) return false;
    text_ += text;
    return true;
  }

  bool new_line(std::size_t depth) { return append("\n") && append(std::string(depth * 2, ' ')); }

  // JSON has no NaN and no infinity; an integer from JSON keeps its digits.
  static std::string number(const Value& value) {
    const Json scalar = value.to_json_scalar();
    if (scalar.is_number_integer()) return scalar.dump();
    const double plain = value.to_number();
    return plain - plain == 0 ? exact_number_text(plain) : "null";
  }

  bool write_text(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
      switch (c) {
        case '"': quoted += "\\\""; break;
        case '\\': quoted += "\\\\"; break;
        case '\b': quoted += "\\b"; break;
        case '\f': quoted += "\\f"; break;
        case '\n': quoted += "\\n"; break;
        case '\r': quoted += "\\r"; break;
        case '\t': quoted += "\\t"; break;
        default: quote(quoted, c);
      }
      // A long text is handed over in pieces, so that the budget bounds what is made of it.
      if (quoted.size() >= kPiece && !flush(quoted)) return false;
    }
    quoted += '"';
    return flush(quoted);
  }

  static void quote(std::string& quoted, char c) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20) {
      quoted += c;
    } else {
      quoted += "\\u00";
      quoted += kHex[byte >> 4U];
      quoted += kHex[byte & 0xFU];
    }
  }

  bool flush(std::string& piece) {
    const bool written = append(piece);
    piece.clear();
    return written;
  }

  bool write_array(const Value& array, std::size_t depth) {
    if (array.size() == 0) return append("[]");
    for (std::size_t i = 0; i < array.size(); ++i) {
      if (!append(i == 0 ? "[" : ",") || !new_line(depth + 1) || !write(array.item(i), depth + 1)) return false;
    }
    return new_line(depth) && append("]");
  }

  bool write_object(const Value& object, std::size_t depth) {
    if (object.size() == 0) return append("{}");
    for (std::size_t i = 0; i < object.size(); ++i) {
      if (!append(i == 0 ? "{" : ",") || !new_line(depth + 1) || !write_text(object.key(i)) || !append(": ") ||
          !write(object.item(i), depth + 1)) {
        return false;
      }
    }
    return new_line(depth) && append("}");
  }

  static constexpr std::size_t kPiece = 4096;

  Evaluation& evaluation_;
  std::string text_;
};

// What the values of a JSON text take, a little too much rather than too little: `[[],[],…]` is small as text and
// large in memory.
std::size_t json_footprint(std::string_view text) {
  std::size_t values = 1;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') in_string = !in_string;
    if (in_string && c == '\\') ++i;
    if (!in_string && (c == ',' || c == '[' || c == '{')) ++values;
  }
  return text.size() + values * sizeof(Json::object_t::value_type);
}

}  // namespace

Outcome call_to_json(const Call& call) {
  Evaluation& evaluation = call.evaluation;
  JsonWriter writer(evaluation);
  if (!writer.write(call[0], 0)) return std::nullopt;
  return evaluation.keep(writer.take());
}

Outcome call_from_json(const Call& call) {
  Evaluation& evaluation = call.evaluation;
  const auto text = evaluation.text_of(call[0]);
  if (!text) return std::nullopt;
  if (!evaluation.spend_scan(text->size()) || !evaluation.reserve(json_footprint(*text))) return std::nullopt;
  Result<Json> parsed = parse_json(*text);
  if (!parsed) {
    return evaluation.fail_with("the text given to `fromJSON` is not JSON", "check what it holds with a `log` step");
  }
  return evaluation.keep(std::move(*parsed));
}

}  // namespace ipaas::language
