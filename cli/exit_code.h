// How a run of the program ended, for scripts.
#pragma once

#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace ipaas::cli {

enum class ExitCode {
  kOk = 0,
  kFailed = 1,
  kUsage = 2,
  kInvalid = 3,  ///< a workflow or an input is wrong
  kNotAllowed = 4,
  kNotFound = 5,     ///< or in conflict with what is there
  kUnreachable = 6,  ///< the daemon does not answer
  kExecutionFailed = 7,
  kTimedOut = 8,
};

using Errors = std::vector<Error>;

/// What a command gives back: how it ended, or everything that was wrong.
using Outcome = ResultOrErrors<ExitCode>;

/// Codes that only this program gives, beside those of the API.
inline constexpr std::string_view kUsageCode = "usage";
inline constexpr std::string_view kUnreachableCode = "daemon_unreachable";

[[nodiscard]] ExitCode exit_code(const Error& error);

/// The command line itself is wrong.
[[nodiscard]] Error usage_error(std::string message, std::string hint = {});

[[nodiscard]] inline tl::unexpected<Errors> fail_with(Error error) {
  return tl::unexpected<Errors>(Errors{std::move(error)});
}

}  // namespace ipaas::cli
