// `on.webhook.respond`.

#include <algorithm>
#include <array>

#include "core/base/letter_case.h"
#include "core/language/parser/webhook_parts.h"

namespace ipaas::language {
namespace {

constexpr std::size_t kMostHeaders = 50;

/// What frames an answer or is the server's own to say.
constexpr std::array<std::string_view, 9> kOurHeaders = {"connection", "content-length", "keep-alive",
                                                         "proxy-connection", "te", "trailer",
                                                         "transfer-encoding", "upgrade", "x-request-id"};

void read_status(Reading& reading, const yaml::Entry& entry, const yaml::Node& respond, WebhookAnswer& answer) {
  const auto status = read_integer(reading, entry, respond_keys());
  if (!status) return;
  answer.status = static_cast<int>(*status);
  if ((*status == 204 || *status == 304) && respond.find("body") != nullptr) {
    reading.report.add(entry.value->position(), "bad_value", "an answer with the status " + std::to_string(*status) + " has no body",
                       "remove `body`, or write another status");
  }
}

void read_header(Reading& reading, const yaml::Entry& entry, const Place& place, WebhookAnswer& answer) {
  const std::string name = lower_case(entry.key);
  if (!is_header_name(entry.key)) {
    return reading.report.add(entry.position, "bad_value", shown(entry.key) + " is not the name of a header", "write one such as `X-Status`");
  }
  if (std::find(kOurHeaders.begin(), kOurHeaders.end(), name) != kOurHeaders.end()) {
    return reading.report.add(entry.position, "bad_value", "the header " + shown(entry.key) + " is the server's to write", "remove it");
  }
  const bool twice = std::any_of(answer.headers.begin(), answer.headers.end(), [&](const auto& other) { return lower_case(other.first) == name; });
  if (twice) {
    return reading.report.add(entry.position, "duplicate_key", "the header " + shown(entry.key) + " is written twice",
                              "names of headers differ in more than letter case");
  }
  auto value = read_template(reading, entry, place);
  if (!value) return;
  constexpr std::string_view kBreaks("\r\n\0", 3);
  if (value->is_literal() && value->text().find_first_of(kBreaks) != std::string::npos) {
    return reading.report.add(entry.value->position(), "bad_value", "the value of a header is one line", "remove the line breaks");
  }
  answer.headers.emplace_back(entry.key, std::move(*value));
}

void read_headers(Reading& reading, const yaml::Entry& entry, const Place& place, WebhookAnswer& answer) {
  const auto* entries = entry.value->entries();
  if (entries == nullptr) return report_type(reading, "`headers`", *entry.value, entry.position, "a mapping", "write one key for each header");
  if (entries->size() > kMostHeaders) {
    return reading.report.add(entry.position, "out_of_range", "`headers` has more than 50 headers", "leave some out");
  }
  for (const yaml::Entry& header : *entries) read_header(reading, header, place, answer);
}

}  // namespace

void read_webhook_answer(Reading& reading, const yaml::Entry& entry, const Place& place, WebhookOn& webhook) {
  WebhookAnswer& answer = webhook.answer;
  const yaml::Node& respond = *entry.value;
  if (respond.scalar() != nullptr && !respond.is_null()) {
    const auto choice = read_option(reading, entry, webhook_keys());
    if (choice == std::optional<std::size_t>(1)) answer.kind = WebhookAnswer::Kind::kResult;
    return;
  }
  if (respond.entries() == nullptr) {
    return report_type(reading, "`respond`", respond, entry.position, "`accepted`, `result` or a mapping of status, headers and body",
                       "write `respond: result`");
  }
  answer.kind = WebhookAnswer::Kind::kShaped;
  static_cast<void>(read_mapping(reading, respond, respond_keys(), entry.position));
  if (respond.entries()->empty()) {
    return reading.report.add(entry.position, "missing_value", "`respond` says nothing", "write `status`, `headers` or `body` below it");
  }
  if (const auto* status = respond.find("status")) read_status(reading, *status, respond, answer);
  if (const auto* headers = respond.find("headers")) read_headers(reading, *headers, place, answer);
  if (const auto* body = respond.find("body")) answer.body = read_tree(reading, *body->value, place);
}

}  // namespace ipaas::language
