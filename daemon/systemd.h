// Telling the service manager how we are: sd_notify(3), by its documented datagram protocol.
#pragma once

#include <string_view>

namespace ipaas::daemon {

/// Sends a state such as `READY=1` to $NOTIFY_SOCKET; does nothing where nobody listens.
void notify_service_manager(std::string_view state);

}  // namespace ipaas::daemon
