// The memory of one request and the way back to its connection.
#pragma once

#include <memory>
#include <string>

#include "daemon/http/request.h"

namespace ipaas::daemon::http {

class Connection;
class Inbox;

/// Shared by a connection, which fills it on the io thread, and the Responder of the request that is in it; while a
/// Responder is out, nobody writes here. So a Request outlives its connection as long as somebody still works on it.
struct Exchange {
  Request request;
  std::string head;     ///< request line and fields, as they came
  std::string body;     ///< without transfer coding
  std::string decoded;  ///< percent-decoded segments of the path
  std::string request_id;

  std::weak_ptr<Connection> connection;  ///< set once, locked on the io thread only
  std::shared_ptr<Inbox> inbox;          ///< set once
  std::size_t max_stream_bytes = 0;      ///< set once
};

}  // namespace ipaas::daemon::http
