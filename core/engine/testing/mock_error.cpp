#include "core/engine/testing/mock_error.h"

#include <algorithm>
#include <array>

namespace ipaas::engine::testing {
namespace {

struct CallError {
  std::string_view code;
  FailureClass failure_class;
  bool worth_retrying;
};

constexpr std::array kErrors = {
    CallError{"connect_failed", FailureClass::kNotSent, true},
    CallError{"tls_failed", FailureClass::kNotSent, true},
    CallError{"dns_failed", FailureClass::kNotSent, true},
    CallError{"timeout", FailureClass::kUnknown, true},
    CallError{"reset", FailureClass::kUnknown, true},
    CallError{"response_too_large", FailureClass::kRejected, false},
    CallError{"rejected", FailureClass::kRejected, false},
    CallError{"egress_blocked", FailureClass::kNotSent, false},
    CallError{"credential_missing", FailureClass::kNotSent, false},
    CallError{"credential_refused", FailureClass::kRejected, false},
    CallError{"input_invalid", FailureClass::kNotSent, false},
    CallError{"outcome_unknown", FailureClass::kUnknown, true},
    CallError{"internal", FailureClass::kUnknown, true},
    // Of called workflows and of people:
    CallError{"child_failed", FailureClass::kRejected, false},
    CallError{"approval_rejected", FailureClass::kRejected, false},
};

}  // namespace

std::vector<std::string_view> call_error_codes() {
  std::vector<std::string_view> codes;
  for (const CallError& error : kErrors) codes.push_back(error.code);
  return codes;
}

CallFailed call_failure(std::string_view code, std::string_view message, std::optional<Duration> retry_after,
                        bool repeatable) {
  const auto* const found =
      std::find_if(kErrors.begin(), kErrors.end(), [&](const CallError& e) { return e.code == code; });
  CallFailed failure;
  failure.failure_class = found == kErrors.end() ? FailureClass::kUnknown : found->failure_class;
  failure.worth_retrying = found == kErrors.end() || found->worth_retrying;
  failure.code = code;
  failure.message = message;
  failure.repeatable = repeatable;
  if (retry_after) {
    failure.failure_class = FailureClass::kDeferred;
    failure.retry_after = retry_after;
    failure.worth_retrying = true;
  }
  return failure;
}

}  // namespace ipaas::engine::testing
