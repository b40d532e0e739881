// Whose word about a client's address counts.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "daemon/http/request.h"

namespace ipaas::daemon::http {

/// Immutable, thread-safe.
class TrustedProxies {
 public:
  /// Addresses and networks (`10.0.0.0/8`, `fd00::/8`); what is neither is kInvalid.
  [[nodiscard]] static Result<TrustedProxies> parse(const std::vector<std::string>& networks);

  [[nodiscard]] bool contains(std::string_view address) const;
  [[nodiscard]] bool empty() const { return networks_.empty(); }

  /// The client behind a peer: the peer itself, unless it is trusted; then the last hop in X-Forwarded-For that is not.
  [[nodiscard]] std::string client_address(const Request& request) const;

 private:
  struct Network {
    boost::asio::ip::address address;
    unsigned prefix = 0;
  };
  std::vector<Network> networks_;
};

}  // namespace ipaas::daemon::http
