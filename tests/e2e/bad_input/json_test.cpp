// Bodies that claim to be JSON.
#include "tests/e2e/bad_input/daemon_fixture.h"

using namespace ipaas::test;

TEST_CASE("JSON that is malformed, too deep or ambiguous is 400 and starts nothing") {
  const DaemonFixture fixture;
  const std::uint64_t before = fixture.daemon.resident_bytes();
  const std::string deep(100'000, '[');
  const std::string bodies[] = {deep, deep + std::string(100'000, ']'), "{\"a\":\"\xff\"}", R"({"a":"\ud800"})",
                                R"({"a":"\udc00\ud800"})", R"({"a":1e400})", "{\"a\":", "{}{}", "[1,]", "NaN", ""};
  for (const std::string& body : bodies) {
    CAPTURE(body.substr(0, 60));
    CHECK(fixture.post(body).status == 400);
  }
  CHECK(fixture.daemon.ipaas("execution list -o name").find("execution/", 1) == std::string::npos);
  CHECK(fixture.is_well());
  CHECK(fixture.daemon.resident_bytes() <= before + kMayGrow);
}

TEST_CASE("of a key that comes twice the last value wins") {
  const DaemonFixture fixture;
  const RawAnswer answer = fixture.post(R"({"a":"first","a":"last"})");
  REQUIRE(answer.status == 202);
  const std::size_t id = answer.body.find("ex_");
  const std::string execution = answer.body.substr(id, answer.body.find('"', id) - id);
  CHECK(fixture.daemon.ipaas("execution wait " + execution + " --timeout 10s >/dev/null; echo $?") == "0\n");
  const std::string shown = fixture.daemon.ipaas("execution get -o json " + execution);
  CHECK(shown.find("last") != std::string::npos);
  CHECK(shown.find("first") == std::string::npos);
}
