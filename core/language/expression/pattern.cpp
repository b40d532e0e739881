#include "core/language/expression/pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>

namespace ipaas::language {
namespace {

constexpr int kMemory = 1024 * 1024;
constexpr std::size_t kLargestProgram = 5'000;
constexpr std::size_t kMostGroups = 50;
constexpr std::size_t kLongestText = 1'000;
constexpr std::size_t kMostClasses = 20;

tl::unexpected<Error> refuse(std::string why) {
  return fail(ErrorKind::kInvalid, std::move(why),
              "patterns are written as RE2 has them (github.com/google/re2/wiki/Syntax), without look-around and "
              "back-references",
              "bad_pattern");
}

}  // namespace

std::string_view Pattern::oversize(std::string_view text) {
  if (text.size() > kLongestText) return "the pattern is longer than 1000 bytes";
  if (classes(text) > kMostClasses) return "the pattern has more than 20 classes such as `\\pL` and `[[:alpha:]]`";
  return {};
}

// What follows an escaped backslash is counted, too: no class may be missed, and few patterns have so many.
std::size_t Pattern::classes(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if ((text[i - 1] == '\\' && (c == 'p' || c == 'P')) || (text[i - 1] == '[' && c == ':')) ++count;
  }
  return count;
}

Result<Pattern> Pattern::compile(std::string_view text) {
  // RE2 bounds its program, and not what its parser takes.
  if (const auto why = oversize(text); !why.empty()) return refuse(std::string(why));
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemory);
  auto compiled = std::make_shared<const re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
  if (!compiled->ok()) return refuse("the pattern is not a regular expression: " + compiled->error());
  Pattern pattern(std::move(compiled));
  if (pattern.size() > kLargestProgram) return refuse("the pattern is too large once its repetitions are written out");
  if (pattern.groups() > kMostGroups) return refuse("the pattern has more than 50 groups");
  return pattern;
}

std::size_t Pattern::size() const { return static_cast<std::size_t>(std::max(compiled_->ProgramSize(), 0)); }

std::size_t Pattern::groups() const { return static_cast<std::size_t>(compiled_->NumberOfCapturingGroups()); }

int Pattern::group(std::string_view name) const {
  // Texts come here that are no name: whoever asks again and again must not read and copy all of them.
  constexpr std::size_t kLongestName = 64;
  if (name.size() > kLongestName) return -1;
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error == std::errc() && end == name.data() + name.size()) {
    return number >= 0 && static_cast<std::size_t>(number) <= groups() ? number : -1;
  }
  const auto& names = compiled_->NamedCapturingGroups();
  const auto found = names.find(std::string(name));
  return found == names.end() ? -1 : found->second;
}

bool Pattern::search(std::string_view text, std::size_t from, std::vector<std::string_view>& found) const {
  std::vector<re2::StringPiece> pieces(std::max<std::size_t>(found.size(), 1));
  const re2::StringPiece whole(text.data(), text.size());
  if (!compiled_->Match(whole, from, text.size(), re2::RE2::UNANCHORED, pieces.data(), static_cast<int>(found.size()))) {
    return false;
  }
  for (std::size_t i = 0; i < found.size(); ++i) found[i] = std::string_view(pieces[i].data(), pieces[i].size());
  return true;
}

}  // namespace ipaas::language
