#include "core/base/ip_network.h"

#include <arpa/inet.h>

#include <charconv>
#include <string>

namespace ipaas {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

constexpr unsigned kMappedPrefix = 96;  // ::ffff:0:0/96

struct Address {
  Bytes bytes;
  bool v4;
};

std::optional<Address> parse_address(std::string_view text) {
  const std::string name(text);
  if (name.find('\0') != std::string::npos) return std::nullopt;
  Bytes bytes{};
  if (::inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1) return Address{bytes, false};
  if (::inet_pton(AF_INET, name.c_str(), bytes.data() + 12) != 1) return std::nullopt;
  bytes[10] = bytes[11] = 0xff;
  return Address{bytes, true};
}

Bytes first_bits(Bytes bytes, unsigned prefix) {
  for (unsigned bit = prefix; bit < 128; ++bit) bytes[bit / 8] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
  return bytes;
}

}  // namespace

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  const unsigned longest = address->v4 ? 32 : 128;
  unsigned prefix = longest;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (error != std::errc() || end != digits.data() + digits.size() || prefix > longest) return std::nullopt;
  }
  IpNetwork network;
  network.prefix_ = prefix + (address->v4 ? kMappedPrefix : 0);
  network.bytes_ = first_bits(address->bytes, network.prefix_);
  return network;
}

bool IpNetwork::contains(std::string_view text) const {
  const auto address = parse_address(text.substr(0, text.find('%')));
  return address && first_bits(address->bytes, prefix_) == bytes_;
}

}  // namespace ipaas
