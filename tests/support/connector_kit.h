// Calls, credentials and replies, as short as a test wants to say them.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "core/connectors/connector.h"

namespace ipaas::test {

inline Json json(std::string_view text) { return Json::parse(text); }

inline domain::CallRequest call_of(std::string connector, std::string action, std::string_view inputs,
                                   std::string credential = {}) {
  return {.connector = std::move(connector),
          .action = std::move(action),
          .credential = std::move(credential),
          .inputs = json(inputs),
          .idempotency_key = "ex_1/notify",
          .timeout = std::chrono::seconds(5)};
}

inline connectors::CredentialFields credential_of(std::string type, std::string_view fields) {
  return {.name = "secret-door", .type = std::move(type), .fields = json(fields)};
}

inline connectors::HttpReply reply_of(int status, std::string content_type, std::string body) {
  return {.status = status, .headers = {{"content-type", std::move(content_type)}}, .body = std::move(body)};
}

/// The value of the first such header, or `(none)`.
inline std::string header_of(const connectors::HttpCall& call, std::string_view name) {
  for (const auto& [written, value] : call.headers) {
    if (written == name) return value;
  }
  return "(none)";
}

}  // namespace ipaas::test
