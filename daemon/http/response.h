// One answer, before the server gives it its envelope and its request id.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ipaas::daemon::http {

/// Made by the functions of envelope.h.
struct Response {
  enum class Shape : std::uint8_t {
    kData,   ///< body is the JSON text of `data`
    kError,  ///< body is the JSON text of `error`
    kRaw,    ///< body is sent as it is
  };

  int status = 200;
  Shape shape = Shape::kData;
  std::string body = {};
  std::string meta = {};          ///< more members of `meta`, as JSON text: `"next_cursor":"…"`
  std::string content_type = {};  ///< of a raw body; empty: no Content-Type
  /// Neither Content-Length, Content-Type, Connection nor X-Request-Id. A pair with CR, LF or NUL is left out.
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool close = false;  ///< end the connection after this answer
};

}  // namespace ipaas::daemon::http
