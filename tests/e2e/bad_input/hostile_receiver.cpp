#include "tests/e2e/bad_input/hostile_receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string_view>

namespace ipaas::test {
namespace {

bool send_all(int connection, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// Until the other side has had enough, or this much is sent: nothing here goes on for ever.
void send_again_and_again(int connection, std::string_view piece, std::uint64_t most) {
  for (std::uint64_t sent = 0; sent < most && send_all(connection, piece); sent += piece.size()) {
  }
}

std::string read_head(int connection) {
  std::string head;
  char bytes[4096];
  while (head.find("\r\n\r\n") == std::string::npos) {
    const ssize_t size = ::recv(connection, bytes, sizeof bytes, 0);
    if (size <= 0) break;
    head.append(bytes, static_cast<std::size_t>(size));
  }
  return head;
}

/// A hundred megabytes of zeros, as gzip(1) packs them.
const std::string& gzip_bomb() {
  static const std::string packed = [] {
    std::string bytes;
    FILE* const pipe = ::popen("head -c 104857600 /dev/zero | gzip -1", "r");
    char piece[65536];
    while (const std::size_t size = std::fread(piece, 1, sizeof piece, pipe)) bytes.append(piece, size);
    ::pclose(pipe);
    return bytes;
  }();
  return packed;
}

constexpr std::uint64_t kPlenty = 2ULL * 1024 * 1024 * 1024;

}  // namespace

HostileReceiver::HostileReceiver() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  gzip_bomb();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  void* const any = &address;
  ::bind(listener_, static_cast<sockaddr*>(any), size);
  ::listen(listener_, 16);
  ::getsockname(listener_, static_cast<sockaddr*>(any), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { serve(); });
}

HostileReceiver::~HostileReceiver() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void HostileReceiver::serve() {
  for (;;) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    answer(connection);
    ::close(connection);
  }
}

void HostileReceiver::answer(int connection) const {
  const std::string head = read_head(connection);
  const auto asks_for = [&](std::string_view path) { return head.find(path) != std::string::npos; };
  const std::string piece(65536, 'x');
  if (asks_for(" /huge ")) {
    send_all(connection, "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n");
    send_again_and_again(connection, piece, kPlenty);
  } else if (asks_for(" /endless ")) {
    send_all(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    send_again_and_again(connection, "10000\r\n" + piece + "\r\n", kPlenty);
  } else if (asks_for(" /headers ")) {
    send_all(connection, "HTTP/1.1 200 OK\r\n");
    send_again_and_again(connection, "X-Header: " + std::string(1000, 'y') + "\r\n", kPlenty);
  } else if (asks_for(" /slow ")) {
    bool taken = send_all(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    for (int i = 0; taken && i < 100; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));  // this is what it is for
      taken = send_all(connection, "x");
    }
  } else if (asks_for(" /bomb ")) {
    send_all(connection, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
                             std::to_string(gzip_bomb().size()) + "\r\n\r\n" + gzip_bomb());
  } else {
    send_all(connection,
             "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/\r\nContent-Length: 0\r\n\r\n");
  }
}

}  // namespace ipaas::test
