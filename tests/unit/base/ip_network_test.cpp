#include "core/base/ip_network.h"

#include <string>

#include "core/base/size_text.h"
#include "tests/support/catch.h"

using namespace ipaas;

TEST_CASE("a network holds its addresses, whichever way they are written") {
  const auto v4 = IpNetwork::parse("192.0.2.128/25");
  REQUIRE(v4);
  for (const char* inside : {"192.0.2.128", "192.0.2.255", "::ffff:192.0.2.200", "::ffff:c000:2c8"}) CHECK(v4->contains(inside));
  for (const char* outside : {"192.0.2.127", "192.0.3.128", "::192.0.2.200", "::1", "", "unix", "192.0.2.200.", "192.0.2.0x80"}) {
    CHECK_FALSE(v4->contains(outside));
  }
  CHECK(IpNetwork::parse("192.0.2.200/25") == v4);
  CHECK(IpNetwork::parse("::ffff:192.0.2.128/121") == v4);
  const auto v6 = IpNetwork::parse("2001:db8::/33");
  CHECK(v6->contains("2001:0DB8:7fff::1"));
  CHECK_FALSE(v6->contains("2001:db8:8000::1"));
  CHECK(IpNetwork::parse("fe80::/10")->contains("fe80::1%eth0"));
  CHECK(IpNetwork::parse("0.0.0.0/0")->contains("255.255.255.255"));
  CHECK_FALSE(IpNetwork::parse("0.0.0.0/0")->contains("2001:db8::1"));
  CHECK(IpNetwork::parse("::/0")->contains("192.0.2.1"));
  CHECK(IpNetwork::parse("192.0.2.1")->contains("192.0.2.1"));
  CHECK_FALSE(IpNetwork::parse("192.0.2.1")->contains("192.0.2.0"));
}

TEST_CASE("what is no network is none") {
  for (const char* text : {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8 ", " 10.0.0.0/8", "10.0.0/8", "10.0.0.256",
                           "010.0.0.1", "0x7f000001", "2130706433", "::/129", "::1/x", "[::1]", "10.0.0.0/8/8", "host.example"}) {
    INFO(text);
    CHECK_FALSE(IpNetwork::parse(text));
  }
  CHECK_FALSE(IpNetwork::parse(std::string("10.0.0.1\0", 9)));
}

TEST_CASE("sizes are read and written back") {
  CHECK(parse_size("0") == 0U);
  CHECK(parse_size("512B") == 512U);
  CHECK(parse_size("64KiB") == 65536U);
  CHECK(parse_size("25MiB") == 25U * 1024 * 1024);
  for (const char* text : {"", "KiB", "1MB", "1mib", "1 MiB", "-1", "+1", "1.5MiB", "0x10", "99999999999999999999", "18446744073709551615KiB"}) {
    INFO(text);
    CHECK_FALSE(parse_size(text));
  }
  for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1000}, std::uint64_t{1024}, std::uint64_t{1536000}, std::uint64_t{32} << 20U}) {
    CHECK(parse_size(format_size(bytes)) == bytes);
  }
  CHECK(format_size(1024 * 1024) == "1MiB");
}
