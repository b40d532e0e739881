// What curl reports when there is no answer, in the words of an execution.
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "core/connectors/http_call.h"

namespace ipaas::daemon {

/// What was seen of an exchange until it failed.
struct ExchangeTrace {
  bool request_begun = false;  ///< curl was about to write the request, at this hop or one before
  bool answer_too_large = false;
  bool repeat_refused = false;  ///< curl wanted to send the request again after a lost connection
  bool connect_tried = false;   ///< an address was allowed by the egress policy
  std::string blocked_address;  ///< the last one that was not
  std::string_view tls_detail;  ///< curl's sentence about the handshake
};

/// `host` names the receiver in the message: the only part of a URL that is never secret.
[[nodiscard]] connectors::TransportFailure describe_failure(CURLcode code, std::string_view host,
                                                            const ExchangeTrace& trace);

[[nodiscard]] connectors::TransportFailure refused(std::string reason);
[[nodiscard]] connectors::TransportFailure cancelled(bool request_begun);
/// The time was over before the call got its turn.
[[nodiscard]] connectors::TransportFailure never_begun();

}  // namespace ipaas::daemon
