#include "core/security/egress_policy.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "core/security/special_addresses.h"

namespace ipaas::security {
namespace {

/// A rule taken apart: `[name]/prefix:port` or `name/prefix:port`.
struct RuleParts {
  std::string_view name;
  std::optional<std::string_view> prefix;
  std::optional<std::string_view> port;
};

/// Brackets are for IPv6 with a port; without them more than one colon means an IPv6 address without a port.
std::optional<RuleParts> take_apart(std::string_view rule) {
  RuleParts parts;
  std::string_view rest;
  if (rule.starts_with('[')) {
    const std::size_t close = rule.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    parts.name = rule.substr(1, close - 1);
    rest = rule.substr(close + 1);
    if (!rest.empty() && rest[0] != ':' && rest[0] != '/') return std::nullopt;
  } else if (std::count(rule.begin(), rule.end(), ':') > 1) {
    parts.name = rule;
  } else {
    parts.name = rule.substr(0, rule.find(':'));
    rest = rule.substr(parts.name.size());
  }
  if (const std::size_t colon = rest.find(':'); colon != std::string_view::npos) {
    parts.port = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
  }
  if (const std::size_t slash = parts.name.find('/'); slash != std::string_view::npos) {
    parts.prefix = parts.name.substr(slash + 1);
    parts.name = parts.name.substr(0, slash);
  } else if (!rest.empty()) {
    parts.prefix = rest.substr(1);
  }
  return parts;
}

std::optional<unsigned> parse_number(std::string_view text, unsigned lowest, unsigned highest) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < lowest || value > highest) return std::nullopt;
  return value;
}

std::optional<AddressBytes> parse_address(std::string_view text) {
  const std::string name(text);
  in_addr v4{};
  if (::inet_pton(AF_INET, name.c_str(), &v4) == 1) return mapped(ntohl(v4.s_addr));
  AddressBytes v6{};
  if (::inet_pton(AF_INET6, name.c_str(), v6.data()) == 1) return v6;
  return std::nullopt;
}

bool covers(const AddressBytes& network, unsigned prefix, const AddressBytes& address) {
  const std::size_t whole = prefix / 8;
  if (!std::equal(network.begin(), network.begin() + static_cast<std::ptrdiff_t>(whole), address.begin())) return false;
  const unsigned rest = prefix % 8;
  return rest == 0 || (network[whole] ^ address[whole]) >> (8 - rest) == 0;
}

AddressBytes network_of(AddressBytes address, unsigned prefix) {
  for (unsigned bit = prefix; bit < 128; ++bit) address[bit / 8] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
  return address;
}

std::string to_text(const AddressBytes& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (is_mapped(address)) {
    ::inet_ntop(AF_INET, address.data() + 12, text, sizeof text);
  } else {
    ::inet_ntop(AF_INET6, address.data(), text, sizeof text);
  }
  return text;
}

/// Letters, digits, hyphens and underscores, in labels; the last one is no number, for `127.1` and `0x7f000001` are
/// addresses to a resolver (WHATWG URL, "ends in a number").
bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  std::size_t start = 0;
  std::string_view label;
  while (start <= name.size()) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    label = name.substr(start, end - start);
    const bool clean = std::all_of(label.begin(), label.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (!clean || label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    start = end + 1;
  }
  return label.find_first_not_of("0123456789") != std::string_view::npos && !label.starts_with("0x");
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

tl::unexpected<Error> bad_rule(const std::string& rule, std::string why, std::string right = {}) {
  if (right.empty()) right = "write an address (10.1.2.3), a range (10.0.0.0/8), or a host (*.corp.example), each with or without :port";
  return fail(ErrorKind::kInvalid, "egress rule \"" + rule + "\" " + std::move(why), std::move(right), "egress_rule");
}

}  // namespace

Result<EgressPolicy> EgressPolicy::parse(const std::vector<std::string>& rules) {
  EgressPolicy policy;
  for (const std::string& rule : rules) {
    if (auto added = add_rule(rule, policy); !added) return tl::unexpected(std::move(added.error()));
  }
  return policy;
}

