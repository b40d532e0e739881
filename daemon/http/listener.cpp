#include "daemon/http/listener.h"

#include <grp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

namespace ipaas::daemon::http {
namespace {

constexpr int kBacklog = 4096;
constexpr const char* kGroup = "ipaas";

std::string why(int error) {
  return std::generic_category().message(error);
}

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Result<Addresses> resolve(std::string host, std::uint16_t port) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); error != 0) {
    return fail(ErrorKind::kInvalid, "cannot listen on " + host + ": " + gai_strerror(error),
                "--listen takes ADDRESS:PORT");
  }
  return Addresses(found, &freeaddrinfo);
}

Error bind_error(const std::string& host, std::uint16_t port, int error) {
  const std::string name = std::to_string(port);
  if (error == EADDRINUSE) {
    return {ErrorKind::kConflict, "port " + name + " is in use",
            "stop what listens there, or choose another with --listen " + host + ":PORT"};
  }
  if (error == EACCES) {
    return {ErrorKind::kForbidden, "may not listen on port " + name,
            "ports below 1024 need CAP_NET_BIND_SERVICE; choose another with --listen"};
  }
  return {ErrorKind::kUnavailable, "cannot listen on " + host + ":" + name + ": " + why(error)};
}

Result<sockaddr_un> unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return fail(ErrorKind::kInvalid,
                "the socket path is " + std::to_string(path.size()) + " bytes long, and a socket's may have " +
                    std::to_string(sizeof address.sun_path - 1) + ": " + path,
                "choose a shorter one with --socket");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  const void* const untyped = &address;
  return static_cast<const sockaddr*>(untyped);
}

/// Gives a file to the group that may use the daemon, where that group exists and we may.
void give_to_group(const std::string& path) {
  const group* const found = getgrnam(kGroup);
  if (found && chown(path.c_str(), static_cast<uid_t>(-1), found->gr_gid) != 0) {
    // Not a member of it, and not root: then the socket stays the owner's own.
    errno = 0;
  }
}

Result<void> make_directory(const std::filesystem::path& directory) {
  if (directory.empty() || std::filesystem::exists(directory)) return {};
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (!error) std::filesystem::permissions(directory, std::filesystem::perms(0750), error);
  if (error) {
    return fail(ErrorKind::kUnavailable,
                "cannot make the socket's directory " + directory.string() + ": " + error.message(),
                "choose another place with --socket");
  }
  give_to_group(directory.string());
  return {};
}

/// Removes a socket that nobody answers on. Anything else that is in the way stays.
Result<void> clear_the_way(const std::string& path, const sockaddr_un& address) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return {};
  if (!S_ISSOCK(status.st_mode))
    return fail(ErrorKind::kConflict, path + " exists and is not a socket", "choose another with --socket");
  const FileDescriptor probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // Only a refusal proves that nobody listens: a full backlog (EAGAIN) is somebody too.
  if (connect(probe.get(), generic(address), sizeof address) == 0 || errno != ECONNREFUSED) {
    return fail(ErrorKind::kConflict, "another daemon answers on " + path, "stop it, or choose another with --socket");
  }
  unlink(path.c_str());
  return {};
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) ::close(number_);
}

Result<FileDescriptor> open_tcp_listener(const std::string& host, std::uint16_t port) {
  const Result<Addresses> addresses = resolve(host, port);
  if (!addresses) return tl::unexpected<Error>(addresses.error());
  const addrinfo& address = **addresses;
  FileDescriptor socket(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (socket.get() < 0 || bind(socket.get(), address.ai_addr, address.ai_addrlen) != 0 ||
      listen(socket.get(), kBacklog) != 0) {
    return tl::unexpected<Error>(bind_error(host, port, errno));
  }
  return socket;
}

std::uint16_t local_port(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  void* const untyped = &address;
  if (getsockname(socket, static_cast<sockaddr*>(untyped), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6 ? static_cast<sockaddr_in6*>(untyped)->sin6_port
                                             : static_cast<sockaddr_in*>(untyped)->sin_port);
}

Result<UnixListener> UnixListener::open(const std::string& path, unsigned mode) {
  const Result<sockaddr_un> address = unix_address(path);
  if (!address) return tl::unexpected<Error>(address.error());
  if (auto made = make_directory(std::filesystem::path(path).parent_path()); !made)
    return tl::unexpected<Error>(made.error());
  if (auto clear = clear_the_way(path, *address); !clear) return tl::unexpected<Error>(clear.error());
  FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // The mask closes the moment in which others could connect before the mode is set.
  const mode_t mask = umask(0177);
  const bool bound = bind(socket.get(), generic(*address), sizeof *address) == 0;
  const int error = errno;
  umask(mask);
  struct stat status {};
  if (!bound || lstat(path.c_str(), &status) != 0) {
    return fail(ErrorKind::kUnavailable, "cannot make the socket " + path + ": " + why(error),
                "choose another place with --socket");
  }
  give_to_group(path);
  if (chmod(path.c_str(), mode) != 0 || listen(socket.get(), kBacklog) != 0) {
    return fail(ErrorKind::kUnavailable, "cannot open the socket " + path + ": " + why(errno));
  }
  return UnixListener(std::move(socket), path, status.st_dev, status.st_ino);
}

void UnixListener::remove_file() {
  struct stat status {};
  if (lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_) unlink(path_.c_str());
}

}  // namespace ipaas::daemon::http
