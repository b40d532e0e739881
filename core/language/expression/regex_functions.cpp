// regexMatch, regexReplace, regexExtract.
#include <algorithm>

#include "core/language/expression/folding.h"
#include "core/language/expression/function_table.h"

namespace ipaas::language {
namespace {

// At worst RE2 looks at every instruction of the program for every byte.
bool spend_search(const Call& call, std::string_view text, const Pattern& pattern) {
  constexpr std::size_t kStepsPerOperation = 64;
  return call.evaluation.spend(1 + (text.size() + 16) * (pattern.size() + 8) / kStepsPerOperation);
}

// Of one search of many in a text. What it looks at beyond its match is not known: mostly nothing, at worst all that is
// left, one step a byte where the program is not large.
bool spend_next_search(const Call& call, std::size_t rest) {
  constexpr std::size_t kBytesPerOperation = 256;
  constexpr std::size_t kUsualProgram = 64;
  return call.evaluation.spend(1 + rest * (1 + call.pattern->size() / kUsualProgram) / kBytesPerOperation);
}

/// Writes `$1`, `$&` and `$$` of a replacement. False when the evaluation has failed.
class Replacer {
 public:
  Replacer(Evaluation& evaluation, const Pattern& pattern, std::string_view replacement)
      : evaluation_(evaluation), pattern_(pattern), replacement_(replacement) {}

  bool append(std::string_view text) {
    if (!evaluation_.spend_scan(text.size()) || !evaluation_.reserve(text.size())) return false;
    result_ += text;
    return true;
  }

  bool append_replacement(const std::vector<std::string_view>& found) {
    std::string_view rest = replacement_;
    for (std::size_t dollar = rest.find('$'); dollar != std::string_view::npos; dollar = rest.find('$')) {
      if (!append(rest.substr(0, dollar))) return false;
      rest.remove_prefix(dollar);
      if (!evaluation_.spend(2) || !append(take_reference(rest, found))) return false;
    }
    return append(rest);
  }

  std::string take() { return std::move(result_); }

 private:
  // A reference to a group that there is not is text like any other, as in ECMAScript.
  std::string_view take_reference(std::string_view& rest, const std::vector<std::string_view>& found) const {
    const char kind = rest.size() > 1 ? rest[1] : '\0';
    std::size_t length = 1;
    std::string_view text = rest.substr(0, 1);
    if (kind == '$') {
      length = 2;
    } else if (kind == '&') {
      length = 2;
      text = found[0];
    } else if (kind == '{') {
      // No further than names are long: looking through all that is left for each `${` would be quadratic.
      constexpr std::size_t kLongestName = 64;
      const std::string_view ahead = rest.substr(2, kLongestName + 1);
      const std::size_t end = ahead.find('}');
      const int group = end == std::string_view::npos ? -1 : pattern_.group(ahead.substr(0, end));
      if (group >= 0) {
        length = end + 3;
        text = found[static_cast<std::size_t>(group)];
      }
    } else if (kind >= '0' && kind <= '9' && static_cast<std::size_t>(kind - '0') < found.size()) {
      length = 2;
      text = found[static_cast<std::size_t>(kind - '0')];
    }
    rest.remove_prefix(length);
    return text;
  }

  Evaluation& evaluation_;
  const Pattern& pattern_;
  std::string_view replacement_;
  std::string result_;
};

}  // namespace

Outcome call_regex_match(const Call& call) {
  if (!spend_search(call, call[0].text(), *call.pattern)) return std::nullopt;
  std::vector<std::string_view> nothing;
  return Value::boolean(call.pattern->search(call[0].text(), 0, nothing));
}

Outcome call_regex_replace(const Call& call) {
  const std::string_view text = call[0].text();
  Replacer replacer(call.evaluation, *call.pattern, call[2].text());
  std::vector<std::string_view> found(call.pattern->groups() + 1);
  if (!spend_search(call, text, *call.pattern)) return std::nullopt;
  std::size_t copied = 0;
  std::size_t at = 0;
  while (at <= text.size()) {
    if (!spend_next_search(call, text.size() - at)) return std::nullopt;
    if (!call.pattern->search(text, at, found)) break;
    const auto begin = static_cast<std::size_t>(found[0].data() - text.data());
    const std::size_t end = begin + found[0].size();
    if (!replacer.append(text.substr(copied, begin - copied)) || !replacer.append_replacement(found)) return std::nullopt;
    copied = end;
    // After an empty match the next begins one character on.
    at = found[0].empty() ? end + std::max<std::size_t>(code_point_offset(text.substr(end), 1), 1) : end;
  }
  if (!replacer.append(text.substr(std::min(copied, text.size())))) return std::nullopt;
  return call.evaluation.keep(replacer.take());
}

Outcome call_regex_extract(const Call& call) {
  const Pattern& pattern = *call.pattern;
  int group = pattern.groups() > 0 ? 1 : 0;
  if (call.has(2)) {
    const auto name = call.evaluation.text_of(call[2]);
    if (!name) return std::nullopt;
    group = pattern.group(*name);
    if (group < 0) {
      return call.evaluation.fail_with("the pattern of `regexExtract` has no such group",
                                       "it has " + std::to_string(pattern.groups()) + "; 0 is all that matched");
    }
  }
  if (!spend_search(call, call[0].text(), pattern)) return std::nullopt;
  std::vector<std::string_view> found(static_cast<std::size_t>(group) + 1);
  if (!pattern.search(call[0].text(), 0, found) || found.back().data() == nullptr) return Value();
  return Value::text(found.back());
}

}  // namespace ipaas::language
