// Addresses and networks of IPv4 and IPv6, as text writes them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ipaas {

/// An address or a CIDR block (RFC 4632, RFC 4291). IPv4 is kept as ::ffff:a.b.c.d, so that it is the same network
/// whichever way it is written.
class IpNetwork {
 public:
  /// `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`. Bits beyond the prefix do not count.
  [[nodiscard]] static std::optional<IpNetwork> parse(std::string_view text);

  /// False for what is no address. A zone (`fe80::1%eth0`) is passed over.
  [[nodiscard]] bool contains(std::string_view address) const;

  friend bool operator==(const IpNetwork&, const IpNetwork&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
  unsigned prefix_ = 128;
};

}  // namespace ipaas
