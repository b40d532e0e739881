// contains, startsWith, endsWith, format, join.
#include <algorithm>
#include <cstring>

#include "core/language/expression/folding.h"
#include "core/language/expression/function_table.h"

namespace ipaas::language {
namespace {

/// Both texts of a search, folded.
struct FoldedPair {
  std::string text;
  std::string sought;
};

enum class Search { kPrefix, kSuffix, kAnywhere };

bool holds(Search search, const FoldedPair& pair) {
  const std::string_view text = pair.text;
  switch (search) {
    case Search::kPrefix: return text.starts_with(pair.sought);
    case Search::kSuffix: return text.ends_with(pair.sought);
    case Search::kAnywhere: break;
  }
  // memmem is linear whatever the texts are; string::find is not.
  return memmem(text.data(), text.size(), pair.sought.data(), pair.sought.size()) != nullptr;
}

Outcome search_text(Evaluation& evaluation, Search search, const Value& text, const Value& sought) {
  if (!text.is_primitive() || !sought.is_primitive()) return Value::boolean(false);
  const auto text_view = evaluation.text_of(text);
  if (!text_view) return std::nullopt;
  const auto sought_view = evaluation.text_of(sought);
  if (!sought_view) return std::nullopt;
  const std::size_t size = text_view->size() + sought_view->size();
  if (!evaluation.spend_scan(folding_cost(*text_view) + folding_cost(*sought_view))) return std::nullopt;
  if (!evaluation.has_room(size)) return std::nullopt;
  return Value::boolean(holds(search, {fold(*text_view), fold(*sought_view)}));
}

/// Writes format's result piece by piece. Every method is false when the evaluation has failed.
class Formatter {
 public:
  Formatter(Evaluation& evaluation, std::span<const Value> arguments)
      : evaluation_(evaluation), arguments_(arguments) {}

  bool run(std::string_view pattern) {
    if (!evaluation_.spend_scan(pattern.size())) return false;
    pattern_ = pattern;
    while (at_ < pattern_.size()) {
      const std::size_t brace = std::min(pattern_.find_first_of("{}", at_), pattern_.size());
      if (!append(pattern_.substr(at_, brace - at_))) return false;
      at_ = brace;
      if (at_ < pattern_.size() && !read_brace()) return false;
    }
    return true;
  }

  std::string take() { return std::move(result_); }

 private:
  bool append(std::string_view text) {
    if (!evaluation_.reserve(text.size()) || !evaluation_.spend_scan(text.size())) return false;
    result_ += text;
    return true;
  }

  bool read_brace() {
    if (!evaluation_.spend(1)) return false;
    const char brace = pattern_[at_];
    if (at_ + 1 < pattern_.size() && pattern_[at_ + 1] == brace) {
      at_ += 2;
      return append(std::string_view(&brace, 1));
    }
    return brace == '{' ? read_placeholder() : invalid();
  }

  // `{0}`; what stands between the digits and the brace is a format specifier, which GitHub reads and ignores.
  bool read_placeholder() {
    const std::size_t end = pattern_.find('}', at_);
    std::size_t digits = at_ + 1;
    std::size_t index = 0;
    constexpr std::size_t kMostDigits = 3;  // a call has fewer arguments than that
    for (; digits < pattern_.size() && pattern_[digits] >= '0' && pattern_[digits] <= '9'; ++digits) {
      if (digits > at_ + kMostDigits) return invalid();
      index = index * 10 + static_cast<std::size_t>(pattern_[digits] - '0');
    }
    if (end == std::string_view::npos || digits == at_ + 1) return invalid();
    if (index >= arguments_.size()) {
      evaluation_.fail_with("`format` refers to argument {" + std::to_string(index) + "}, but has " +
                            std::to_string(arguments_.size()) + " after the text");
      return false;
    }
    at_ = end + 1;
    const Value& argument = arguments_[index];
    if (argument.kind() == Value::Kind::kText) return append(argument.text());
    return evaluation_.spend(Evaluation::kNumberText) && append(argument.to_text());
  }

  bool invalid() {
    evaluation_.fail_with("the format text is invalid at its byte " + std::to_string(at_ + 1),
                          "write `{0}` for an argument, `{{` and `}}` for braces");
    return false;
  }

  Evaluation& evaluation_;
  std::span<const Value> arguments_;
  std::string_view pattern_;
  std::size_t at_ = 0;
  std::string result_;
};

}  // namespace

Outcome call_contains(const Call& call) {
  Evaluation& evaluation = call.evaluation;
  const Value& searched = call[0];
  const Value& sought = call[1];
  if (searched.kind() != Value::Kind::kArray) return search_text(evaluation, Search::kAnywhere, searched, sought);
  for (std::size_t i = 0; i < searched.size(); ++i) {
    const Value item = searched.item(i);
    const std::size_t scanned = item.kind() == sought.kind() ? comparison_cost(item.text(), sought.text())
                                                             : item.text().size() + sought.text().size();
    if (!evaluation.spend(1) || !evaluation.spend_scan(scanned)) return std::nullopt;
    if (equals(sought, item)) return Value::boolean(true);
  }
  return Value::boolean(false);
}

Outcome call_starts_with(const Call& call) {
  Evaluation& evaluation = call.evaluation;
  return search_text(evaluation, Search::kPrefix, call[0], call[1]);
}

Outcome call_ends_with(const Call& call) {
  Evaluation& evaluation = call.evaluation;
  return search_text(evaluation, Search::kSuffix, call[0], call[1]);
}

Outcome call_format(const Call& call) {
  Evaluation& evaluation = call.evaluation;
  const auto pattern = evaluation.text_of(call[0]);
  if (!pattern) return std::nullopt;
  Formatter formatter(evaluation, call.arguments.subspan(1));
  if (!formatter.run(*pattern)) return std::nullopt;
  return evaluation.keep(formatter.take());
}

Outcome call_join(const Call& call) {
  Evaluation& evaluation = call.evaluation;
  const Value& list = call[0];
  if (list.kind() == Value::Kind::kObject) return Value::text("");
  if (list.is_primitive()) {
    const auto text = evaluation.text_of(list);
    if (!text) return std::nullopt;
    return Value::text(*text);
  }
  std::string_view separator = ",";
  if (call.size() > 1 && call[1].is_primitive()) {
    const auto given = evaluation.text_of(call[1]);
    if (!given) return std::nullopt;
    separator = *given;
  }
  std::string joined;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Value item = list.item(i);
    const bool is_text = item.kind() == Value::Kind::kText;
    if (!is_text && !evaluation.spend(Evaluation::kNumberText)) return std::nullopt;
    const std::string converted = is_text ? std::string() : item.to_text();
    const std::string_view text = is_text ? item.text() : converted;
    const std::string_view before = i == 0 ? std::string_view() : separator;
    const std::size_t size = before.size() + text.size();
    if (!evaluation.spend(1) || !evaluation.spend_scan(size) || !evaluation.reserve(size)) return std::nullopt;
    joined.append(before).append(text);
  }
  return evaluation.keep(std::move(joined));
}

}  // namespace ipaas::language
