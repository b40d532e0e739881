// The connections that are open, and how many an address has.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/http/limits.h"

namespace ipaas::daemon::http {

class Connection;

/// What connections are counted by, for a numeric address: an IPv4 client's address, plain or mapped, and an IPv6
/// client's /64, since that is the least that one customer has: counted singly, its 2^64 addresses would know no cap.
[[nodiscard]] std::string client_network(const std::string& address);

/// Lives on the io thread, except for size().
class ConnectionTable {
 public:
  explicit ConnectionTable(const Limits& limits) : limits_(limits) {}

  /// Is there room for one more from this address? An empty address is exempt from the cap of one address.
  [[nodiscard]] bool has_room(const std::string& address) const;
  void add(std::shared_ptr<Connection> connection, const std::string& address);
  void remove(const Connection* connection, const std::string& address);

  /// A copy, so that a connection may leave while others are visited.
  [[nodiscard]] std::vector<std::shared_ptr<Connection>> all() const;
  [[nodiscard]] std::vector<std::shared_ptr<Connection>> due(std::chrono::steady_clock::time_point now) const;

  /// Thread-safe.
  [[nodiscard]] std::size_t size() const { return size_.load(std::memory_order_relaxed); }

 private:
  const Limits& limits_;
  std::unordered_map<const Connection*, std::shared_ptr<Connection>> connections_;
  std::unordered_map<std::string, std::size_t> per_address_;
  std::atomic<std::size_t> size_{0};
};

}  // namespace ipaas::daemon::http
