// How much of this machine a client may take. The defaults are those of the public port.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace ipaas::daemon::http {

/// Durations are wall time on the monotonic clock, enforced by a sweep: late by at most a quarter of the smallest of
/// them, or 250 ms.
struct Limits {
  std::size_t header_bytes = 64 * 1024;  ///< request line and fields together: 431
  std::size_t header_fields = 100;       ///< 431
  std::size_t target_bytes = 8 * 1024;   ///< path and query: 414
  std::size_t body_bytes = 1024 * 1024;  ///< decoded, also when chunked: 413; a route may name its own
  std::size_t webhook_bytes = 32 * 1024 * 1024;  ///< the most that a workflow's `max-body` opens: 413
  /// For the bodies of all requests together, beyond the first 64 KiB of each: 503. The Unix socket is exempt.
  std::size_t body_memory = 256 * 1024 * 1024;

  std::chrono::milliseconds request_time = std::chrono::seconds(10);  ///< first byte to last byte of a request: 408
  std::chrono::milliseconds idle_time = std::chrono::seconds(60);     ///< between requests: closed
  std::chrono::milliseconds write_time = std::chrono::seconds(30);    ///< an answer, or 256 KiB of it, unread: closed
  std::chrono::milliseconds linger_time = std::chrono::seconds(1);  ///< for the client to see a refusal before the end
  std::chrono::milliseconds ping_time = std::chrono::seconds(15);   ///< a silent event stream says that it lives

  std::size_t connections = 10'000;
  /// The /64 of an IPv6 address counts as one. Trusted proxies and the Unix socket are exempt.
  std::size_t connections_per_address = 1'024;
  std::size_t stream_bytes = 1024 * 1024;  ///< events that a reader has not taken yet: closed

  /// Addresses or networks (`10.0.0.0/8`, `::1`) whose X-Forwarded-For is believed.
  std::vector<std::string> trusted_proxies = {};
};

}  // namespace ipaas::daemon::http
