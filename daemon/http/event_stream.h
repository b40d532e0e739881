// Server-sent events (WHATWG HTML, section 9.2): an answer that goes on.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace ipaas::daemon::http {

class StreamState;

/// One reader's stream. Copies are the same stream. Thread-safe.
class EventStream {
 public:
  explicit EventStream(std::shared_ptr<StreamState> state);

  /// Queues one event; `id` and `event` may be empty and must not hold line ends, `data` may. False when the stream is
  /// closed: by the reader, by us, by the end of the server, or since the reader is too slow (Limits::stream_bytes).
  bool send(std::string_view id, std::string_view event, std::string_view data);

  /// Ends the stream after what is queued.
  void close();
  [[nodiscard]] bool closed() const;

  /// Called once, when the stream has closed for whatever reason, at once when it has already. It runs on the io thread
  /// or on the one that closed it, and must not block. One callback a stream.
  void on_close(std::function<void()> callback);

 private:
  std::shared_ptr<StreamState> state_;
};

}  // namespace ipaas::daemon::http
