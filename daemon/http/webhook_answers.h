// What senders are answered: each scheme's default, and the handshakes by which a provider asks whether an address is ours.
#pragma once

#include <optional>

#include "core/base/json.h"
#include "core/base/secret.h"
#include "core/security/signature.h"
#include "core/service/runtime.h"
#include "daemon/http/request.h"
#include "daemon/http/response.h"

namespace ipaas::daemon::http {

/// After the commit: 202 and the execution, 200 for a duplicate; slack, twilio and discord get what they expect instead.
[[nodiscard]] Response answer(security::Scheme scheme, const service::Acceptance& acceptance);
/// 200: the filter has turned the event away.
[[nodiscard]] Response answer_filtered(security::Scheme scheme);

/// Slack's `url_verification` and Discord's PING, in a request whose signature was right; nothing for any other.
[[nodiscard]] std::optional<Response> answer_challenge(security::Scheme scheme, const Json& body);

/// GET with `hub.challenge` (W3C WebSub, section 5.3; Meta's webhooks). With a token the sender has to know it
/// (kUnauthenticated otherwise); without one anybody may be told that this is a webhook, but not unsubscribe it. Without
/// `hub.` parameters 405.
[[nodiscard]] Result<Response> confirm_subscription(const Request& request, const Secret& token);

/// RFC 9110, section 11.6.1: a 401 says how to authenticate, where that is by Authorization.
void add_challenge(security::Scheme scheme, Response& response);

}  // namespace ipaas::daemon::http
