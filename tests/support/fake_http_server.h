// A server on 127.0.0.1 that does what a test tells it, also what no good server does.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ipaas::test {

/// Each connection runs the script on a thread of its own. The destructor closes every connection and joins.
class FakeHttpServer {
 public:
  /// One accepted connection. Used by its script only.
  class Connection {
   public:
    Connection(FakeHttpServer& server, int fd) : server_(server), fd_(fd) {}

    /// The next request as it came: head and body (by Content-Length). Nothing when the client went away.
    std::optional<std::string> read_request();
    /// False when the client went away.
    bool send(std::string_view bytes);
    /// A whole answer with Content-Length, on a connection that stays open.
    bool answer(std::string_view body, std::string_view status = "200 OK", std::string_view headers = "");
    /// Until the client, or the end of the test, closes it.
    void wait_until_closed();
    /// Closes with a TCP reset instead of an orderly end.
    void reset();

   private:
    bool receive();
    FakeHttpServer& server_;
    int fd_;
    std::string buffer_;
  };
  using Script = std::function<void(Connection&)>;

  explicit FakeHttpServer(Script script);
  ~FakeHttpServer();
  FakeHttpServer(const FakeHttpServer&) = delete;
  FakeHttpServer& operator=(const FakeHttpServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url(std::string_view path = "/", std::string_view host = "127.0.0.1") const;

  /// Requests read so far, in order of arrival.
  [[nodiscard]] std::vector<std::string> requests() const;
  [[nodiscard]] std::size_t connections() const;
  /// Waits for at most ten seconds; false when there were fewer.
  bool wait_for_requests(std::size_t count) const;
  bool wait_for_connections(std::size_t count) const;

 private:
  void accept_all();
  void serve(int fd);

  Script script_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;  ///< guards all below
  mutable std::condition_variable changed_;
  std::vector<std::string> requests_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::size_t accepted_ = 0;
  bool stopping_ = false;
  std::thread acceptor_;
};

namespace detail {

inline std::size_t content_length(std::string_view head) {
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const auto at = head.find(kName);
  return at == std::string_view::npos ? 0 : std::strtoull(head.data() + at + kName.size(), nullptr, 10);
}

}  // namespace detail

inline bool FakeHttpServer::Connection::receive() {
  std::array<char, 16384> chunk;
  const auto got = ::recv(fd_, chunk.data(), chunk.size(), 0);
  if (got <= 0) return false;
  buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  return true;
}

inline std::optional<std::string> FakeHttpServer::Connection::read_request() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return std::nullopt;
  }
  const std::size_t whole = end + 4 + detail::content_length(std::string_view(buffer_).substr(0, end));
  while (buffer_.size() < whole) {
    if (!receive()) return std::nullopt;
  }
  std::string request = buffer_.substr(0, whole);
  buffer_.erase(0, whole);
  const std::lock_guard lock(server_.mutex_);
  server_.requests_.push_back(request);
  server_.changed_.notify_all();
  return request;
}

inline bool FakeHttpServer::Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

inline bool FakeHttpServer::Connection::answer(std::string_view body, std::string_view status,
                                               std::string_view headers) {
  std::string text("HTTP/1.1 ");
  text.append(status).append("\r\n").append(headers);
  text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  return send(text);
}

inline void FakeHttpServer::Connection::wait_until_closed() {
  while (receive()) buffer_.clear();
}

inline void FakeHttpServer::Connection::reset() {
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

inline FakeHttpServer::FakeHttpServer(Script script) : script_(std::move(script)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 4096) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

inline FakeHttpServer::~FakeHttpServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  ::close(listener_);
}

inline std::string FakeHttpServer::url(std::string_view path, std::string_view host) const {
  return "http://" + std::string(host) + ":" + std::to_string(port_) + std::string(path);
}

inline void FakeHttpServer::accept_all() {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (fd < 0 || stopping_) {
      if (fd >= 0) ::close(fd);
      return;
    }
    open_.push_back(fd);
    ++accepted_;
    threads_.emplace_back([this, fd] { serve(fd); });
    changed_.notify_all();
  }
}

inline void FakeHttpServer::serve(int fd) {
  Connection connection(*this, fd);
  script_(connection);
  const std::lock_guard lock(mutex_);
  open_.erase(std::find(open_.begin(), open_.end(), fd));
  ::close(fd);
}

inline std::vector<std::string> FakeHttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

inline std::size_t FakeHttpServer::connections() const {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

inline bool FakeHttpServer::wait_for_requests(std::size_t count) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return requests_.size() >= count; });
}

inline bool FakeHttpServer::wait_for_connections(std::size_t count) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return accepted_ >= count; });
}

}  // namespace ipaas::test