Result<void> EgressPolicy::add_rule(const std::string& rule, EgressPolicy& policy) {
  const std::optional<RuleParts> parts = take_apart(rule);
  if (!parts) return bad_rule(rule, "has brackets that do not match", "write [fd00::1]:443");
  std::uint16_t port = 0;
  if (parts->port) {
    const std::optional<unsigned> number = parse_number(*parts->port, 1, 65535);
    if (!number) return bad_rule(rule, "has a port that is not a number from 1 to 65535");
    port = static_cast<std::uint16_t>(*number);
  }
  if (const std::optional<AddressBytes> address = parse_address(parts->name)) {
    return add_address(rule, *address, parts->prefix, port, policy);
  }
  std::string name = lower(parts->name);
  const bool subdomains = name.starts_with("*.");
  if (subdomains) name.erase(0, 2);
  if (name.ends_with('.')) name.pop_back();
  if (parts->prefix || rule.starts_with('[')) return bad_rule(rule, "has no IPv4 or IPv6 address before its prefix");
  if (!is_host_name(name)) return bad_rule(rule, "is neither an address nor a host name");
  policy.hosts_.push_back({std::move(name), subdomains, port});
  return {};
}

Result<void> EgressPolicy::add_address(const std::string& rule, const std::array<std::uint8_t, 16>& address,
                                       std::optional<std::string_view> prefix, std::uint16_t port,
                                       EgressPolicy& policy) {
  // An address written as ::ffff:10.0.0.0/104 counts its bits in IPv6.
  const bool dotted = is_mapped(address) && rule.find("::") == std::string::npos;
  const unsigned longest = dotted ? 32 : 128;
  unsigned bits = longest;
  if (prefix) {
    const std::optional<unsigned> number = parse_number(*prefix, 0, longest);
    if (!number) return bad_rule(rule, "has a prefix that is not a number from 0 to " + std::to_string(longest));
    bits = *number;
  }
  const unsigned prefix_bits = dotted ? bits + 96 : bits;
  const AddressBytes network = network_of(address, prefix_bits);
  if (network != address) {
    return bad_rule(rule, "has bits beyond its prefix", "write " + to_text(network) + "/" + std::to_string(bits));
  }
  policy.addresses_.push_back({network, prefix_bits, port});
  return {};
}

bool EgressPolicy::rule_allows(const std::array<std::uint8_t, 16>& address, std::uint16_t port) const {
  return std::any_of(addresses_.begin(), addresses_.end(), [&](const AddressRule& rule) {
    if (rule.port != 0 && rule.port != port) return false;
    return is_mapped(address) == is_mapped(rule.network) && covers(rule.network, rule.prefix, address);
  });
}

bool EgressPolicy::rule_allows(std::string_view host, std::uint16_t port) const {
  if (hosts_.empty()) return false;
  std::string name = lower(host);
  if (name.ends_with('.')) name.pop_back();
  return std::any_of(hosts_.begin(), hosts_.end(), [&](const HostRule& rule) {
    if (rule.port != 0 && rule.port != port) return false;
    if (!rule.subdomains) return name == rule.name;
    return name.size() > rule.name.size() + 1 && name.ends_with(rule.name) &&
           name[name.size() - rule.name.size() - 1] == '.';
  });
}

bool EgressPolicy::allows(std::string_view host, const sockaddr& address) const {
  AddressBytes bytes{};
  std::uint16_t port = 0;
  // Copied out: a sockaddr may lie at an address that its real type would not.
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    bytes = mapped(ntohl(v4.sin_addr.s_addr));
    port = ntohs(v4.sin_port);
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    port = ntohs(v6.sin6_port);
  } else {
    return false;
  }
  return is_public_unicast(bytes) || rule_allows(bytes, port) || rule_allows(host, port);
}

}  // namespace ipaas::security
