// The daemon's HTTP server: TCP ports and a Unix socket, one route table, one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/base/random.h"
#include "daemon/http/limits.h"
#include "daemon/http/router.h"

namespace ipaas::daemon::http {

/// Owns the io thread. Its functions are called by one thread, the owner's; what handlers hold (Responder, EventStream)
/// is thread-safe and may outlive the server.
///
/// Life: listen_… , start(), then at the end stop_accepting(), drain(), stop(). The destructor stops.
class HttpServer {
 public:
  /// For the operator's log: "accepting no connections for a moment: too many open files". Runs on the io thread.
  using Warn = std::function<void(std::string_view)>;

  /// `router` must outlive this. `randomness` is used once, for the first request id.
  HttpServer(Limits limits, const Router& router, Randomness& randomness, Warn warn = {});
  ~HttpServer();

  /// Binds a port (0: any) and answers which. `host` is an address or a name; kMetrics is a port of its own.
  /// A port in use is kConflict.
  [[nodiscard]] Result<std::uint16_t> listen_tcp(const std::string& host, std::uint16_t port,
                                                 Door door = Door::kPublic);

  /// Makes the directory (0750) where it is missing and the socket (`mode`), group `ipaas` where it exists. A stale
  /// socket is replaced; one on which somebody answers is kConflict. The socket is removed by stop().
  [[nodiscard]] Result<void> listen_unix(const std::string& path, unsigned mode = 0660);

  void start();

  /// Closes the listening sockets and idle connections; requests in flight go on, each answered with
  /// `Connection: close`. Event streams are ended.
  void stop_accepting();

  /// Waits until no connection is left or the time is over, and answers whether none is.
  bool drain(std::chrono::milliseconds time);

  /// Closes what is open and joins the thread. Answers that come later go nowhere.
  void stop();

  /// Connections that are open now. Thread-safe.
  [[nodiscard]] std::size_t connections() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace ipaas::daemon::http
