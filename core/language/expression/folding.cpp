#include "core/language/expression/folding.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <span>

#include "core/language/expression/lower_case_table.h"
#include "core/language/expression/upper_case_table.h"

namespace ipaas::language {
namespace {

// Stray bytes get code points that no text can hold, so that they differ from everything else and from each other.
constexpr char32_t kStrayByte = 0x110000;

unsigned char byte_at(std::string_view text, std::size_t index) { return static_cast<unsigned char>(text[index]); }

constexpr char upper_ascii(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

constexpr char32_t shift_by(std::span<const CaseRange> ranges, char32_t c) {
  const auto range =
      std::partition_point(ranges.begin(), ranges.end(), [c](const CaseRange& r) { return r.last < c; });
  if (range == ranges.end() || c < range->first || (c - range->first) % range->stride != 0) return c;
  return static_cast<char32_t>(static_cast<std::int32_t>(c) + range->delta);
}

constexpr char32_t fold_by_search(char32_t c) {
  if (c < 0x80) return static_cast<char32_t>(upper_ascii(static_cast<char>(c)));
  return shift_by(kUpperCaseRanges, c);
}

// Latin, Greek and Cyrillic, looked up once by the compiler.
constexpr auto kDirect = [] {
  std::array<char16_t, 0x530> table{};
  for (char32_t c = 0; c < table.size(); ++c) table[c] = static_cast<char16_t>(fold_by_search(c));
  return table;
}();

// From the CJK radicals to the last Yi syllable no script has case.
constexpr char32_t kFirstWithoutCase = 0x2E80;
constexpr char32_t kLastWithoutCase = 0xA640;

// 0 where the lead byte or what follows is not UTF-8.
std::size_t sequence_length(std::string_view text) {
  const unsigned char lead = byte_at(text, 0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, i) & 0xC0U) != 0x80) return 0;
  }
  return length;
}

void append(std::string& out, char32_t c) {
  if (c >= kStrayByte) {
    out += static_cast<char>(c - kStrayByte);
  } else if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0U | (c >> 6U));
    out += static_cast<char>(0x80U | (c & 0x3FU));
  } else {
    if (c < 0x10000) {
      out += static_cast<char>(0xE0U | (c >> 12U));
    } else {
      out += static_cast<char>(0xF0U | (c >> 18U));
      out += static_cast<char>(0x80U | ((c >> 12U) & 0x3FU));
    }
    out += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (c & 0x3FU));
  }
}

template <typename Map>
std::string map_each(std::string_view text, Map map) {
  std::string mapped;
  mapped.reserve(text.size());
  while (!text.empty()) append(mapped, map(take_code_point(text)));
  return mapped;
}

// What is the same needs no folding. Stops at the begin of a code point in both.
void skip_common_prefix(std::string_view& left, std::string_view& right) {
  const auto [l, r] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  auto common = static_cast<std::size_t>(l - left.begin());
  const auto splits = [&](std::string_view text) {
    return common < text.size() && (static_cast<unsigned char>(text[common]) & 0xC0U) == 0x80;
  };
  while (common > 0 && (splits(left) || splits(right))) --common;
  left.remove_prefix(common);
  right.remove_prefix(common);
}

// Orders code points as their UTF-16 code units sort: surrogate pairs (from D800) come before U+E000 and above.
char32_t utf16_order(char32_t c) {
  if (c >= 0x10000) return c - 0x10000 + 0xD800;
  return c >= 0xE000 ? c + 0x200000 : c;
}

}  // namespace

char32_t fold(char32_t c) {
  if (c < kDirect.size()) return kDirect[c];
  return c >= kFirstWithoutCase && c < kLastWithoutCase ? c : fold_by_search(c);
}

