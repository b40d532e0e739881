#include "daemon/http/connection_table.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdint>

#include "daemon/http/connection.h"

namespace ipaas::daemon::http {

std::string client_network(const std::string& address) {
  in6_addr v6{};
  if (inet_pton(AF_INET6, address.c_str(), &v6) != 1) return address;
  char text[INET6_ADDRSTRLEN] = {};
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return inet_ntop(AF_INET, &v6.s6_addr[12], text, sizeof text);
  std::fill(v6.s6_addr + 8, v6.s6_addr + 16, std::uint8_t{0});
  return std::string(inet_ntop(AF_INET6, &v6, text, sizeof text)) + "/64";
}

bool ConnectionTable::has_room(const std::string& address) const {
  if (connections_.size() >= limits_.connections) return false;
  const auto found = per_address_.find(address);
  return address.empty() || found == per_address_.end() || found->second < limits_.connections_per_address;
}

void ConnectionTable::add(std::shared_ptr<Connection> connection, const std::string& address) {
  if (!address.empty()) ++per_address_[address];
  const Connection* const key = connection.get();
  connections_.emplace(key, std::move(connection));
  size_.store(connections_.size(), std::memory_order_relaxed);
}

void ConnectionTable::remove(const Connection* connection, const std::string& address) {
  if (connections_.erase(connection) == 0) return;
  size_.store(connections_.size(), std::memory_order_relaxed);
  const auto found = per_address_.find(address);
  if (found != per_address_.end() && --found->second == 0) per_address_.erase(found);
}

std::vector<std::shared_ptr<Connection>> ConnectionTable::all() const {
  std::vector<std::shared_ptr<Connection>> copy;
  copy.reserve(connections_.size());
  for (const auto& [key, connection] : connections_) copy.push_back(connection);
  return copy;
}

std::vector<std::shared_ptr<Connection>> ConnectionTable::due(std::chrono::steady_clock::time_point now) const {
  std::vector<std::shared_ptr<Connection>> due;
  for (const auto& [key, connection] : connections_) {
    if (connection->deadline() <= now) due.push_back(connection);
  }
  return due;
}

}  // namespace ipaas::daemon::http
