// A curl multi driven by epoll: the sockets of thousands of transfers, waited for at once.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <optional>
#include <vector>

namespace ipaas::daemon {

/// All of it belongs to one thread but `wake`, which any thread may call.
class OutboundReactor {
 public:
  using Deadline = std::chrono::steady_clock::time_point;
  struct Finished {
    CURL* easy;
    CURLcode code;
  };

  /// Keeps at most `idle_connections` open for reuse. Throws std::system_error where the kernel gives no descriptor.
  explicit OutboundReactor(long idle_connections);
  ~OutboundReactor();
  OutboundReactor(const OutboundReactor&) = delete;
  OutboundReactor& operator=(const OutboundReactor&) = delete;

  /// The handle's transfer begins at the next turn. The handle must be removed before it is reset or freed.
  void add(CURL* easy);
  /// Also stops a transfer that is under way, and closes its connection.
  void remove(CURL* easy);

  /// Waits for sockets, timers, `wake` or `until` and moves the transfers on. Returns those that ended: valid until the
  /// next turn; they still have to be removed.
  const std::vector<Finished>& turn(std::optional<Deadline> until);

  void wake();

 private:
  int wait_milliseconds(std::optional<Deadline> until) const;
  void handle_event(int fd, unsigned events);
  void collect_finished();
  void watch(int fd, int what, bool known);

  static int on_socket(CURL* easy, curl_socket_t fd, int what, void* self, void* known);
  static int on_timer(CURLM* multi, long milliseconds, void* self);

  int epoll_ = -1;
  int wake_ = -1;
  CURLM* multi_ = nullptr;
  std::optional<Deadline> timer_;  ///< when curl wants to be called
  std::vector<Finished> finished_;
};

}  // namespace ipaas::daemon
