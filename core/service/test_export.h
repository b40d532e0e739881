// An execution as a test of its workflow: a failure in production becomes one that is found on a laptop.
#pragma once

#include <string>
#include <vector>

#include "core/service/context.h"

namespace ipaas::service {

struct TestExport {
  Json test;                        ///< a test file of one case, as JSON
  std::vector<std::string> masked;  ///< places in it whose values are not those of the execution
  std::string source;               ///< of the workflow's version that ran
};

/// What started the execution, what each call was answered, failed tries too, and what came of it. Secrets and what the
/// workflow declares sensitive are masked, so that what follows from them may come out differently. kConflict while the
/// execution has not ended, where its trigger cannot be written in a test, and where its payload has been forgotten.
[[nodiscard]] Result<TestExport> export_test(const Context& context, const ExecutionId& id);

}  // namespace ipaas::service
