#include "cli/output/caret.h"

#include <algorithm>

namespace ipaas::cli {
namespace {

constexpr std::size_t kBefore = 60;
constexpr std::size_t kAfter = 40;

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::size_t line_start(std::string_view text, std::size_t offset) {
  const std::size_t end = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  return end == std::string_view::npos ? 0 : end + 1;
}

}  // namespace

SourcePosition position_at(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  return {static_cast<int>(lines) + 1, static_cast<int>(characters(before.substr(line_start(text, offset)))) + 1};
}

Caret caret_at(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  std::size_t begin = line_start(text, offset);
  std::size_t end = std::min(text.find('\n', offset), text.size());
  if (offset - begin > kBefore) begin = offset - kBefore;
  if (end - offset > kAfter) end = offset + kAfter;
  while (begin < offset && continues(text[begin])) ++begin;
  while (end < text.size() && end > offset && continues(text[end])) --end;
  std::string shown(text.substr(begin, end - begin));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return {"  " + shown, "  " + std::string(characters(text.substr(begin, offset - begin)), ' ') + "^"};
}

}  // namespace ipaas::cli
