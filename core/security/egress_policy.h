// Which addresses the daemon may connect to.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

struct sockaddr;

namespace ipaas::security {

/// Refuses every address that is not a public unicast one (loopback, private, link-local, shared, documentation,
/// multicast, reserved, unspecified), IPv4 in every IPv6 disguise included (mapped, compatible, NAT64, 6to4, Teredo),
/// unless a rule allows it. Sources: RFC 6890 and IANA's special-purpose address registries. Immutable, so thread-safe.
class EgressPolicy {
 public:
  /// Rules: `127.0.0.0/8`, `::1/128`, `10.1.2.3`, each with an optional `:port` (IPv6 in brackets then, `[fd00::/8]:443`),
  /// or a host name pattern `db.corp.example`, `*.corp.example:443`. A host pattern opens whatever address that name
  /// resolves to. An IPv6 rule opens no IPv4 address and the other way round, but `::ffff:` addresses count as IPv4.
  /// The error (kInvalid, code `egress_rule`) names the rule and what is right.
  [[nodiscard]] static Result<EgressPolicy> parse(const std::vector<std::string>& rules);

  /// Nothing private is open.
  EgressPolicy() = default;

  /// May a connection for `host` (as the URL named it, lower case) go to this address?
  [[nodiscard]] bool allows(std::string_view host, const sockaddr& address) const;

 private:
  /// The leading `prefix` bits of `network` decide. IPv4 is kept as ::ffff:a.b.c.d, so one comparison serves both.
  struct AddressRule {
    std::array<std::uint8_t, 16> network{};
    unsigned prefix = 128;
    std::uint16_t port = 0;  ///< 0: every port
  };
  struct HostRule {
    std::string name;         ///< lower case, without the `*.`
    bool subdomains = false;  ///< `*.name`: everything below the name, not the name itself
    std::uint16_t port = 0;
  };

  [[nodiscard]] static Result<void> add_rule(const std::string& rule, EgressPolicy& policy);
  [[nodiscard]] static Result<void> add_address(const std::string& rule, const std::array<std::uint8_t, 16>& address,
                                                std::optional<std::string_view> prefix, std::uint16_t port,
                                                EgressPolicy& policy);
  [[nodiscard]] bool rule_allows(const std::array<std::uint8_t, 16>& address, std::uint16_t port) const;
  [[nodiscard]] bool rule_allows(std::string_view host, std::uint16_t port) const;

  std::vector<AddressRule> addresses_;
  std::vector<HostRule> hosts_;
};

}  // namespace ipaas::security
