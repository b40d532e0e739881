#include "cli/api/host.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/exit_code.h"

namespace ipaas::cli {
namespace {

constexpr std::string_view kUnixScheme = "unix://";
constexpr const char* kSystemSocket = "/run/ipaas/ipaasd.sock";

/// The error of a connection attempt, or 0 where somebody answers.
int connect_error(const std::string& path) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return errno;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  const int result = ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  const int error = result == 0 ? 0 : errno;
  ::close(descriptor);
  return error;
}

Error unreachable_because(std::string message, std::string hint) {
  return {ErrorKind::kUnavailable, std::move(message), std::move(hint), std::string(kUnreachableCode)};
}

/// Where a daemon of this user listens: as the daemon itself has it.
std::string own_socket(const World& world) {
  const std::string runtime = world.variable("XDG_RUNTIME_DIR");
  if (!runtime.empty()) return runtime + "/ipaas/ipaasd.sock";
  const std::string state = world.variable("XDG_STATE_HOME");
  return (state.empty() ? world.variable("HOME") + "/.local/state" : state) + "/ipaas/ipaasd.sock";
}

}  // namespace

std::string default_socket(const World& world) {
  if (::geteuid() == 0) return kSystemSocket;
  const std::string own = own_socket(world);
  std::error_code ignored;
  const bool only_system = !std::filesystem::exists(own, ignored) && std::filesystem::exists(kSystemSocket, ignored);
  return only_system ? kSystemSocket : own;
}

Result<std::string> socket_path(std::string_view flag, const World& world) {
  const std::string variable = world.variable("IPAAS_HOST");
  const std::string_view host = flag.empty() ? std::string_view(variable) : flag;
  if (host.empty()) return default_socket(world);
  const std::string said = flag.empty() ? "IPAAS_HOST" : "--host";
  if (host.starts_with("https://") || host.starts_with("http://")) {
    return fail(ErrorKind::kForbidden,
                said + " names an HTTP address, which takes an access token that this version does not have",
                "connect on the daemon's machine with --host unix:///path/to/ipaasd.sock", "forbidden");
  }
  if (!host.starts_with(kUnixScheme) || host.substr(kUnixScheme.size(), 1) != "/") {
    return tl::unexpected(usage_error(said + " is not an address", "write unix:///path/to/ipaasd.sock"));
  }
  std::string path(host.substr(kUnixScheme.size()));
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    return tl::unexpected(usage_error(said + " names a socket path longer than the 107 bytes the system allows",
                                      "choose a shorter path"));
  }
  return path;
}

Error unreachable(const std::string& path) {
  const std::string at = "the daemon at unix://" + path;
  switch (connect_error(path)) {
    case EACCES:
    case EPERM:
      return unreachable_because(at + " may not be reached by this user",
                                 "become a member of the group ipaas, or use the daemon's own user or root");
    case ENOENT:
    case ENOTDIR:
      return unreachable_because(
          at + " is not running: there is no such socket",
          "start it with `ipaasd --socket " + path + "` or name another with --host unix:///path");
    case ECONNREFUSED:
      return unreachable_because(at + " is not running: nobody listens on the socket",
                                 "start it with `ipaasd --socket " + path + "`");
    default:
      return unreachable_because(at + " does not answer", "see its log, or try `ipaas admin status` again in a moment");
  }
}

}  // namespace ipaas::cli
