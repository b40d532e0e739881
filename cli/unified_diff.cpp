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

/// All lines new, or all gone: diff counts the lines of no file from 0, and dtl from 1.
std::string whole(std::string_view text, char mark) {
  const std::vector<std::string> lines = lines_of(text);
  const std::string range = "1," + std::to_string(lines.size());
  std::string out = mark == '+' ? "@@ -0,0 +" + range + " @@\n" : "@@ -" + range + " +0,0 @@\n";
  for (const std::string& line : lines) out.append(1, mark).append(line).append("\n");
  return out;
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after) {
  if (before == after) return {};
  if (before.empty()) return whole(after, '+');
  if (after.empty()) return whole(before, '-');
  dtl::Diff<std::string> diff(lines_of(before), lines_of(after));
  diff.onHuge();
  diff.compose();
  diff.composeUnifiedHunks();
  std::ostringstream out;
  diff.printUnifiedFormat(out);
  return out.str();
}

}  // namespace ipaas::cli
