#include "cli/workflow_warnings.h"

#include <algorithm>

namespace ipaas::cli {
namespace {

constexpr std::size_t kShownParts = 5;

}  // namespace

Errors warnings_of(const std::vector<WorkflowDocument>& documents) {
  Errors warnings;
  for (const WorkflowDocument& document : documents) {
    warnings.insert(warnings.end(), document.workflow->warnings.begin(), document.workflow->warnings.end());
  }
  return warnings;
}

std::vector<std::string> not_run_notes(const std::vector<WorkflowDocument>& documents) {
  std::vector<std::string> notes;
  for (const WorkflowDocument& document : documents) {
    const auto& parts = document.workflow->not_run_yet;
    if (parts.empty()) continue;
    std::string places;
    for (std::size_t i = 0; i < std::min(parts.size(), kShownParts); ++i) {
      places += (i == 0 ? "" : ", ") + parts[i].message.substr(0, parts[i].message.find(' ')) + " in line " +
                std::to_string(parts[i].position.line);
    }
    if (parts.size() > kShownParts) places += " and " + std::to_string(parts.size() - kShownParts) + " more";
    notes.push_back(document.file + ": valid, but this version does not run all of it yet, so apply refuses it: " + places);
  }
  return notes;
}

}  // namespace ipaas::cli
