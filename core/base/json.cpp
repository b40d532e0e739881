#include "core/base/json.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <unordered_map>
#include <vector>

namespace ipaas {
namespace {

/// Builds an ordered value without the library's search for an equal key at each insertion, which is quadratic
/// in the number of keys: members are gathered, and doubles are folded once, when the object ends.
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
  bool end_array() override { return close(Json(std::move(open_.back().items))); }
  bool end_object() override {
    const std::size_t start = open_.back().start;
    Json object = object_of(std::span(members_).subspan(start));
    members_.resize(start);
    return close(std::move(object));
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
    bool is_object = false;
    Json::array_t items;    ///< of an array
    std::size_t start = 0;  ///< of an object's members in members_
    std::string key;        ///< of the next member
  };
  struct Member {
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
    open_.push_back({is_object, {}, members_.size(), {}});
    return true;
  }

  template <typename Value>
  bool put(Value&& value) {
    if (open_.empty()) {
      root = std::forward<Value>(value);
    } else if (Level& level = open_.back(); level.is_object) {
      members_.push_back({std::move(level.key), Json(std::forward<Value>(value))});
    } else {
      level.items.emplace_back(std::forward<Value>(value));
    }
    return true;
  }

  bool close(Json value) {
    open_.pop_back();
    return put(std::move(value));
  }

  /// The members become an object that takes no more room than it needs.
  static Json object_of(std::span<Member> members) {
    const std::size_t size = members.size() > kFew ? fold_many(members) : fold_few(members);
    Json value = Json::object();
    JsonMembers& list = members_of(value);
    list.reserve(size);
    for (Member& member : members.first(size)) list.emplace_back(std::move(member.key), std::move(member.value));
    return value;
  }

  /// Folds members of the same key into the first one's place; the number of those that are left in front.
  static std::size_t fold_few(std::span<Member> members) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto earlier = members.first(kept);
      const auto same = std::find_if(earlier.begin(), earlier.end(),
                                     [&](const Member& member) { return member.key == members[i].key; });
      if (same != earlier.end()) {
        same->value = std::move(members[i].value);
      } else {
        keep(members, i, kept++);
      }
    }
    return kept;
  }

  static std::size_t fold_many(std::span<Member> members) {
    std::unordered_map<std::string, std::size_t> seen;
    seen.reserve(members.size());
    std::size_t kept = 0;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto [found, fresh] = seen.try_emplace(members[i].key, kept);
      if (fresh) {
        keep(members, i, kept++);
      } else {
        members[found->second].value = std::move(members[i].value);
      }
    }
    return kept;
  }

  static void keep(std::span<Member> members, std::size_t from, std::size_t to) {
    if (from != to) members[to] = std::move(members[from]);
  }

  /// Up to so many keys are compared with each other; more are hashed.
  static constexpr std::size_t kFew = 16;

  JsonLimits limits_;
  std::vector<Level> open_;
  std::vector<Member> members_;  ///< of all open objects, the innermost last
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
  // To the library's lexer a NUL is the end, and what follows it is nothing.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return fail(ErrorKind::kInvalid, "malformed JSON at byte " + std::to_string(nul + 1), {}, "malformed_json");
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
