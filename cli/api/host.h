// Where the daemon is.
#pragma once

#include <string>
#include <string_view>

#include "cli/world.h"
#include "core/base/error.h"

namespace ipaas::cli {

/// The path of the daemon's Unix socket: `--host`, else IPAAS_HOST, else the default one. `unix:///path` is the only
/// form that this version can reach; `https://…` is refused as not allowed, since it would take a token.
[[nodiscard]] Result<std::string> socket_path(std::string_view flag, const World& world);

/// A user's own daemon listens in $XDG_RUNTIME_DIR, the machine's in /run; the first one that is there, or else the
/// one that this user would start.
[[nodiscard]] std::string default_socket(const World& world);

/// Why nothing answered at that path and what to do about it: not started, no permission, or a stale socket.
[[nodiscard]] Error unreachable(const std::string& path);

}  // namespace ipaas::cli
