// From a request to its handler: one table, in which every row names its permission.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/security/permission.h"
#include "daemon/http/request.h"
#include "daemon/http/responder.h"

namespace ipaas::daemon::http {

/// Sets of doors.
enum class Doors : std::uint8_t { kPublic = 1, kSocket = 2, kBoth = 3, kMetrics = 4, kSocketAndMetrics = 6, kAll = 7 };

/// What a request may do that its route's gate has let in.
struct Passage {
  std::size_t max_body = 0;                  ///< in bytes
  std::shared_ptr<const void> found = {};    ///< for the handler, as Request::found
};

/// One row of the table.
struct Route {
  Method method;
  /// Segments are literal or `{name}`: `/api/v1/workflows/{name}`. A literal is preferred to a name.
  std::string path;
  security::Permission permission;
  Handler handler;
  Doors doors = Doors::kBoth;
  /// Asked once, when the head is read and before a body is; without it everybody passes, with Limits::body_bytes.
  std::function<Result<Passage>(const Request&)> gate = {};
  /// Told of a request whose body was larger than it may be, which no handler sees.
  std::function<void(const Request&)> too_large = {};
};

/// Says who asks, or why they may not: kUnauthenticated for an unknown caller, kForbidden for one who lacks the
/// permission. With Permission::kPublic it is asked only whether it knows the caller. Runs on the io thread.
using Authenticator = std::function<Result<Caller>(const Request&, security::Permission)>;

/// Filled before the server starts and not changed afterwards; then thread-safe.
///
/// Rules: HEAD is answered by GET's handler. Everything below /api/v1 asks the authenticator first, whether the path
/// exists or not, so nobody unknown learns what there is.
class Router {
 public:
  /// Without an authenticator nobody is known.
  explicit Router(Authenticator authenticator = {});
  ~Router();

  /// The same method and path twice, on a door in common, is a defect: aborts.
  void add(Route route);
  void add(std::vector<Route> routes);

  /// The row for the request's method and segments at its door, and fills in `params`; an error is `not_found`, or
  /// method_not_allowed with the methods there are in `hint`, for an Allow header.
  [[nodiscard]] Result<const Route*> find(Request& request) const;

  /// Finds the caller, and refuses who may not. `route` is null where find() found nothing.
  [[nodiscard]] Result<void> admit(Request& request, const Route* route) const;

  [[nodiscard]] const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

 private:
  struct Node;

  Authenticator authenticator_;
  std::vector<std::unique_ptr<Route>> routes_;
  std::unique_ptr<Node> root_;
};

}  // namespace ipaas::daemon::http
