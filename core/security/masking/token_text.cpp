#include "core/security/masking/token_text.h"

#include <algorithm>

namespace ipaas::security::masking {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

}  // namespace

bool is_of(Bytes kind, char c) {
  switch (kind) {
    case Bytes::kDigit: return is_digit(c);
    case Bytes::kHex: return is_hex(c);
    case Bytes::kUpper: return is_digit(c) || (c >= 'A' && c <= 'Z');
    case Bytes::kWord: return is_alnum(c) || c == '_';
    case Bytes::kUrlSafe: return is_alnum(c) || c == '_' || c == '-';
    case Bytes::kBase64: return is_alnum(c) || c == '+' || c == '/' || c == '=' || c == '-' || c == '_';
    case Bytes::kPath: return is_alnum(c) || std::string_view("/_-.~%\\").find(c) != std::string_view::npos;
  }
  return false;
}

std::size_t end_of(std::string_view text, std::size_t begin, Bytes kind) {
  std::size_t end = std::min(begin, text.size());
  while (end < text.size() && is_of(kind, text[end])) ++end;
  return end;
}

bool starts_word(std::string_view text, std::size_t at) {
  if (at == 0 || !is_of(Bytes::kUrlSafe, text[at - 1])) return true;
  const char before = text[at - 1];
  if (at >= 2 && text[at - 2] == '\\' && (before == 'n' || before == 'r' || before == 't')) return true;
  return at >= 3 && text[at - 3] == '%' && is_hex(text[at - 2]) && is_hex(before);
}

}  // namespace ipaas::security::masking
