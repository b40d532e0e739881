// What is wrong with a file that the command line names.
#pragma once

#include <string>

#include "core/base/error.h"

namespace ipaas::cli {

[[nodiscard]] inline Error file_error(const std::string& file, std::string message, std::string hint,
                                      std::string code = "unreadable_input") {
  Error error{ErrorKind::kInvalid, std::move(message), std::move(hint), std::move(code)};
  error.file = file;
  return error;
}

}  // namespace ipaas::cli
