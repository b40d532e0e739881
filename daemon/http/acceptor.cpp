#include "daemon/http/acceptor.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace ipaas::daemon::http {
namespace {

/// Connections taken in one go, so that a storm of them does not starve those that are there.
constexpr int kBatch = 64;
constexpr std::chrono::milliseconds kPause{100};

std::string address_text(const sockaddr_storage& address) {
  const void* const untyped = &address;
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    inet_ntop(AF_INET, &static_cast<const sockaddr_in*>(untyped)->sin_addr, text, sizeof text);
    return text;
  }
  const in6_addr& v6 = static_cast<const sockaddr_in6*>(untyped)->sin6_addr;
  // A dual-stack socket shows v4 clients mapped; limits and proxies name them plainly.
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    inet_ntop(AF_INET, &v6.s6_addr[12], text, sizeof text);
  } else {
    inet_ntop(AF_INET6, &v6, text, sizeof text);
  }
  return text;
}

Peer unix_peer(int socket, Door door) {
  Peer peer{door, std::nullopt, "unix"};
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0) peer.uid = credentials.uid;
  return peer;
}

bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Acceptor::Acceptor(boost::asio::io_context& io, FileDescriptor socket, Door door, Hooks hooks)
    : socket_(io, socket.release()), pause_(io), door_(door), hooks_(std::move(hooks)) {}

void Acceptor::start() {
  wait();
}

void Acceptor::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
  pause_.cancel();
}

void Acceptor::wait() {
  socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
    if (!error && socket_.is_open()) accept_some();
  });
}

void Acceptor::accept_some() {
  for (int i = 0; i < kBatch; ++i) {
    if (!hooks_.has_room()) return rest("the limit of open files is near");
    if (accept_one()) continue;
    if (is_shortage(errno)) return rest(std::generic_category().message(errno));
    if (errno == EAGAIN || errno == EWOULDBLOCK) break;
    // Otherwise one client gave up between its connect and our accept (accept(2), "Error handling").
  }
  wait();
}

bool Acceptor::accept_one() {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  void* const untyped = &address;
  FileDescriptor socket(
      accept4(socket_.native_handle(), static_cast<sockaddr*>(untyped), &size, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (socket.get() < 0) return false;
  resting_ = false;
  if (door_ == Door::kSocket) {
    Peer peer = unix_peer(socket.get(), door_);
    hooks_.accepted(std::move(socket), AF_UNIX, std::move(peer));
    return true;
  }
  // An answer is one write; waiting for more to send with it only delays it.
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  hooks_.accepted(std::move(socket), address.ss_family, Peer{door_, std::nullopt, address_text(address)});
  return true;
}

/// Accepting again at once would fail again at once, and burn the thread: clients wait in the kernel's queue instead.
void Acceptor::rest(std::string_view why) {
  if (!std::exchange(resting_, true)) hooks_.warn("accepting no connections for a moment: " + std::string(why));
  pause_.expires_after(kPause);
  pause_.async_wait([this](const boost::system::error_code& error) {
    if (!error && socket_.is_open()) accept_some();
  });
}

}  // namespace ipaas::daemon::http
