// The daemon's API over its Unix socket.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/api/event_stream.h"
#include "cli/exit_code.h"
#include "core/base/json.h"

namespace ipaas::cli {

/// The `data` of an answer's envelope.
struct Answer {
  Json data;
  std::string next_cursor;  ///< of a list; empty on the last page
};

/// Query parameters; those with an empty value are left out.
using Query = std::vector<std::pair<std::string, std::string>>;

/// `/api/v1/workflows` and a name -> one path, the name percent-encoded.
[[nodiscard]] std::string api_path(std::string_view collection, std::string_view name, std::string_view verb = {});

/// Each call is one exchange on a connection of its own. Errors are the daemon's own, one for each of its details; a
/// daemon that cannot be reached is one error of code `daemon_unreachable`. Not thread-safe.
class Client {
 public:
  Client(std::string socket, std::string tenant) : socket_(std::move(socket)), tenant_(std::move(tenant)) {}

  [[nodiscard]] const std::string& socket() const { return socket_; }

  [[nodiscard]] ResultOrErrors<Answer> get(const std::string& path, const Query& query = {}) const;
  [[nodiscard]] ResultOrErrors<Answer> post(const std::string& path, const Json& body = Json::object()) const;
  [[nodiscard]] ResultOrErrors<Answer> put(const std::string& path, const Json& body) const;
  [[nodiscard]] ResultOrErrors<Answer> remove(const std::string& path) const;

  enum class StreamEnd { kReceiverDone, kConnectionLost };

  /// Hands on events until the receiver has enough or the connection ends.
  [[nodiscard]] ResultOrErrors<StreamEnd> stream(const std::string& path, const Query& query,
                                                 const std::string& last_event_id,
                                                 const EventStreamParser::Receiver& receiver) const;

 private:
  std::string socket_;
  std::string tenant_;
};

}  // namespace ipaas::cli
