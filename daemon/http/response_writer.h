// An answer as bytes.
#pragma once

#include <string>
#include <string_view>

#include "daemon/http/response.h"

namespace ipaas::daemon::http {

struct WriteOptions {
  std::string_view request_id = {};
  bool keep_alive = true;
  bool head_only = false;  ///< the answer to HEAD: the body's length, not the body
  int minor_version = 1;   ///< of the request
};

/// Appends head, envelope and body to `out`.
void write_response(const Response& response, const WriteOptions& options, std::string& out);

/// Appends the head of an answer that ends with its connection.
void write_stream_head(const Response& response, std::string_view request_id, std::string& out);

}  // namespace ipaas::daemon::http
