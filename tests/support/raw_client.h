// A client that sends exactly the bytes it is told to, over TCP or a Unix socket.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace ipaas::test {

/// One answer: its head as text and its body by Content-Length.
struct RawAnswer {
  int status = 0;  ///< 0: the connection ended without one
  std::string head;
  std::string body;

  [[nodiscard]] bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
};

/// Waits at most `patience` for anything. Not thread-safe.
class RawClient {
 public:
  static constexpr std::chrono::milliseconds kPatience{10'000};

  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect_to(&address, sizeof address);
  }
  explicit RawClient(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    connect_to(&address, sizeof address);
  }
  RawClient(RawClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_), got_(std::move(other.got_)) {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() {
    if (socket_ >= 0) ::close(socket_);
  }

  [[nodiscard]] bool connected() const { return connected_; }

  /// False when the other side has ended the connection before all was sent.
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Says that nothing more will be sent; answers are still read.
  void half_close() { ::shutdown(socket_, SHUT_WR); }
  void leave() { ::close(std::exchange(socket_, -1)); }

  /// Everything until the other side ends the connection.
  std::string read_all() {
    while (read_some()) {
    }
    return std::exchange(got_, {});
  }

  RawAnswer read_answer(bool to_head = false) {
    const std::string head = read_until("\r\n\r\n");
    if (head.empty()) return {};
    RawAnswer answer{std::atoi(head.c_str() + 9), head, {}};
    const std::size_t length = head.find("Content-Length: ");
    const std::size_t size =
        length == std::string::npos || to_head ? 0 : std::strtoul(head.c_str() + length + 16, nullptr, 10);
    while (got_.size() < size && read_some()) {
    }
    answer.body = got_.substr(0, size);
    got_.erase(0, size);
    return answer;
  }

  /// Up to and with `end`; empty when the connection ends before.
  std::string read_until(std::string_view end) {
    std::size_t found = got_.find(end);
    while (found == std::string::npos && read_some()) found = got_.find(end);
    if (found == std::string::npos) return {};
    std::string text = got_.substr(0, found + end.size());
    got_.erase(0, found + end.size());
    return text;
  }

  /// Does the other side end the connection, having said nothing more?
  bool sees_end() { return got_.empty() && !read_some() && got_.empty(); }

  /// Is there something to read, or an end to see, within this time?
  bool readable(std::chrono::milliseconds within) {
    pollfd wanted{socket_, POLLIN, 0};
    return ::poll(&wanted, 1, static_cast<int>(within.count())) == 1;
  }

  RawAnswer ask(std::string_view request) {
    send(request);
    return read_answer();
  }

 private:
  void connect_to(const void* address, socklen_t size) {
    connected_ = socket_ >= 0 && ::connect(socket_, static_cast<const sockaddr*>(address), size) == 0;
  }

  bool read_some() {
    if (!readable(kPatience)) return false;
    char bytes[65536];
    const ssize_t size = ::recv(socket_, bytes, sizeof bytes, 0);
    if (size <= 0) return false;
    got_.append(bytes, static_cast<std::size_t>(size));
    return true;
  }

  int socket_;
  bool connected_ = false;
  std::string got_;
};

}  // namespace ipaas::test
