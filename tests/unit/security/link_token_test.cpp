// Tokens of links: bound to key, purpose and every part.
#include "core/security/link_token.h"

#include "core/base/encoding.h"
#include "core/security/vault.h"
#include "tests/support/catch.h"
#include "tests/support/fake_randomness.h"

using namespace ipaas;
using namespace ipaas::security;

TEST_CASE("a link token is made and known by the same key and parts") {
  const Secret key("key");
  const std::string token = link_token(key, {"tn_1", "ex_1", "ok"});
  CHECK(token.size() == 43);
  CHECK(base64_decode(token, Base64Alphabet::kUrl)->size() == 32);
  CHECK(token == link_token(key, {"tn_1", "ex_1", "ok"}));
  CHECK(is_link_token({key}, {"tn_1", "ex_1", "ok"}, token));
  CHECK(is_link_token({Secret("newer"), key}, {"tn_1", "ex_1", "ok"}, token));
}

TEST_CASE("no other key, part, order or text is taken for it") {
  const Secret key("key");
  const std::string token = link_token(key, {"tn_1", "ex_1", "ok"});
  CHECK_FALSE(is_link_token({Secret("other")}, {"tn_1", "ex_1", "ok"}, token));
  CHECK_FALSE(is_link_token({}, {"tn_1", "ex_1", "ok"}, token));
  CHECK_FALSE(is_link_token({key}, {"tn_2", "ex_1", "ok"}, token));
  CHECK_FALSE(is_link_token({key}, {"tn_1", "ex_2", "ok"}, token));
  CHECK_FALSE(is_link_token({key}, {"tn_1", "ex_1", "no"}, token));
  CHECK_FALSE(is_link_token({key}, {"tn_1", "ex_1ok"}, token));
  CHECK_FALSE(is_link_token({key}, {"tn_1", "ex_1o", "k"}, token));
  const std::string bad = GENERATE_COPY(std::string(), token.substr(1), token + "A", token + "=", "%" + token.substr(1),
                                        std::string(43, 'A'), std::string(5000, 'A'));
  CHECK_FALSE(is_link_token({key}, {"tn_1", "ex_1", "ok"}, bad));
}

TEST_CASE("signing keys belong to a tenant and a purpose, and go with the tenant") {
  test::FakeRandomness randomness;
  const auto vault = Vault::ephemeral(randomness);
  const TenantId one("tn_1");
  const TenantId two("tn_2");
  REQUIRE(vault->ensure_tenant(one));
  REQUIRE(vault->ensure_tenant(two));
  const auto keys = vault->signing_keys(one, "wait-link");
  REQUIRE(keys.size() == 1);
  CHECK(keys[0].reveal().size() == 32);
  CHECK(keys[0].reveal() == vault->signing_keys(one, "wait-link")[0].reveal());
  CHECK(keys[0].reveal() != vault->signing_keys(one, "other")[0].reveal());
  CHECK(keys[0].reveal() != vault->signing_keys(two, "wait-link")[0].reveal());
  CHECK(vault->signing_keys(TenantId("tn_3"), "wait-link").empty());
  REQUIRE(vault->destroy_tenant(one));
  CHECK(vault->signing_keys(one, "wait-link").empty());
  CHECK(vault->signing_keys(two, "wait-link").size() == 1);
}
