// An HTTP server whose answers no client should have to bear.
#pragma once

#include <cstdint>
#include <string>
#include <thread>

namespace ipaas::test {

/// What it answers is in the path: /huge promises 10 GB and begins to send them, /endless sends chunks for ever, /slow a
/// byte of a body each 100 ms, /headers header lines for ever, /bomb half a megabyte of gzip that is a hundred of zeros,
/// /redirect the address of a cloud's metadata. One connection after the other, on a thread of its own.
class HostileReceiver {
 public:
  HostileReceiver();
  HostileReceiver(const HostileReceiver&) = delete;
  HostileReceiver& operator=(const HostileReceiver&) = delete;
  ~HostileReceiver();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }

 private:
  void serve();
  void answer(int connection) const;

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

}  // namespace ipaas::test
