#include "core/connectors/reply_failure.h"

#include <array>

#include "core/connectors/action_inputs.h"
#include "core/connectors/http_date.h"
#include "core/connectors/http_text.h"
#include "core/connectors/reply_view.h"

namespace ipaas::connectors {
namespace {

using Class = Interpretation::Class;

constexpr std::size_t kReasonLength = 200;

/// Where services put their reason: `{"error": "…"}`, `{"error": {"message": "…"}}`, `{"message": "…"}`, and the `detail` and
/// `title` of problem details (RFC 9457).
std::optional<std::string> written_reason(const Json& body) {
  constexpr std::array<std::string_view, 5> kKeys = {"error", "message", "error_description", "detail", "title"};
  for (const auto key : kKeys) {
    const Json* value = find_input(body, key);
    if (value == nullptr) continue;
    if (value->is_object()) value = find_input(*value, "message");
    if (value != nullptr && value->is_string() && !value->get_ref<const std::string&>().empty()) {
      return value->get<std::string>();
    }
  }
  return std::nullopt;
}

std::string reason_of(const Json& body) {
  if (body.is_string()) return std::string(trim(body.get_ref<const std::string&>()));
  if (auto reason = written_reason(body)) return std::move(*reason);
  if (body.is_object() && body.size() == 1 && body.contains("base64")) return "(bytes that are not text)";
  return dump_json(body);
}

}  // namespace

Interpretation failure_of_status(const HttpReply& reply, Instant now, bool with_credential) {
  Interpretation meaning;
  meaning.code = "rejected";
  meaning.retry_after = parse_retry_after(reply_header(reply, "retry-after"), now);
  if (reply.status == 429 || (reply.status == 503 && meaning.retry_after)) {
    meaning.failure_class = Class::kDeferred;
    meaning.worth_retrying = true;
  } else if (reply.status == 408 || reply.status == 425 || reply.status >= 500) {
    meaning.failure_class = Class::kUnknown;
    meaning.worth_retrying = true;
  } else if (with_credential && (reply.status == 401 || reply.status == 403)) {
    meaning.code = "credential_refused";
  }
  return meaning;
}

std::string failure_message(const std::string& who, const Json& view) {
  return failure_message(who, view, reason_of(view["body"]));
}

std::string failure_message(const std::string& who, const Json& view, const std::string& reason) {
  std::string message = who + " answered " + view["status"].dump();
  if (const auto shown = excerpt(reason, kReasonLength); !shown.empty()) message += ": " + shown;
  return message;
}

}  // namespace ipaas::connectors
