// Which addresses are public, by IANA's special-purpose registries.
#pragma once

#include <array>
#include <cstdint>

namespace ipaas::security {

/// An IPv6 address in network order; IPv4 as ::ffff:a.b.c.d.
using AddressBytes = std::array<std::uint8_t, 16>;

/// The IPv4 address (host order) as IPv6 writes it.
[[nodiscard]] AddressBytes mapped(std::uint32_t v4);
[[nodiscard]] bool is_mapped(const AddressBytes& address);

/// Could this be one host of the public internet? For IPv6 only 2000::/3 without its special ranges, and 64:ff9b::/96
/// (NAT64) in front of public IPv4, which hosts without IPv4 need. Deprecated tunnels (6to4, Teredo, compatible) are not.
[[nodiscard]] bool is_public_unicast(const AddressBytes& address);

}  // namespace ipaas::security
