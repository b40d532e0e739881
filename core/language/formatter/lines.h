// The lines of a text, found once: to go back to the start of a line from each place in it would be quadratic.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace ipaas::language::formatter {

class Lines {
 public:
  explicit Lines(std::string_view text) {
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::size_t first = std::min(text.find_first_not_of(" \t", at), end);
      lines_.push_back({at, first, first == end});
      at = end + 1;
    }
  }

  /// From 0.
  [[nodiscard]] std::size_t number(std::size_t at) const {
    const auto after = std::ranges::upper_bound(lines_, at, {}, &Line::start);
    return static_cast<std::size_t>(after - lines_.begin()) - 1;
  }
  [[nodiscard]] std::size_t start(std::size_t at) const { return lines_[number(at)].start; }
  [[nodiscard]] std::size_t column(std::size_t at) const { return at - start(at); }
  /// Nothing but spaces and tabs is in front of it.
  [[nodiscard]] bool begins_line(std::size_t at) const { return at <= lines_[number(at)].first; }
  /// It begins its line, and the line above, which begins at `floor` or later, is empty.
  [[nodiscard]] bool blank_above(std::size_t at, std::size_t floor) const {
    const std::size_t line = number(at);
    return line > 0 && at <= lines_[line].first && lines_[line - 1].blank && lines_[line - 1].start >= floor;
  }

 private:
  struct Line {
    std::size_t start;
    std::size_t first;  ///< character that is no white space
    bool blank;
  };
  std::vector<Line> lines_;
};

}  // namespace ipaas::language::formatter