char32_t take_code_point(std::string_view& text) {
  const std::size_t length = sequence_length(text);
  if (length <= 1) {
    const char32_t c = length == 1 ? byte_at(text, 0) : kStrayByte + byte_at(text, 0);
    text.remove_prefix(1);
    return c;
  }
  char32_t c = byte_at(text, 0) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) c = (c << 6U) | (byte_at(text, i) & 0x3FU);
  text.remove_prefix(length);
  return c;
}

std::string fold(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  while (!text.empty()) {
    const auto ascii_end = std::find_if_not(text.begin(), text.end(), is_ascii);
    const auto run = static_cast<std::size_t>(ascii_end - text.begin());
    const std::size_t start = folded.size();
    folded.append(text.substr(0, run));
    std::transform(folded.begin() + static_cast<std::ptrdiff_t>(start), folded.end(),
                   folded.begin() + static_cast<std::ptrdiff_t>(start), upper_ascii);
    text.remove_prefix(run);
    while (!text.empty() && !is_ascii(text.front())) append(folded, fold(take_code_point(text)));
  }
  return folded;
}

int compare_folded(std::string_view left, std::string_view right) {
  skip_common_prefix(left, right);
  while (!left.empty() && !right.empty()) {
    if (is_ascii(left.front()) && is_ascii(right.front())) {
      const int difference = upper_ascii(left.front()) - upper_ascii(right.front());
      if (difference != 0) return difference;
      left.remove_prefix(1);
      right.remove_prefix(1);
      continue;
    }
    const char32_t l = utf16_order(fold(take_code_point(left)));
    const char32_t r = utf16_order(fold(take_code_point(right)));
    if (l != r) return l < r ? -1 : 1;
  }
  return static_cast<int>(!left.empty()) - static_cast<int>(!right.empty());
}

bool equal_folded(std::string_view left, std::string_view right) { return compare_folded(left, right) == 0; }

std::size_t folding_cost(std::string_view text) {
  constexpr std::size_t kMore = 7;
  return text.size() + kMore * static_cast<std::size_t>(std::count_if(text.begin(), text.end(), std::not_fn(is_ascii)));
}

std::size_t comparison_cost(std::string_view left, std::string_view right) {
  return folding_cost(left.size() < right.size() ? left : right);
}

std::size_t utf16_length(std::string_view text) {
  std::size_t length = 0;
  while (!text.empty()) {
    const char32_t c = take_code_point(text);
    length += c >= 0x10000 && c < kStrayByte ? 2 : 1;
  }
  return length;
}

bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 ||
         c == 0xFEFF;
}

std::string_view trim_space(std::string_view text) {
  while (!text.empty()) {
    std::string_view rest = text;
    if (!is_space(take_code_point(rest))) break;
    text = rest;
  }
  // White space beyond ASCII has up to three bytes; back up to the lead byte before looking.
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80) --start;
    std::string_view last = text.substr(start);
    if (!is_space(take_code_point(last)) || !last.empty()) break;
    text = text.substr(0, start);
  }
  return text;
}

std::string to_lower(std::string_view text) {
  return map_each(text, [](char32_t c) { return shift_by(kLowerCaseRanges, c); });
}

std::string to_upper(std::string_view text) {
  return map_each(text, [](char32_t c) {
    // The two that fold leaves alone.
    if (c == 0x131) return U'I';
    return c == 0x17F ? U'S' : fold(c);
  });
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) static_cast<void>(take_code_point(text));
  return count;
}

bool is_well_formed(std::string_view text) {
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  while (!text.empty()) {
    const std::size_t before = text.size();
    const char32_t c = take_code_point(text);
    if (c >= kStrayByte || (c >= 0xD800 && c < 0xE000) || c < kLeast[before - text.size()]) return false;
  }
  return true;
}

std::size_t code_point_offset(std::string_view text, std::size_t count) {
  std::string_view rest = text;
  for (; count > 0 && !rest.empty(); --count) static_cast<void>(take_code_point(rest));
  return text.size() - rest.size();
}

}  // namespace ipaas::language
