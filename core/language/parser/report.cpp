#include "core/language/parser/report.h"

#include <algorithm>
#include <tuple>

#include "core/base/terminal_text.h"
#include "core/language/suggest.h"

namespace ipaas::language {
namespace {

constexpr std::size_t kMostErrors = 100;
constexpr std::size_t kLongestQuote = 40;
constexpr std::size_t kLongestList = 12;

auto place(const Error& error) { return std::tuple(error.position.line, error.position.column); }

bool same(const Error& a, const Error& b) {
  return a.position == b.position && a.code == b.code && a.message == b.message;
}

/// At most so many characters; a character is never cut in two.
std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  while (end < text.size()) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
    if (begins && count-- == 0) break;
    ++end;
  }
  return text.substr(0, end);
}

}  // namespace

void Report::add(SourcePosition position, std::string_view code, std::string message, std::string hint) {
  Error error;
  error.kind = ErrorKind::kInvalid;
  error.message = std::move(message);
  error.hint = std::move(hint);
  error.code = code;
  error.position = position;
  errors_.push_back(std::move(error));
}

std::vector<Error> Report::take(std::string_view file) {
  std::stable_sort(errors_.begin(), errors_.end(), [](const Error& a, const Error& b) { return place(a) < place(b); });
  // What is wrong behind an anchor is found again at each alias.
  errors_.erase(std::unique(errors_.begin(), errors_.end(), same), errors_.end());
  if (errors_.size() > kMostErrors) {
    const std::size_t more = errors_.size() - kMostErrors;
    const SourcePosition position = errors_[kMostErrors].position;
    errors_.resize(kMostErrors);
    add(position, "too_many_errors", std::to_string(more) + " more errors from here on", "correct the first ones");
  }
  for (Error& error : errors_) error.file = file;
  return std::move(errors_);
}

std::string shown(std::string_view text) {
  const std::string_view begin = first_characters(text, kLongestQuote);
  return "`" + escape_control(begin) + (begin.size() < text.size() ? "…`" : "`");
}

std::string any_of(const std::vector<std::string_view>& names) {
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += i + 1 == names.size() ? " or " : ", ";
    list += "`" + std::string(names[i]) + "`";
  }
  return list;
}

std::string suggestion(std::string_view word, const std::vector<std::string_view>& names) {
  std::string hint = did_you_mean(word, names);
  if (!hint.empty() || names.empty()) return hint;
  if (names.size() <= kLongestList) return "write " + any_of(names);
  const std::vector<std::string_view> some(names.begin(), names.begin() + kLongestList);
  return "write " + any_of(some) + ", …";
}

}  // namespace ipaas::language
