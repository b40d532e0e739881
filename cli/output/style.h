// Colours, where somebody sees them.
#pragma once

#include <string>
#include <string_view>

namespace ipaas::cli {

enum class Colour { kNone, kRed, kGreen, kYellow, kCyan, kDim, kBold };

/// Wraps text in ANSI colours, or leaves it alone.
class Style {
 public:
  explicit Style(bool coloured = false) : coloured_(coloured) {}
  [[nodiscard]] std::string paint(Colour colour, std::string_view text) const;
  [[nodiscard]] bool coloured() const { return coloured_; }

 private:
  bool coloured_;
};

/// The colour of a status, an action of apply or a log level; kNone for other words.
[[nodiscard]] Colour colour_of(std::string_view word);

}  // namespace ipaas::cli
