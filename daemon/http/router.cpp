#include "daemon/http/router.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace ipaas::daemon::http {
namespace {

bool opens(Doors doors, Door door) {
  return (static_cast<unsigned>(doors) & static_cast<unsigned>(door)) != 0;
}
bool overlap(Doors a, Doors b) {
  return (static_cast<unsigned>(a) & static_cast<unsigned>(b)) != 0;
}

bool is_guarded(const Request& request) {
  return request.segments.size() >= 2 && request.segments[0] == "api" && request.segments[1] == "v1";
}

bool is_name(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  std::size_t start = 1;
  for (std::size_t slash = path.find('/', start); slash != std::string_view::npos; slash = path.find('/', start)) {
    segments.push_back(path.substr(start, slash - start));
    start = slash + 1;
  }
  segments.push_back(path.substr(start));
  return segments;
}

}  // namespace

/// One segment of the known paths.
struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> named;
  std::vector<const Route*> routes;  ///< of paths that end here

  Node& child(std::string_view segment) {
    std::unique_ptr<Node>& next = is_name(segment) ? named : literals[std::string(segment)];
    if (!next) next = std::make_unique<Node>();
    return *next;
  }

  /// The routes of the first path that fits and is open at the door: a literal before a name, at every segment.
  [[nodiscard]] const Node* descend(const std::vector<std::string_view>& segments, std::size_t at, Door door) const {
    if (at == segments.size()) return is_open_at(door) ? this : nullptr;
    if (const auto literal = literals.find(segments[at]); literal != literals.end()) {
      if (const Node* found = literal->second->descend(segments, at + 1, door)) return found;
    }
    return named && !segments[at].empty() ? named->descend(segments, at + 1, door) : nullptr;
  }

  [[nodiscard]] bool is_open_at(Door door) const {
    return std::any_of(routes.begin(), routes.end(), [door](const Route* route) { return opens(route->doors, door); });
  }

  [[nodiscard]] const Route* route(Method method, Door door) const {
    const auto found = std::find_if(routes.begin(), routes.end(), [&](const Route* route) {
      return route->method == method && opens(route->doors, door);
    });
    return found == routes.end() ? nullptr : *found;
  }

  [[nodiscard]] std::string allowed(Door door) const {
    std::string names;
    for (const Route* route : routes) {
      if (!opens(route->doors, door)) continue;
      if (!names.empty()) names += ", ";
      names += method_name(route->method);
      if (route->method == Method::kGet && !this->route(Method::kHead, door)) names += ", HEAD";
    }
    return names;
  }
};

Router::Router(Authenticator authenticator)
    : authenticator_(std::move(authenticator)), root_(std::make_unique<Node>()) {}
Router::~Router() = default;

void Router::add(Route route) {
  if (!route.path.starts_with('/')) std::abort();
  routes_.push_back(std::make_unique<Route>(std::move(route)));
  const Route* const added = routes_.back().get();
  Node* node = root_.get();
  for (const std::string_view segment : split(added->path)) node = &node->child(segment);
  const bool taken = std::any_of(node->routes.begin(), node->routes.end(), [added](const Route* other) {
    return other->method == added->method && overlap(other->doors, added->doors);
  });
  if (taken) std::abort();
  node->routes.push_back(added);
}

void Router::add(std::vector<Route> routes) {
  for (Route& route : routes) add(std::move(route));
}

Result<const Route*> Router::find(Request& request) const {
  request.params.clear();
  const Door door = request.peer.door;
  const Node* const node = root_->descend(request.segments, 0, door);
  if (!node) return fail(ErrorKind::kNotFound, "there is nothing at this path");
  const Route* route = node->route(request.method, door);
  if (!route && request.method == Method::kHead) route = node->route(Method::kGet, door);
  if (!route) {
    return fail(ErrorKind::kInvalid, "this path does not take the method", node->allowed(door), "method_not_allowed");
  }
  const std::vector<std::string_view> pattern = split(route->path);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_name(pattern[i]))
      request.params.emplace_back(pattern[i].substr(1, pattern[i].size() - 2), request.segments[i]);
  }
  return route;
}

Result<void> Router::admit(Request& request, const Route* route) const {
  const security::Permission needed = route ? route->permission : security::Permission::kPublic;
  if (security::permits_anybody(needed) && !is_guarded(request)) return {};
  if (!authenticator_) return fail(ErrorKind::kUnauthenticated, "you are not known here", "bring a token");
  Result<Caller> caller = authenticator_(request, needed);
  if (!caller) return tl::unexpected<Error>(std::move(caller.error()));
  request.caller = std::move(*caller);
  return {};
}

}  // namespace ipaas::daemon::http
