#include "cli/api/envelope.h"

#include <array>

#include "cli/output/fields.h"

namespace ipaas::cli {
namespace {

constexpr std::array kKinds = {ErrorKind::kInvalid,     ErrorKind::kUnauthenticated, ErrorKind::kForbidden,
                               ErrorKind::kNotFound,    ErrorKind::kConflict,        ErrorKind::kTooLarge,
                               ErrorKind::kBacklogFull, ErrorKind::kDraining};

ErrorKind kind_of(std::string_view code, int status) {
  for (const ErrorKind kind : kKinds) {
    if (api_code(kind) == code) return kind;
  }
  if (code == "precondition_failed") return ErrorKind::kConflict;
  return status >= 400 && status < 500 && code != "rate_limited" ? ErrorKind::kInvalid : ErrorKind::kInternal;
}

Errors errors_of(const Json& refusal, int status) {
  const std::string code = text_of(refusal, "code");
  const ErrorKind kind = kind_of(code, status);
  Errors errors;
  for (const Json& detail : items_of(refusal, "details")) errors.push_back(error_of(detail, kind, code));
  if (errors.empty()) errors.push_back(error_of(refusal, kind, code));
  return errors;
}

}  // namespace

Error error_of(const Json& detail, ErrorKind kind, const std::string& fallback_code) {
  Error error{kind, text_of(detail, "message"), text_of(detail, "hint"), text_of(detail, "code")};
  if (error.code.empty()) error.code = fallback_code;
  if (error.message.empty()) error.message = "the daemon refused without saying why";
  error.file = text_of(detail, "file");
  error.position = {static_cast<int>(number_of(detail, "line")), static_cast<int>(number_of(detail, "column"))};
  return error;
}

ResultOrErrors<Answer> open_envelope(int status, std::string_view body) {
  if (status == 204) return Answer{};
  Result<Json> envelope = parse_json(body);
  if (!envelope || !envelope->is_object() || !envelope->contains("success")) {
    return fail_with({ErrorKind::kInternal, "the answer (HTTP " + std::to_string(status) + ") is not one of ipaasd",
                      "check that --host names ipaasd's own socket"});
  }
  if (!flag_of(*envelope, "success")) return tl::unexpected(errors_of(member_of(*envelope, "error"), status));
  return Answer{member_of(*envelope, "data"), text_of(member_of(*envelope, "meta"), "next_cursor")};
}

}  // namespace ipaas::cli
