// What an EventStream and its connection share.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "daemon/http/exchange.h"

namespace ipaas::daemon::http {

/// Thread-safe.
class StreamState : public std::enable_shared_from_this<StreamState> {
 public:
  StreamState(std::shared_ptr<Exchange> exchange, std::size_t max_bytes);

  bool send(std::string_view id, std::string_view event, std::string_view data);
  void close();
  [[nodiscard]] bool closed() const;
  void on_close(std::function<void()> callback);

  /// For the connection: puts what waits into `out`, replacing it; answers whether more can come.
  bool take(std::string& out);
  /// For the connection: the reader is gone.
  void lose();
  /// Was more queued than the reader took in time?
  [[nodiscard]] bool overrun() const;

 private:
  void end(bool keep_pending);
  void notify();

  const std::shared_ptr<Exchange> exchange_;
  const std::size_t max_bytes_;
  mutable std::mutex mutex_;  ///< guards what follows
  std::string pending_;
  bool closed_ = false;
  bool overrun_ = false;
  bool notified_ = false;  ///< the connection was told and has not looked yet
  std::function<void()> on_close_;
};

}  // namespace ipaas::daemon::http
