#include "core/security/special_addresses.h"

#include <algorithm>

namespace ipaas::security {
namespace {

struct Range4 {
  std::uint32_t network;
  unsigned prefix;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24U | b << 16U | c << 8U | d;
}

/// RFC 6890 and the IANA IPv4 Special-Purpose Address Registry.
constexpr std::array kSpecial4 = {
    Range4{v4(0, 0, 0, 0), 8},        // "this network"; Linux connects 0.0.0.0 to itself
    Range4{v4(10, 0, 0, 0), 8},       // private
    Range4{v4(100, 64, 0, 0), 10},    // shared (carrier NAT); cloud metadata too
    Range4{v4(127, 0, 0, 0), 8},      // loopback
    Range4{v4(169, 254, 0, 0), 16},   // link-local; cloud metadata
    Range4{v4(172, 16, 0, 0), 12},    // private
    Range4{v4(192, 0, 0, 0), 24},     // IETF protocol assignments
    Range4{v4(192, 0, 2, 0), 24},     // documentation
    Range4{v4(192, 88, 99, 0), 24},   // 6to4 relays, deprecated
    Range4{v4(192, 168, 0, 0), 16},   // private
    Range4{v4(198, 18, 0, 0), 15},    // benchmarks
    Range4{v4(198, 51, 100, 0), 24},  // documentation
    Range4{v4(203, 0, 113, 0), 24},   // documentation
    Range4{v4(224, 0, 0, 0), 4},      // multicast
    Range4{v4(240, 0, 0, 0), 4},      // reserved, and broadcast
};

struct Range6 {
  std::array<std::uint8_t, 4> network;
  unsigned prefix;  ///< at most 32
};

/// Inside 2000::/3, by the IANA IPv6 Special-Purpose Address Registry.
constexpr std::array kSpecial6 = {
    Range6{{0x20, 0x01, 0x00, 0x00}, 23},  // IETF protocol assignments: Teredo, benchmarks, ORCHID …
    Range6{{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    Range6{{0x20, 0x02, 0x00, 0x00}, 16},  // 6to4
    Range6{{0x3f, 0xff, 0x00, 0x00}, 20},  // documentation
};

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::array<std::uint8_t, 12> kNat64Prefix = {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0};

std::uint32_t word(const std::uint8_t* bytes) { return v4(bytes[0], bytes[1], bytes[2], bytes[3]); }

bool same_prefix(std::uint32_t a, std::uint32_t b, unsigned prefix) { return (a ^ b) >> (32 - prefix) == 0; }

bool is_public4(std::uint32_t address) {
  return std::none_of(kSpecial4.begin(), kSpecial4.end(),
                      [&](const Range4& range) { return same_prefix(address, range.network, range.prefix); });
}

bool starts_with(const AddressBytes& address, const std::array<std::uint8_t, 12>& prefix) {
  return std::equal(prefix.begin(), prefix.end(), address.begin());
}

}  // namespace

AddressBytes mapped(std::uint32_t address) {
  AddressBytes bytes{};
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin());
  for (unsigned i = 0; i < 4; ++i) bytes[12 + i] = static_cast<std::uint8_t>(address >> (24 - 8 * i));
  return bytes;
}

bool is_mapped(const AddressBytes& address) { return starts_with(address, kMappedPrefix); }

bool is_public_unicast(const AddressBytes& address) {
  if (is_mapped(address) || starts_with(address, kNat64Prefix)) return is_public4(word(address.data() + 12));
  const std::uint32_t head = word(address.data());
  if (!same_prefix(head, v4(0x20, 0, 0, 0), 3)) return false;
  return std::none_of(kSpecial6.begin(), kSpecial6.end(), [&](const Range6& range) {
    return same_prefix(head, word(range.network.data()), range.prefix);
  });
}

}  // namespace ipaas::security
