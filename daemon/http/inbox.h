// Answers from all threads, on their way to the io thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "daemon/http/response.h"

namespace ipaas::daemon::http {

struct Exchange;
class StreamState;

/// Wakes the io thread once for everything that was pushed since it looked. Thread-safe.
class Inbox : public std::enable_shared_from_this<Inbox> {
 public:
  struct Item {
    std::shared_ptr<Exchange> exchange;
    Response response;
    std::shared_ptr<StreamState> stream;  ///< of an answer that becomes a stream, or that has more to send
    bool starts = true;                   ///< false: the stream was started before
    std::function<void()> gone = {};      ///< no answer yet: what to do if the client goes away before it
  };

  /// `io` must live until close().
  explicit Inbox(boost::asio::io_context& io) : io_(io) {}

  /// False when the server is gone; nothing was taken then.
  bool push(Item item);

  /// From now on nothing is taken, and `io` is not touched any more.
  void close();

 private:
  void deliver();

  boost::asio::io_context& io_;
  std::mutex mutex_;  ///< guards items_ and closed_
  std::vector<Item> items_;
  bool closed_ = false;
  std::vector<Item> taken_;  ///< the io thread's; keeps its capacity
};

}  // namespace ipaas::daemon::http
