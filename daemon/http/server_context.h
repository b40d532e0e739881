// What every connection of one server shares. Lives on the io thread.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "daemon/http/body_budget.h"
#include "daemon/http/connection_table.h"
#include "daemon/http/inbox.h"
#include "daemon/http/limits.h"
#include "daemon/http/request_ids.h"
#include "daemon/http/router.h"
#include "daemon/http/trusted_proxies.h"

namespace ipaas::daemon::http {

struct ServerContext {
  ServerContext(Limits all_limits, const Router& all_routes, Randomness& randomness,
                std::function<void(std::string_view)> to_warn)
      : limits(std::move(all_limits)),
        router(all_routes),
        ids(randomness),
        warn(std::move(to_warn)),
        table(limits),
        bodies(limits.body_memory, warn) {}

  const Limits limits;
  const Router& router;
  TrustedProxies proxies = {};
  RequestIds ids;
  const std::function<void(std::string_view)> warn;
  ConnectionTable table;
  BodyBudget bodies;
  std::shared_ptr<Inbox> inbox = {};
  /// Where bytes are read to before they are known to be worth keeping: idle connections hold no buffer.
  std::vector<char> scratch = std::vector<char>(64 * 1024);
  bool draining = false;
};

}  // namespace ipaas::daemon::http
