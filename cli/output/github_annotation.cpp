#include "cli/output/printer.h"
#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

/// Data of a workflow command: percent and line ends are encoded; in a property colon and comma too.
std::string encode(std::string_view text, bool property) {
  std::string out;
  for (const char byte : text) {
    switch (byte) {
      case '%':
        out += "%25";
        break;
      case '\r':
        out += "%0D";
        break;
      case '\n':
        out += "%0A";
        break;
      case ':':
        out += property ? "%3A" : ":";
        break;
      case ',':
        out += property ? "%2C" : ",";
        break;
      default:
        out += byte;
    }
  }
  return escape_control(out);
}

}  // namespace

std::string github_annotation(const Error& error, Severity severity) {
  std::string out = severity == Severity::kError ? "::error" : "::warning";
  if (!error.file.empty()) {
    out += " file=" + encode(error.file, true);
    if (error.position.line > 0) {
      out += ",line=" + std::to_string(error.position.line) + ",col=" + std::to_string(error.position.column);
    }
  }
  out += "::" + encode(error.message, false);
  if (!error.hint.empty()) out += ": " + encode(error.hint, false);
  if (!error.code.empty()) out += " [" + encode(error.code, false) + "]";
  return out;
}

}  // namespace ipaas::cli
