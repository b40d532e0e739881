// One request, as views into the memory of its connection.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/http/caller.h"

namespace ipaas::daemon::http {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

[[nodiscard]] std::string_view method_name(Method method);

/// Where a request came in. The values are bits, so that a route can name several doors.
enum class Door : std::uint8_t {
  kPublic = 1,   ///< the public TCP port
  kSocket = 2,   ///< the Unix socket
  kMetrics = 4,  ///< a TCP port for scrapers
};

struct Peer {
  Door door = Door::kPublic;
  std::optional<uid_t> uid = {};  ///< of the process at the other end of the Unix socket, by SO_PEERCRED
  std::string address = {};       ///< numeric, without port; "unix" on the socket
};

/// Everything here stays valid and unchanged until the request's Responder has answered or is gone, on every thread.
struct Request {
  using Field = std::pair<std::string_view, std::string_view>;

  Method method = Method::kGet;
  std::string_view path = {};                   ///< as sent, without the query
  std::string_view query_text = {};             ///< as sent, without the question mark
  std::vector<std::string_view> segments = {};  ///< of the path, percent-decoded
  std::vector<Field> params = {};               ///< what the route's {names} stand for
  std::vector<Field> headers = {};              ///< in the order they came
  std::string_view body = {};                   ///< raw bytes, without transfer coding
  std::string_view request_id = {};
  Peer peer = {};
  /// The peer, or what a trusted proxy says of its client.
  std::string client_address = {};
  /// Nothing on routes that are open to everybody.
  std::optional<Caller> caller = {};
  /// What the route's gate has found for it (Passage::found).
  std::shared_ptr<const void> found = {};

  /// The first such header's value; names compare without case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// The decoded value of the first such query parameter (`+` is a space).
  [[nodiscard]] std::optional<std::string> query(std::string_view name) const;
  /// What stands in the place of `{name}`; empty when the route has no such place.
  [[nodiscard]] std::string_view param(std::string_view name) const;
};

}  // namespace ipaas::daemon::http
