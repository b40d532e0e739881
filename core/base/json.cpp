#include "core/base/json.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <unordered_map>
#include <vector>

namespace ipaas {
namespace {

/// Builds an ordered value without the library's search for an equal key at each insertion, which is quadratic
/// in the number of keys: children are gathered, and doubles are folded once, when the object ends.
class BoundedBuilder final : public nlohmann::json_sax<Json> {
 public:
  explicit BoundedBuilder(JsonLimits limits) : limits_(limits) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t& text) override {
    if (!std::isfinite(value)) return refuse("the number " + text + " is out of range");
    return put(value);
  }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t&) override { return refuse("binary values are not JSON"); }
  bool start_object(std::size_t) override { return open(true); }
  bool start_array(std::size_t) override { return open(false); }
  bool end_array() override { return close(); }
  bool end_object() override { return close(); }
  bool key(string_t& name) override {
    open_.back().key = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    return refuse(explain(position, error.what()));
  }

  Json root;
  std::string problem;

 private:
  struct Level {
    bool is_object = false;
    std::size_t start = 0;  ///< of its children in children_
    std::string key;        ///< of the next child
  };
  struct Child {
    std::string key;
    Json value;
  };

  static std::string explain(std::size_t position, std::string_view what) {
    // The library's text reads "[json.exception.parse_error.101] parse error at line 1, column 2: …; last read: '…'";
    // the tail can quote the input, which may hold a secret.
    std::string text = "malformed JSON at byte " + std::to_string(position);
    if (const auto at = what.find("line "); at != std::string_view::npos) {
      const auto end = what.find(':', at);
      text = "malformed JSON at " + std::string(what.substr(at, end == std::string_view::npos ? end : end - at));
    }
    return text;
  }

  bool refuse(std::string what) {
    if (problem.empty()) problem = std::move(what);
    return false;
  }

  bool open(bool is_object) {
    if (open_.size() >= limits_.depth) {
      return refuse("more than " + std::to_string(limits_.depth) + " levels of nesting");
    }
    open_.push_back({is_object, children_.size(), {}});
    return true;
  }

  template <typename Value>
  bool put(Value&& value) {
    if (open_.empty()) {
      root = std::forward<Value>(value);
    } else {
      children_.push_back({std::move(open_.back().key), Json(std::forward<Value>(value))});
    }
    return true;
  }

  /// The children of the innermost level become its value, which takes no more room than it needs.
  bool close() {
    const Level level = std::move(open_.back());
    open_.pop_back();
    const std::span<Child> children(children_.begin() + static_cast<std::ptrdiff_t>(level.start), children_.end());
    Json value = level.is_object ? object_of(children) : array_of(children);
    children_.resize(level.start);
    return put(std::move(value));
  }

  static Json array_of(std::span<Child> children) {
    Json value = Json::array();
    auto& items = value.get_ref<Json::array_t&>();
    items.reserve(children.size());
    for (Child& child : children) items.push_back(std::move(child.value));
    return value;
  }

  static Json object_of(std::span<Child> children) {
    const std::size_t size = children.size() > kFew ? fold_many(children) : fold_few(children);
    Json value = Json::object();
    JsonMembers& members = members_of(value);
    members.reserve(size);
    for (Child& child : children.first(size)) members.emplace_back(std::move(child.key), std::move(child.value));
    return value;
  }

  /// Folds children of the same key into the first one's place; the number of those that are left in front.
  static std::size_t fold_few(std::span<Child> children) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < children.size(); ++i) {
      const auto earlier = children.first(kept);
      const auto same = std::find_if(earlier.begin(), earlier.end(),
                                     [&](const Child& child) { return child.key == children[i].key; });
      if (same != earlier.end()) {
        same->value = std::move(children[i].value);
      } else {
        keep(children, i, kept++);
      }
    }
    return kept;
  }

  static std::size_t fold_many(std::span<Child> children) {
    std::unordered_map<std::string, std::size_t> seen;
    seen.reserve(children.size());
    std::size_t kept = 0;
    for (std::size_t i = 0; i < children.size(); ++i) {
      const auto [found, fresh] = seen.try_emplace(children[i].key, kept);
      if (fresh) {
        keep(children, i, kept++);
      } else {
        children[found->second].value = std::move(children[i].value);
      }
    }
    return kept;
  }

  static void keep(std::span<Child> children, std::size_t from, std::size_t to) {
    if (from != to) children[to] = std::move(children[from]);
  }

  /// Up to so many keys are compared with each other; more are hashed.
  static constexpr std::size_t kFew = 16;

  JsonLimits limits_;
  std::vector<Level> open_;
  std::vector<Child> children_;  ///< of all open levels, the innermost last
};

std::size_t depth_of(const Json& value) {
  if (!value.is_structured()) return 0;
  std::size_t deepest = 0;
  for (const auto& child : value) deepest = std::max(deepest, depth_of(child));
  return deepest + 1;
}

}  // namespace

Result<Json> parse_json(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.bytes) {
    return fail(ErrorKind::kTooLarge, "the JSON text is larger than " + std::to_string(limits.bytes) + " bytes");
  }
  BoundedBuilder builder(limits);
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) {
    return fail(ErrorKind::kInvalid, builder.problem.empty() ? "malformed JSON" : builder.problem, {}, "malformed_json");
  }
  return std::move(builder.root);
}

Result<JsonDocument> parse_document(std::string_view text, JsonLimits limits) {
  Result<Json> value = parse_json(text, limits);
  if (!value) return tl::unexpected(std::move(value.error()));
  // The parser passes over a byte order mark, which in the midst of another text would be an error.
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return JsonDocument(*std::move(value), std::string(text));
}

void append_json_text(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text, done, i - done);
    done = i + 1;
    out += '\\';
    if (byte >= 0x20) {
      out += text[i];
    } else {
      out.append("u00").append(1, kHex[byte >> 4U]).append(1, kHex[byte & 15U]);
    }
  }
  out.append(text, done).append(1, '"');
}

std::string dump_json(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::size_t json_depth(const Json& value) { return depth_of(value); }

}  // namespace ipaas
