// Takes connections from one listening socket, and rests when there is no room for them.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "daemon/http/listener.h"
#include "daemon/http/request.h"

namespace ipaas::daemon::http {

/// Lives on the io thread.
class Acceptor {
 public:
  struct Hooks {
    std::function<bool()> has_room;  ///< are there file descriptors to spare?
    std::function<void(FileDescriptor, int family, Peer)> accepted;
    std::function<void(std::string_view)> warn;
  };

  Acceptor(boost::asio::io_context& io, FileDescriptor socket, Door door, Hooks hooks);

  void start();
  void close();

 private:
  void wait();
  void accept_some();
  bool accept_one();
  void rest(std::string_view why);

  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer pause_;
  const Door door_;
  const Hooks hooks_;
  bool resting_ = false;  ///< warned already; until a connection is accepted again
};

}  // namespace ipaas::daemon::http
