// Bodies of many connections at once.
#include "daemon/http/body_budget.h"


#include "core/base/json.h"
#include "tests/support/store_fixtures.h"
#include "tests/unit/daemon/http_fixture.h"

using namespace ipaas;
using namespace ipaas::test;
using http::kBodyAllowance;

namespace {

constexpr std::size_t kKiB = 1024;

http::Limits small_memory() {
  http::Limits limits;
  limits.body_memory = 256 * kKiB;
  return limits;
}

std::string head_of(std::size_t size, std::string_view path = "/hold") {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
}

std::string chunked(std::size_t size) {
  std::string text = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t sent = 0; sent < size; sent += kKiB) text += "400\r\n" + std::string(kKiB, 'c') + "\r\n";
  return text + "0\r\n\r\n";
}

/// Asks again until it is answered so: the server sees a connection end in its own time.
bool comes_to(const ServerFixture& server, const std::string& request, int status) {
  for (int i = 0; i < 1000; ++i) {
    if (server.ask(request).status == status) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a body's room is its memory beyond the allowance, and comes back") {
  std::vector<std::string> warnings;
  http::BodyBudget budget(256 * kKiB, [&](std::string_view text) { warnings.emplace_back(text); });
  http::BodyRoom first(budget), second(budget);
  std::string body, other;

  first.expect(200 * kKiB);
  REQUIRE(first.grow(body, kBodyAllowance));
  CHECK(body.capacity() == kBodyAllowance);
  CHECK(budget.left() == 256 * kKiB);
  body.assign(kBodyAllowance, 'a');
  REQUIRE(first.grow(body, 1));
  CHECK(body == std::string(kBodyAllowance, 'a'));
  CHECK(budget.left() == 256 * kKiB - (body.capacity() - kBodyAllowance));
  REQUIRE(first.grow(body, 1'000'000));  // what was announced is all that will come
  CHECK(body.capacity() == 200 * kKiB);
  CHECK(budget.left() == 120 * kKiB);

  second.expect(1'000'000);
  other = "as it was";
  for (int i = 0; i < 3; ++i) CHECK_FALSE(second.grow(other, 300 * kKiB));
  CHECK(other == "as it was");
  CHECK(budget.left() == 120 * kKiB);
  CHECK(warnings.size() == 1);

  first.release();
  first.release();
  CHECK(budget.left() == 256 * kKiB);
  CHECK(second.grow(other, 300 * kKiB));
}

TEST_CASE("a large body that finds no room is 503 with Retry-After, and small ones are served") {
  ServerFixture server(small_memory());
  RawClient first = server.client();
  first.send(head_of(300 * kKiB) + std::string(300 * kKiB, 'a'));
  auto held = server.held().take(1);

  for (const std::string& request : {post("/echo", std::string(200 * kKiB, 'b')), chunked(200 * kKiB)}) {
    RawClient refused = server.client();
    const RawAnswer answer = refused.ask(request);
    CHECK(answer.status == 503);
    CHECK(answer.has("Retry-After: 1\r\n"));
    CHECK(answer.has("Connection: close\r\n"));
    CHECK((*parse_json(answer.body))["error"]["code"] == "internal");
    CHECK(refused.sees_end());
  }
  CHECK(server.ask(post("/echo", std::string(60 * kKiB, 'b'))).status == 200);
  CHECK(server.warnings().size() == 1);

  // The answer frees it, although the connection stays.
  held.front().respond(http::ok_text("1"));
  CHECK(first.read_answer().status == 200);
  CHECK(server.ask(post("/echo", std::string(300 * kKiB, 'b'))).body.size() == 300 * kKiB);
  CHECK(server.ask(chunked(200 * kKiB)).body.size() == 200 * kKiB);
  CHECK(first.ask(post("/echo", std::string(300 * kKiB, 'b'))).status == 200);
}

TEST_CASE("what was announced and never came takes no room, and who leaves gives it back") {
  ServerFixture server(small_memory());
  const std::string large = post("/echo", std::string(300 * kKiB, 'b'));
  std::vector<RawClient> announced;
  for (int i = 0; i < 20; ++i) {
    announced.push_back(server.client());
    announced.back().send(head_of(kKiB * kKiB));
  }
  CHECK(server.ask(large).status == 200);
  // The two compete for the room: whoever comes second is refused.
  bool taken = false;
  for (int i = 0; i < 200 && !taken; ++i) {
    RawClient leaves = server.client();
    leaves.send(head_of(310 * kKiB) + std::string(300 * kKiB, 'a'));
    for (int j = 0; j < 5 && !taken; ++j) taken = server.ask(large).status == 503;
  }
  CHECK(taken);
  CHECK(comes_to(server, large, 200));
}

TEST_CASE("who is too slow gives back what has come") {
  http::Limits limits = small_memory();
  limits.request_time = std::chrono::milliseconds(500);
  ServerFixture server(limits);
  RawClient slow = server.client();
  slow.send(head_of(310 * kKiB) + std::string(300 * kKiB, 'a'));
  CHECK(slow.read_answer().status == 408);
  CHECK(comes_to(server, post("/echo", std::string(300 * kKiB, 'b')), 200));
}

TEST_CASE("a large body that nobody will read is not waited for and takes no room") {
  ServerFixture server(small_memory());
  std::vector<RawClient> lost;
  for (int i = 0; i < 20; ++i) {
    lost.push_back(server.client());
    lost.back().send(head_of(kKiB * kKiB, "/nothing") + std::string(100 * kKiB, 'a'));
    const RawAnswer answer = lost.back().read_answer();
    CHECK(answer.status == 404);
    CHECK(answer.has("Connection: close\r\n"));
  }
  CHECK(server.ask(post("/echo", std::string(300 * kKiB, 'b'))).status == 200);
  // A small one is taken in, and the connection goes on.
  RawClient small = server.client();
  CHECK(small.ask(post("/nothing", std::string(1000, 'a'))).status == 404);
  CHECK(small.ask(post("/echo", "b")).status == 200);
}

TEST_CASE("a refusal in the midst of a large body reaches who is still sending it") {
  ServerFixture server(small_memory());
  RawClient first = server.client();
  first.send(head_of(300 * kKiB) + std::string(300 * kKiB, 'a'));
  const auto held = server.held().take(1);
  RawClient sender = server.client();
  sender.send(post("/echo", std::string(1000 * kKiB, 'b')));
  CHECK(sender.read_answer().status == 503);
}

TEST_CASE("an event stream does not keep the body of its request") {
  ServerFixture server(small_memory());
  RawClient reader = server.client();
  reader.send(head_of(300 * kKiB) + std::string(300 * kKiB, 'a'));
  auto held = server.held().take(1);
  const http::EventStream stream = held.front().stream();
  reader.read_until("\r\n\r\n");
  CHECK(server.ask(post("/echo", std::string(300 * kKiB, 'b'))).status == 200);
}

TEST_CASE("the operator's socket is served when the public port has taken all room") {
  const TemporaryFolder folder;
  const std::string path = (folder.path() / "s").string();
  ServerFixture server(small_memory(), {}, path);
  RawClient first = server.client();
  first.send(head_of(300 * kKiB) + std::string(300 * kKiB, 'a'));
  const auto held = server.held().take(1);
  const std::string large = post("/echo", std::string(300 * kKiB, 'b'));
  CHECK(server.ask(large).status == 503);
  CHECK(RawClient(path).ask(large).status == 200);
}
