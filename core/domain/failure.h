// Why a step or an execution failed, in words that scripts and people rely on.
#pragma once

#include <string>

namespace ipaas::domain {

struct Failure {
  std::string code;     ///< one of the error codes of executions: connect_failed, rejected, outcome_unknown …
  std::string message;  ///< for a person; holds no secret
  std::string step;     ///< path of the step that failed, or empty
};

}  // namespace ipaas::domain
