// What a workflow calls may answer anything.
#include "tests/e2e/bad_input/daemon_fixture.h"
#include "tests/e2e/bad_input/hostile_receiver.h"

using namespace ipaas::test;

namespace {

/// The JSON of an execution that called this address, once it has ended.
std::string call(const DaemonFixture& fixture, const std::string& url) {
  return fixture.daemon.ipaas("run call -i url=" + url + " --wait -o json");
}

bool failed_as(const std::string& execution, const std::string& code) {
  return execution.find("\"failed\"") != std::string::npos && execution.find('"' + code + '"') != std::string::npos;
}

}  // namespace

TEST_CASE("an answer without an end is cut at the cap or at the deadline, and memory stays flat") {
  const HostileReceiver receiver;
  const DaemonFixture fixture;
  REQUIRE(fixture.daemon.apply("name: call\non:\n  manual: {}\ninputs:\n  url:\n    type: string\n    required: true\n"
                               "steps:\n  - id: call\n    uses: http/request\n    with:\n      url: ${{ inputs.url }}\n"
                               "      follow-redirects: true\n    timeout: 2s\n    retry:\n      max-attempts: 1\n"));
  const std::string bomb = call(fixture, receiver.url("/bomb"));
  CAPTURE(bomb.substr(0, 600));
  const std::uint64_t before = fixture.daemon.resident_bytes();

  CHECK(failed_as(call(fixture, receiver.url("/huge")), "response_too_large"));
  CHECK(failed_as(call(fixture, receiver.url("/endless")), "response_too_large"));
  CHECK(failed_as(call(fixture, receiver.url("/headers")), "response_too_large"));
  CHECK(failed_as(call(fixture, receiver.url("/slow")), "timeout"));
  CHECK(failed_as(call(fixture, receiver.url("/redirect")), "egress_blocked"));
  CHECK(failed_as(bomb, "response_too_large"));

  CHECK(fixture.is_well());
  CHECK(fixture.daemon.resident_bytes() <= before + kMayGrow);
}
