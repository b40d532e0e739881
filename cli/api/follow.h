// A stream that outlives its connection: a restart of the daemon is a pause, not an end.
#pragma once

#include <string>

#include "cli/api/client.h"
#include "cli/context.h"

namespace ipaas::cli {

/// Hands on events until the receiver has enough, connecting again, after the newest event, whenever the connection is
/// lost. An error is one of the first connection, a refusal, or a daemon that has been away for ten minutes.
[[nodiscard]] ResultOrErrors<void> follow(const Context& context, const Client& client, const std::string& path,
                                          const Query& query, std::string last_event_id,
                                          const EventStreamParser::Receiver& receiver);

/// Waits for an execution to end and gives back how it was seen last: not ended when the time was up first. A timeout
/// of zero waits for ever. A restart of the daemon in between is waited out.
[[nodiscard]] ResultOrErrors<Json> await_end(const Context& context, const Client& client, const std::string& id,
                                             Duration timeout);

/// Nothing is done any more: one that was cancelled may still run its `finally`.
[[nodiscard]] bool has_ended(const Json& execution);

/// 0 succeeded, 7 failed or cancelled, 8 not ended.
[[nodiscard]] ExitCode exit_code_of_execution(const Json& execution);

}  // namespace ipaas::cli
