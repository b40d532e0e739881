#include "daemon/runtime/outbound_name_gate.h"

#include "tests/support/catch.h"
#include "tests/support/fake_http_server.h"
#include "tests/unit/daemon/fake_resolver.h"
#include "tests/unit/daemon/outbound_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using daemon::OutboundNameGate;
using Entry = OutboundNameGate::Entry;

namespace {

constexpr OutboundNameGate::Time kStart{std::chrono::hours(1)};

/// Fills the lookups of a name; the next call has to wait.
void fill(OutboundNameGate& gate, const std::string& host) {
  for (std::size_t i = 0; i < OutboundNameGate::kLookupsAtOnce; ++i)
    REQUIRE(gate.enter(host, i + 1, kStart) == Entry::kLookup);
}

}  // namespace

TEST_CASE("an address needs no lookup") {
  OutboundNameGate gate;
  for (const char* host : {"127.0.0.1", "::1"}) CHECK(gate.enter(host, 1, kStart) == Entry::kFree);
}

TEST_CASE("a few look a name up, the others wait until one of them knows it") {
  OutboundNameGate gate;
  fill(gate, "api.example.com");
  CHECK(gate.enter("api.example.com", 10, kStart) == Entry::kWait);
  CHECK(gate.enter("other.example.com", 11, kStart) == Entry::kLookup);
  CHECK(gate.leave("api.example.com", true, kStart) == std::vector<daemon::Outbound::CallId>{10});
  CHECK(gate.enter("api.example.com", 10, kStart) == Entry::kFree);
  CHECK(gate.enter("api.example.com", 12, kStart + OutboundNameGate::kKnownFor) == Entry::kLookup);
}

TEST_CASE("after a lookup that failed the next ones try") {
  OutboundNameGate gate;
  fill(gate, "api.example.com");
  REQUIRE(gate.enter("api.example.com", 10, kStart) == Entry::kWait);
  CHECK(gate.leave("api.example.com", false, kStart) == std::vector<daemon::Outbound::CallId>{10});
  CHECK(gate.enter("api.example.com", 10, kStart) == Entry::kLookup);
}

TEST_CASE("a burst of calls to one name asks the resolver a few times") {
  FakeHttpServer server([](FakeHttpServer::Connection& connection) {
    while (connection.read_request()) {
      if (!connection.answer("ok")) return;
    }
  });
  OutboundClient client;
  const int before = lookups_of_loopback();
  std::vector<OutboundClient::Pending> calls;
  for (int i = 0; i < 100; ++i) calls.push_back(client.start(get(server.url("/", "loopback.test"))));
  for (auto& call : calls) CHECK(call.get());
  CHECK(lookups_of_loopback() - before <= static_cast<int>(OutboundNameGate::kLookupsAtOnce));
}

TEST_CASE("calls that wait for a name that hangs end at their deadline or by a cancel") {
  OutboundClient client;
  HangingName name;
  std::vector<OutboundClient::Pending> calls;
  auto call = get("http://hangs.test/");
  for (int i = 0; i < 10; ++i) calls.push_back(client.start(call));
  call.timeout = std::chrono::milliseconds(50);
  CHECK(client.fetch_failure(call).code == "timeout");
  client.outbound().cancel(calls.back().id);
  REQUIRE(calls.back().ends_within(kPromptly));
  calls.pop_back();
  client.outbound().cancel(calls.front().id);
  CHECK(calls.front().get().error().code == "cancelled");
  client.destroy();
  for (std::size_t i = 1; i < calls.size(); ++i) CHECK(calls[i].get().error().code == "cancelled");
}
