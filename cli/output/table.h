// Rows in aligned columns, two spaces apart, without borders.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/output/style.h"

namespace ipaas::cli {

/// Cells are made safe for a terminal as they are added.
class Table {
 public:
  explicit Table(std::vector<std::string> titles) : titles_(std::move(titles)) {}

  /// As many cells as there are titles; an empty one shows as `-`.
  void add(const std::vector<std::string>& cells);

  /// One line a row, each ended by a newline. Words that are a status are coloured. With a width, the last column is
  /// cut (`…`) so that no line wraps.
  [[nodiscard]] std::string render(const Style& style, std::size_t width = 0) const;

 private:
  std::vector<std::string> titles_;
  std::vector<std::vector<std::string>> rows_;
};

/// Code points, which is what most terminals give a cell each.
[[nodiscard]] std::size_t text_width(std::string_view text);

/// At most `width` code points, the last one `…` when something was cut.
[[nodiscard]] std::string cut_to(std::string_view text, std::size_t width);

}  // namespace ipaas::cli
