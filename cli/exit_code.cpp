#include "cli/exit_code.h"

namespace ipaas::cli {

ExitCode exit_code(const Error& error) {
  if (error.code == kUsageCode) return ExitCode::kUsage;
  if (error.code == kUnreachableCode) return ExitCode::kUnreachable;
  switch (error.kind) {
    case ErrorKind::kInvalid:
    case ErrorKind::kTooLarge:
      return ExitCode::kInvalid;
    case ErrorKind::kUnauthenticated:
    case ErrorKind::kForbidden:
      return ExitCode::kNotAllowed;
    case ErrorKind::kNotFound:
    case ErrorKind::kConflict:
      return ExitCode::kNotFound;
    case ErrorKind::kBacklogFull:
    case ErrorKind::kDraining:
    case ErrorKind::kUnavailable:
    case ErrorKind::kInternal:
      break;
  }
  return ExitCode::kFailed;
}

Error usage_error(std::string message, std::string hint) {
  return Error{ErrorKind::kInvalid, std::move(message), std::move(hint), std::string(kUsageCode)};
}

}  // namespace ipaas::cli
