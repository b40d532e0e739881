#include "core/security/egress_policy.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

#include "tests/support/catch.h"

using namespace ipaas;
using namespace ipaas::security;

namespace {

/// The socket address of a literal IPv4 or IPv6 address.
sockaddr_storage address_of(const std::string& text, std::uint16_t port = 443) {
  sockaddr_storage storage{};
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&storage, &v4, sizeof v4);
  } else {
    REQUIRE(::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&storage, &v6, sizeof v6);
  }
  return storage;
}

bool allowed(const EgressPolicy& policy, const std::string& address, std::uint16_t port = 443, std::string_view host = "api.example") {
  const sockaddr_storage storage = address_of(address, port);
  return policy.allows(host, *static_cast<const sockaddr*>(static_cast<const void*>(&storage)));
}

EgressPolicy policy_of(const std::vector<std::string>& rules) {
  auto policy = EgressPolicy::parse(rules);
  REQUIRE(policy);
  return *policy;
}

}  // namespace

TEST_CASE("without rules only public addresses are open") {
  const EgressPolicy policy;
  for (const char* open : {"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "198.17.0.1", "223.255.255.255",
                           "2606:4700:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808"}) {
    CAPTURE(open);
    CHECK(allowed(policy, open));
  }
}

TEST_CASE("every special IPv4 range is closed") {
  const EgressPolicy policy;
  for (const char* closed : {"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1",
                             "127.1.2.3", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1",
                             "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"}) {
    CAPTURE(closed);
    CHECK_FALSE(allowed(policy, closed));
  }
}

TEST_CASE("every special IPv6 range, and IPv4 in each of its disguises, is closed") {
  const EgressPolicy policy;
  for (const char* closed : {"::", "::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::127.0.0.1", "::7f00:1", "::8.8.8.8",
                             "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "64:ff9b:1:a00:1::",
                             "2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:808:808::1", "2001:0:7f00:1::", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                             "fc00::1", "fd00:ec2::254", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1", "4000::1"}) {
    CAPTURE(closed);
    CHECK_FALSE(allowed(policy, closed));
  }
}

TEST_CASE("a range opens its addresses and no others") {
  const EgressPolicy policy = policy_of({"10.1.0.0/17", "192.168.7.9", "fd00::/9", "::1"});
  CHECK(allowed(policy, "10.1.127.255"));
  CHECK(allowed(policy, "::ffff:10.1.0.1"));
  CHECK(allowed(policy, "192.168.7.9"));
  CHECK(allowed(policy, "fd7f::1"));
  CHECK(allowed(policy, "::1"));
  CHECK_FALSE(allowed(policy, "10.1.128.0"));
  CHECK_FALSE(allowed(policy, "192.168.7.8"));
  CHECK_FALSE(allowed(policy, "fd80::1"));
  CHECK_FALSE(allowed(policy, "64:ff9b::10.1.0.1"));
  CHECK_FALSE(allowed(policy, "127.0.0.1"));
}

TEST_CASE("a rule for all of one family opens nothing of the other") {
  CHECK_FALSE(allowed(policy_of({"::/0"}), "127.0.0.1"));
  CHECK(allowed(policy_of({"::/0"}), "::1"));
  CHECK_FALSE(allowed(policy_of({"0.0.0.0/0"}), "::1"));
  CHECK(allowed(policy_of({"0.0.0.0/0"}), "127.0.0.1"));
}

TEST_CASE("a port narrows a rule") {
  const EgressPolicy policy = policy_of({"127.0.0.0/8:8080", "[::1]:8080", "[fd00::/8]:443", "[fe80::]/10:443"});
  CHECK(allowed(policy, "127.0.0.1", 8080));
  CHECK_FALSE(allowed(policy, "127.0.0.1", 8081));
  CHECK(allowed(policy, "::1", 8080));
  CHECK_FALSE(allowed(policy, "::1", 80));
  CHECK(allowed(policy, "fd12::1", 443));
  CHECK_FALSE(allowed(policy, "fd12::1", 80));
  CHECK(allowed(policy, "fe80::1", 443));
}

TEST_CASE("a host pattern opens what its name resolves to") {
  const EgressPolicy policy = policy_of({"DB.corp.example", "*.int.example:443"});
  CHECK(allowed(policy, "10.0.0.1", 5432, "db.corp.example"));
  CHECK(allowed(policy, "10.0.0.1", 5432, "db.corp.example."));
  CHECK(allowed(policy, "10.0.0.1", 443, "a.int.example"));
  CHECK(allowed(policy, "10.0.0.1", 443, "a.b.int.example"));
  CHECK_FALSE(allowed(policy, "10.0.0.1", 80, "a.int.example"));
  CHECK_FALSE(allowed(policy, "10.0.0.1", 443, "int.example"));
  CHECK_FALSE(allowed(policy, "10.0.0.1", 443, "xint.example"));
  CHECK_FALSE(allowed(policy, "10.0.0.1", 443, "a.int.example.evil.example"));
  CHECK_FALSE(allowed(policy, "10.0.0.1", 443, "sub.db.corp.example"));
}

TEST_CASE("an address that is no internet address is closed") {
  sockaddr local{};
  local.sa_family = AF_UNIX;
  CHECK_FALSE(policy_of({"0.0.0.0/0", "::/0"}).allows("x", local));
}

TEST_CASE("a wrong rule is named, with what is right") {
  for (const char* rule : {"", "*", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/08x", "10.1.2.3/8", "::1/129", "fd00::1/8", "[::1", "[::1]443", "[::1]:0",
                           "127.0.0.1:65536", "127.0.0.1:http", "127.0.0.1:", "127.1", "2130706433", "0x7f000001", "host/24", "a..b", "-a.example", "a.*.example",
                           "**.example", "http://host", "h\xC3\xB6st.example", "user@host", "[host]:80"}) {
    CAPTURE(rule);
    const auto policy = EgressPolicy::parse({"127.0.0.1", rule});
    REQUIRE_FALSE(policy);
    CHECK(policy.error().code == "egress_rule");
    CHECK(policy.error().message.find(rule) != std::string::npos);
    CHECK_FALSE(policy.error().hint.empty());
  }
  CHECK(EgressPolicy::parse({"10.1.2.3/8"}).error().hint == "write 10.0.0.0/8");
}
