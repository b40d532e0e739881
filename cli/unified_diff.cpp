#include "cli/unified_diff.h"

#include <dtl/dtl.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace ipaas::cli {
namespace {

constexpr std::string_view kNoNewline = "\n\\ No newline at end of file";

/// The lines without their ends; a last line without one says so, as diff does.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      lines.back() += kNoNewline;
      break;
    }
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after) {
  if (before == after) return {};
  dtl::Diff<std::string> diff(lines_of(before), lines_of(after));
  diff.onHuge();
  diff.compose();
  diff.composeUnifiedHunks();
  std::ostringstream out;
  diff.printUnifiedFormat(out);
  return out.str();
}

}  // namespace ipaas::cli
