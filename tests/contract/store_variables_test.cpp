// Variables of a tenant, in every store.
#include "tests/contract/store_suite.h"

using namespace ipaas;
using namespace ipaas::test;

namespace {

store::SetVariable set_variable(const std::string& name, Json value, TenantId tenant = kTenant) {
  return {tenant, {tenant, name, std::move(value), kNow}, {}};
}

std::string listed(store::Reader& reader, const TenantId& tenant = kTenant) {
  std::string text;
  const auto variables = reader.variables(tenant).value();
  for (const domain::Variable& variable : variables) {
    text += variable.name + "=" + dump_json(variable.value) + " ";
  }
  return text;
}

}  // namespace

TEST_CASE("a variable is set, changed in any letter case, listed by name and deleted") {
  EACH_STORE;
  REQUIRE(is_done(under_test.commit(set_variable("Region", "eu"))));
  REQUIRE(is_done(under_test.commit(set_variable("limits", {{"n", 7}, {"list", {1, nullptr}}}))));
  REQUIRE(is_done(under_test.commit(set_variable("none", nullptr))));
  auto later = set_variable("REGION", "us");
  later.variable.updated_at = kNow + std::chrono::seconds(5);
  REQUIRE(is_done(under_test.commit(later)));
  CHECK(listed(under_test.reader()) == R"(limits={"n":7,"list":[1,null]} none=null Region="us" )");
  CHECK(under_test.reader().variables(kTenant)->back().updated_at == kNow + std::chrono::seconds(5));
  CHECK(is_done(under_test.commit(store::DeleteVariable{kTenant, "rEGION", {}})));
  CHECK(refused_as(under_test.commit(store::DeleteVariable{kTenant, "Region", {}}), ErrorKind::kNotFound));
  CHECK(listed(under_test.reader()) == R"(limits={"n":7,"list":[1,null]} none=null )");
}

TEST_CASE("a variable belongs to its tenant") {
  EACH_STORE;
  REQUIRE(under_test.commit(set_variable("x", 1)));
  REQUIRE(under_test.commit(set_variable("x", 2, kOtherTenant)));
  CHECK(listed(under_test.reader()) == "x=1 ");
  CHECK(listed(under_test.reader(), kOtherTenant) == "x=2 ");
  REQUIRE(under_test.commit(store::DeleteVariable{kOtherTenant, "x", {}}));
  CHECK(listed(under_test.reader()) == "x=1 ");
  const auto all = under_test.reader().all_variables().value();
  REQUIRE(all.size() == 1);
  CHECK(all.front().tenant == kTenant);
}
