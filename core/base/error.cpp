#include "core/base/error.h"

namespace ipaas {

std::string_view api_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalid: return "invalid_request";
    case ErrorKind::kUnauthenticated: return "unauthenticated";
    case ErrorKind::kForbidden: return "forbidden";
    case ErrorKind::kNotFound: return "not_found";
    case ErrorKind::kConflict: return "conflict";
    case ErrorKind::kTooLarge: return "too_large";
    case ErrorKind::kBacklogFull: return "backlog_full";
    case ErrorKind::kDraining: return "draining";
    case ErrorKind::kUnavailable:
    case ErrorKind::kInternal: break;
  }
  return "internal";
}

std::string to_string(const Error& error) {
  std::string text;
  if (!error.file.empty()) text += error.file + ":";
  if (error.position.line > 0) {
    text += std::to_string(error.position.line) + ":" + std::to_string(error.position.column) + ":";
  }
  if (!text.empty()) text += " ";
  text += error.message;
  if (!error.hint.empty()) text += ": " + error.hint;
  if (!error.code.empty()) text += " [" + error.code + "]";
  return text;
}

}  // namespace ipaas
