// What an answer that is no success means for the retry, and how it is told.
#pragma once

#include <optional>
#include <string>

#include "core/connectors/connector.h"
#include "core/connectors/http_call.h"

namespace ipaas::connectors {

/// By the status alone, without a message:
///
/// | status                | class    | retried |
/// |-----------------------|----------|---------|
/// | 429                   | deferred | after Retry-After, where it is there |
/// | 503 with Retry-After  | deferred | after Retry-After |
/// | 408, 425, other 5xx   | unknown  | where repeating is harmless |
/// | everything else       | rejected | no |
///
/// The code is `credential_refused` for 401 and 403 to a call that had a credential, else `rejected`.
[[nodiscard]] Interpretation failure_of_status(const HttpReply& reply, Instant now, bool with_credential);

/// `POST api.example answered 404: no such order`: what the answer says of itself in one line of at most 200 characters.
/// `view` is reply_view's.
[[nodiscard]] std::string failure_message(const std::string& who, const Json& view);

/// The same with the reason in the connector's own words.
[[nodiscard]] std::string failure_message(const std::string& who, const Json& view, const std::string& reason);

}  // namespace ipaas::connectors
