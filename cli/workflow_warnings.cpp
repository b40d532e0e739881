#include "cli/workflow_warnings.h"

namespace ipaas::cli {

Errors warnings_of(const std::vector<WorkflowDocument>& documents) {
  Errors warnings;
  for (const WorkflowDocument& document : documents) {
    warnings.insert(warnings.end(), document.workflow->warnings.begin(), document.workflow->warnings.end());
  }
  return warnings;
}

Errors not_run_yet(const std::vector<WorkflowDocument>& documents) {
  Errors parts;
  for (const WorkflowDocument& document : documents) {
    parts.insert(parts.end(), document.workflow->not_run_yet.begin(), document.workflow->not_run_yet.end());
  }
  return parts;
}

}  // namespace ipaas::cli
