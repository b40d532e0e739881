// Which addresses the daemon may connect to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

struct sockaddr;

namespace ipaas::security {

/// Refuses loopback, private, link-local, shared, multicast and unspecified addresses, IPv4 in every IPv6 disguise
/// included (mapped, compatible, NAT64, 6to4, Teredo), unless a rule allows them. Sources: RFC 6890 and IANA's
/// special-purpose registries. Immutable, so thread-safe.
class EgressPolicy {
 public:
  /// Rules: `127.0.0.0/8`, `::1/128`, `10.1.2.3`, each with an optional `:port` (IPv6 in brackets then), or a host
  /// name pattern `db.corp.example`, `*.corp.example:443`. A host pattern opens whatever address that name resolves to.
  [[nodiscard]] static Result<EgressPolicy> parse(const std::vector<std::string>& rules);

  /// Nothing private is open.
  EgressPolicy() = default;

  /// May a connection for `host` (as the URL named it, lower case) go to this address?
  [[nodiscard]] bool allows(std::string_view host, const sockaddr& address) const;

 private:
  struct AddressRule;
  struct HostRule;
  std::vector<AddressRule> addresses_;
  std::vector<HostRule> hosts_;

 public:
  EgressPolicy(const EgressPolicy&);
  EgressPolicy(EgressPolicy&&) noexcept;
  EgressPolicy& operator=(const EgressPolicy&);
  EgressPolicy& operator=(EgressPolicy&&) noexcept;
  ~EgressPolicy();
};

}  // namespace ipaas::security
