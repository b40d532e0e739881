#include "cli/output/table.h"

#include <algorithm>

#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 12;  // a last column is not cut below this

bool begins_code_point(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

std::vector<std::size_t> widths_of(const std::vector<std::string>& titles,
                                   const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const std::string& title : titles) widths.push_back(text_width(title));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], text_width(row[i]));
  }
  return widths;
}

}  // namespace

std::size_t text_width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_code_point));
}

std::string cut_to(std::string_view text, std::size_t width) {
  if (width == 0 || text_width(text) <= width) return std::string(text);
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    if (begins_code_point(text[end]) && ++seen == width) break;
  }
  return std::string(text.substr(0, end)) + "…";
}

void Table::add(const std::vector<std::string>& cells) {
  std::vector<std::string> row;
  for (std::size_t i = 0; i < titles_.size(); ++i) {
    row.push_back(i < cells.size() && !cells[i].empty() ? escape_control(cells[i]) : "-");
  }
  rows_.push_back(std::move(row));
}

std::string Table::render(const Style& style, std::size_t width) const {
  const std::vector<std::size_t> widths = widths_of(titles_, rows_);
  const std::size_t last = titles_.size() - 1;
  std::size_t before_last = 0;
  for (std::size_t i = 0; i < last; ++i) before_last += widths[i] + kGap;
  const std::size_t room = width == 0 ? 0 : std::max(kNarrowest, width > before_last ? width - before_last : 0);

  std::string out;
  const auto line = [&](const std::vector<std::string>& cells, bool title) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string cell = i == last ? cut_to(cells[i], room) : cells[i];
      out += style.paint(title ? Colour::kBold : colour_of(cell), cell);
      if (i != last) out.append(widths[i] - text_width(cell) + kGap, ' ');
    }
    out += '\n';
  };
  line(titles_, true);
  for (const auto& row : rows_) line(row, false);
  return out;
}

}  // namespace ipaas::cli
