#include "cli/output/style.h"

#include <algorithm>
#include <array>

namespace ipaas::cli {
namespace {

std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::kRed:
      return "\x1b[31m";
    case Colour::kGreen:
      return "\x1b[32m";
    case Colour::kYellow:
      return "\x1b[33m";
    case Colour::kCyan:
      return "\x1b[36m";
    case Colour::kDim:
      return "\x1b[2m";
    case Colour::kBold:
      return "\x1b[1m";
    case Colour::kNone:
      break;
  }
  return "";
}

struct WordColour {
  std::string_view word;
  Colour colour;
};
constexpr std::array<WordColour, 15> kWords = {{{"succeeded", Colour::kGreen},
                                                {"created", Colour::kGreen},
                                                {"failed", Colour::kRed},
                                                {"error", Colour::kRed},
                                                {"warn", Colour::kYellow},
                                                {"running", Colour::kCyan},
                                                {"queued", Colour::kCyan},
                                                {"updated", Colour::kYellow},
                                                {"waiting", Colour::kYellow},
                                                {"cancelled", Colour::kYellow},
                                                {"disabled", Colour::kYellow},
                                                {"unchanged", Colour::kDim},
                                                {"skipped", Colour::kDim},
                                                {"debug", Colour::kDim},
                                                {"info", Colour::kNone}}};

}  // namespace

std::string Style::paint(Colour colour, std::string_view text) const {
  if (!coloured_ || colour == Colour::kNone || text.empty()) return std::string(text);
  return std::string(code_of(colour)).append(text).append("\x1b[0m");
}

Colour colour_of(std::string_view word) {
  const auto* const found = std::ranges::find(kWords, word, &WordColour::word);
  return found == kWords.end() ? Colour::kNone : found->colour;
}

}  // namespace ipaas::cli
