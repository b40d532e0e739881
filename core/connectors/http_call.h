// An HTTP exchange as data: what a connector asks for and what came of it. No socket is here; the daemon sends it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/secret.h"

namespace ipaas::connectors {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// A request that is ready to go, but for what a credential adds: that is kept apart, so that it can be left behind
/// when a redirect leads to another origin, and wiped.
struct HttpCall {
  std::string method = "GET";
  std::string url;  ///< absolute, http or https, without user info
  HeaderList headers;
  std::string body;

  std::vector<std::pair<std::string, Secret>> credential_headers;
  /// Appended to the query of `url`, percent-encoded.
  std::vector<std::pair<std::string, Secret>> credential_query;
  /// The whole URL where it is itself the secret (an incoming-webhook address); then `url` is empty.
  Secret credential_url;

  bool follow_redirects = false;
  Duration timeout = std::chrono::seconds(30);  ///< of the whole exchange, redirects included
  std::size_t response_cap = 10 * 1024 * 1024;  ///< bytes of the decoded body
};

struct HttpReply {
  int status = 0;
  HeaderList headers;  ///< of the last hop, names in lower case, in order of arrival
  std::string body;    ///< decoded (gzip, deflate, br as curl was built)
};

/// How far an exchange got before it failed. The safe retry rests on it.
enum class SendState {
  kNotSent,  ///< surely not one byte of the request was read by the receiver: name, connection, TLS, or refused by us
  kUnknown,  ///< bytes went out; what the receiver did is unknown
};

/// Why there is no reply. `code` is one of the error codes of an execution: connect_failed, tls_failed, dns_failed,
/// timeout, reset, response_too_large, egress_blocked, cancelled, input_invalid (a header with CR or LF, a bad URL).
struct TransportFailure {
  SendState sent = SendState::kNotSent;
  std::string code;
  std::string message;  ///< for a person; holds no secret (a secret URL is named by its host only)
};

}  // namespace ipaas::connectors
