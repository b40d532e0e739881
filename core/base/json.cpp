#include "core/base/json.h"

#include <cmath>
#include <unordered_map>
#include <vector>

namespace ipaas {
namespace {

/// Builds an ordered value without the library's search for an equal key at each insertion, which is quadratic
/// in the number of keys: members are appended, and doubles are folded once, when the object ends.
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
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }
  bool end_object() override {
    fold_doubles(open_.back().value);
    return close();
  }
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
    Json value;
    std::string key;
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

  bool open(Json container) {
    if (open_.size() >= limits_.depth) {
      return refuse("more than " + std::to_string(limits_.depth) + " levels of nesting");
    }
    open_.push_back({std::move(container), {}});
    return true;
  }

  bool close() {
    Json value = std::move(open_.back().value);
    open_.pop_back();
    return put(std::move(value));
  }

  template <typename Value>
  bool put(Value&& value) {
    if (open_.empty()) {
      root = std::forward<Value>(value);
    } else if (Level& level = open_.back(); level.value.is_array()) {
      level.value.get_ref<Json::array_t&>().emplace_back(std::forward<Value>(value));
    } else {
      members_of(level.value).emplace_back(std::move(level.key), Json(std::forward<Value>(value)));
    }
    return true;
  }

  /// The ordered map is a vector of its members; as one it can be appended to without a search.
  using Members = std::vector<std::pair<const std::string, Json>>;
  static Members& members_of(Json& object) { return object.get_ref<Json::object_t&>(); }

  static void fold_doubles(Json& object) {
    Members& members = members_of(object);
    if (members.size() < 2) return;
    std::unordered_map<std::string_view, std::size_t> seen;
    seen.reserve(members.size());
    std::vector<std::size_t> kept;
    kept.reserve(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto [found, fresh] = seen.try_emplace(members[i].first, i);
      if (fresh) {
        kept.push_back(i);
      } else {
        members[found->second].second = std::move(members[i].second);
      }
    }
    if (kept.size() == members.size()) return;
    Members folded;
    folded.reserve(kept.size());
    for (const std::size_t i : kept) folded.emplace_back(members[i].first, std::move(members[i].second));
    members.swap(folded);
  }

  JsonLimits limits_;
  std::vector<Level> open_;
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

std::string dump_json(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::size_t json_depth(const Json& value) { return depth_of(value); }

}  // namespace ipaas
