#include "cli/workflow_warnings.h"

namespace ipaas::cli {

Errors warnings_of(const std::vector<WorkflowDocument>& documents) {
  Errors warnings;
  for (const WorkflowDocument& document : documents) {
    warnings.insert(warnings.end(), document.workflow->warnings.begin(), document.workflow->warnings.end());
  }
  return warnings;
}

}  // namespace ipaas::cli
