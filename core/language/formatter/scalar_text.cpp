#include "core/language/formatter/scalar_text.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstdint>

#include "core/language/yaml/scalar.h"

namespace ipaas::language::formatter {
namespace {

/// Beyond ASCII: what is invisible, ends a line for some readers, or steers a text's direction. They are escaped.
bool is_odd(std::uint32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
  const bool line_end = c == 0x2028 || c == 0x2029;
  const bool invisible = c == 0xA0 || c == 0xFEFF || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
                         (c >= 0x2066 && c <= 0x2069);
  return control || line_end || invisible || (c & 0xFFFEU) == 0xFFFE;
}

/// Takes one character off valid UTF-8.
std::uint32_t take_character(std::string_view& text, std::size_t& length) {
  const auto first = static_cast<unsigned char>(text.front());
  length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  length = std::min(length, text.size());
  std::uint32_t c = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) c = c << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(length);
  return c;
}

bool has_odd(std::string_view text) {
  std::size_t length = 0;
  while (!text.empty()) {
    if (is_odd(take_character(text, length))) return true;
  }
  return false;
}

/// As YAML's grammar allows it, a little stricter.
bool may_be_plain(std::string_view text, Style style) {
  constexpr std::string_view kIndicators = "?:,[]{}#&*!|>'\"%@`";
  if (text.empty() || kIndicators.find(text.front()) != std::string_view::npos) return false;
  if (text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (text.front() == '-' && (text.size() == 1 || text[1] == ' ')) return false;
  if (text.starts_with("---") || text.starts_with("...")) return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) return false;
  // yaml-cpp ends a text between brackets at any `?`.
  if (style == Style::kFlow && text.find_first_of(",[]{}?") != std::string_view::npos) return false;
  if (style == Style::kFlow && text.front() == '-' && text.size() > 1 && text[1] == ':') return false;
  return !has_odd(text);
}

/// Texts of YAML 1.2 that readers of YAML 1.1, which many editors are, take for something else.
bool is_ambiguous(const std::string& text) {
  static const RE2 pattern(
      "y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|=|<<"
      "|[-+]?(0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+)"
      "|[-+]?([0-9][0-9_]*(:[0-9]+)*(\\.[0-9_]*)?|\\.[0-9_]+)([eE][-+]?[0-9]+)?"
      "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?");
  return RE2::FullMatch(text, pattern);
}

std::string hex(std::uint32_t c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto digits = [&](int count) {
    std::string out;
    for (int i = count - 1; i >= 0; --i) out += kDigits[c >> (4U * static_cast<unsigned>(i)) & 0xFU];
    return out;
  };
  return c <= 0xFF ? "\\x" + digits(2) : c <= 0xFFFF ? "\\u" + digits(4) : "\\U" + digits(8);
}

std::string double_quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::string_view from = text;
    std::size_t length = 0;
    const std::uint32_t c = take_character(text, length);
    if (c == '"' || c == '\\') {
      out.append("\\").append(1, static_cast<char>(c));
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (is_odd(c)) {
      out += hex(c);
    } else {
      out += from.substr(0, length);
    }
  }
  return out + "\"";
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

std::string in_quotes(std::string_view text) {
  const auto doubles = std::ranges::count_if(text, [](char c) { return c == '"' || c == '\\'; });
  const auto singles = std::ranges::count(text, '\'');
  return doubles > singles && !has_odd(text) ? single_quoted(text) : double_quoted(text);
}

}  // namespace

std::string scalar_text(const yaml::Piece& scalar, Style style) {
  const std::string& text = scalar.text;
  const bool plain =
      may_be_plain(text, style) && (scalar.plain || (yaml::resolve({text, true}).is_string() && !is_ambiguous(text)));
  return plain ? text : in_quotes(text);
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace ipaas::language::formatter
