#include "core/base/letter_case.h"

namespace ipaas {

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

std::string upper_case(std::string_view text) {
  std::string raised(text);
  for (char& c : raised) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return raised;
}

bool equal_letters(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a == b || lower_case(a) == lower_case(b));
}

}  // namespace ipaas
