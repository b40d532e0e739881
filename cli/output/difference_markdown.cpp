#include "cli/output/difference_markdown.h"

#include <algorithm>

#include "cli/output/difference_text.h"
#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

constexpr std::size_t kLargestComment = 60'000;

std::string as_html(std::string_view text) {
  std::string out;
  for (const char c : escape_control(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// A fence is ended only by one that is as long (CommonMark 0.31, section 4.5).
std::string fenced(std::string_view language, const std::string& content) {
  std::size_t longest = 2;
  std::size_t run = 0;
  for (const char c : content) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fence + std::string(language) + '\n' + content + fence + '\n';
}

std::string diff_of(const WorkflowChange& change, const security::Masker& masker) {
  if (!change.changes) return "  the texts cannot be compared\n";
  if (change.changes->empty()) return "  only the text differs (comments or layout)\n";
  std::string out;
  for (const DifferenceLine& line : difference_lines(*change.changes, masker, ChangeLayout::kTwoLines)) {
    out += line.mark;
    out += ' ' + escape_control(line.text) + '\n';
  }
  return out;
}

std::string title_of(const WorkflowChange& change) {
  std::string out = "<b>" + as_html(change.name) + "</b>: " + change.action;
  if (!change.file.empty()) out += " by <code>" + as_html(change.file) + "</code>";
  if (!change.left_set.empty()) out += ", leaves the set <code>" + as_html(change.left_set) + "</code>";
  return out;
}

std::string fold_of(const WorkflowChange& change, const security::Masker& masker) {
  return "<details><summary>" + title_of(change) + "</summary>\n\n" + fenced("diff", diff_of(change, masker)) +
         "\n</details>\n\n";
}

std::string warning_of(const Errors& refusals, const security::Masker& masker) {
  if (refusals.empty()) return {};
  std::string text;
  for (const Error& error : refusals) text += escape_control(masker.mask(to_string(error))) + '\n';
  text.resize(std::min(text.size(), kLargestComment / 4));
  if (!text.ends_with('\n')) text += '\n';
  return "**The daemon would refuse this now:**\n\n" + fenced("text", text) + '\n';
}

}  // namespace

std::string counts_of(const std::vector<WorkflowChange>& changes) {
  std::string out;
  for (const char* action : {"created", "updated", "unchanged", "pruned"}) {
    const auto count = std::ranges::count(changes, action, &WorkflowChange::action);
    if (count == 0) continue;
    out += (out.empty() ? "" : ", ") + std::to_string(count) + ' ' + action;
  }
  return out.empty() ? "nothing" : out;
}

std::string difference_markdown(const std::vector<WorkflowChange>& changes, const Errors& refusals,
                                const security::Masker& masker) {
  std::string out = "**ipaas**: " + counts_of(changes) + "\n\n" + warning_of(refusals, masker);
  std::size_t unnamed = 0;
  for (const WorkflowChange& change : changes) {
    if (change.action == "unchanged" && change.left_set.empty()) continue;
    std::string fold = fold_of(change, masker);
    if (out.size() + fold.size() > kLargestComment) fold = "<p>" + title_of(change) + " (too long to show)</p>\n\n";
    if (out.size() + fold.size() > kLargestComment) {
      ++unnamed;
      continue;
    }
    out += fold;
  }
  if (unnamed > 0) out += "and " + std::to_string(unnamed) + " more\n";
  return out;
}

}  // namespace ipaas::cli
