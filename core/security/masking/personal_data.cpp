#include "core/security/masking/personal_data.h"

#include <re2/re2.h>

#include <string>

namespace ipaas::security::masking {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Length of the longest prefix that is the thing looked for, or 0.
using Accept = std::size_t (*)(std::string_view candidate);

std::size_t accept_all(std::string_view candidate) { return candidate.size(); }

/// ISO/IEC 7812-1, annex B.
std::size_t accept_card(std::string_view candidate) {
  unsigned sum = 0;
  bool twice = false;
  for (std::size_t i = candidate.size(); i-- > 0;) {
    if (!is_digit(candidate[i])) continue;
    unsigned digit = static_cast<unsigned>(candidate[i] - '0') * (twice ? 2 : 1);
    if (digit > 9) digit -= 9;
    sum += digit;
    twice = !twice;
  }
  return sum != 0 && sum % 10 == 0 ? candidate.size() : 0;
}

/// ISO 7064 mod 97-10 over the account with its first four characters moved to the end.
bool is_iban(std::string_view candidate) {
  std::string compact;
  for (const char c : candidate) {
    if (c != ' ') compact += c;
  }
  if (compact.size() < 15 || compact.size() > 34) return false;
  unsigned rest = 0;
  for (const char c : compact.substr(4) + compact.substr(0, 4)) {
    const unsigned value = is_digit(c) ? static_cast<unsigned>(c - '0') : static_cast<unsigned>(c - 'A') + 10;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest == 1;
}

/// The words after an account may look as if they belonged to it.
std::size_t accept_iban(std::string_view candidate) {
  for (std::size_t size = candidate.size(); size >= 15; --size) {
    if (candidate[size - 1] != ' ' && is_iban(candidate.substr(0, size))) return size;
  }
  return 0;
}

void find_all(std::string_view text, const RE2& pattern, Accept accept, Spans& spans) {
  const re2::StringPiece whole(text.data(), text.size());
  re2::StringPiece found;
  std::size_t from = 0;
  while (from < text.size() && pattern.Match(whole, from, text.size(), RE2::UNANCHORED, &found, 1) && !found.empty()) {
    const auto begin = static_cast<std::size_t>(found.data() - text.data());
    const std::size_t size = accept({found.data(), found.size()});
    if (size != 0) spans.push_back({begin, begin + size});
    from = begin + found.size();
  }
}

}  // namespace

void find_personal_data(std::string_view text, Spans& spans) {
  static const RE2 email(R"([A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})+)", RE2::Latin1);
  static const RE2 phone(R"(\+[0-9](?:[ ().\-/]{0,2}[0-9]){7,14}|\([0-9]{3}\) ?[0-9]{3}[\-. ][0-9]{4}|\b[0-9]{3}[\-.][0-9]{3}[\-.][0-9]{4}\b)", RE2::Latin1);
  static const RE2 card(R"(\b[0-9](?:[ \-]?[0-9]){12,18}\b)", RE2::Latin1);
  static const RE2 iban(R"(\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30})", RE2::Latin1);
  find_all(text, email, &accept_all, spans);
  find_all(text, phone, &accept_all, spans);
  find_all(text, card, &accept_card, spans);
  find_all(text, iban, &accept_iban, spans);
}

}  // namespace ipaas::security::masking
