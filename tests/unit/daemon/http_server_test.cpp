#include "daemon/http/http_server.h"

#include <thread>

#include "core/base/json.h"
#include "tests/unit/daemon/http_fixture.h"

using namespace ipaas;
using namespace ipaas::test;

TEST_CASE("an answer is the envelope with the request's id in it and beside it") {
  ServerFixture server;
  const RawAnswer answer = server.ask(get("/healthz"));
  REQUIRE(answer.status == 200);
  CHECK(answer.has("Content-Type: application/json\r\n"));
  CHECK_FALSE(answer.has("Server:"));
  const Json body = *parse_json(answer.body);
  CHECK(body["success"] == true);
  CHECK(body["data"]["alive"] == true);
  const std::string id = body["meta"]["request_id"];
  CHECK(id.starts_with("req_"));
  CHECK(answer.has("X-Request-Id: " + id + "\r\n"));
}

TEST_CASE("a client's request id is taken only when it is harmless") {
  ServerFixture server;
  CHECK(server.ask(get("/healthz", "X-Request-Id: abc-1_Z\r\n")).has("X-Request-Id: abc-1_Z\r\n"));
  CHECK(server.ask(get("/healthz", "X-Request-Id: \"},{\r\n")).has("X-Request-Id: req_"));
  CHECK(server.ask(get("/healthz", "X-Request-Id: " + std::string(65, 'a') + "\r\n")).has("X-Request-Id: req_"));
}

TEST_CASE("one connection carries many requests, and pipelined ones are answered in order") {
  ServerFixture server;
  RawClient client = server.client();
  std::string all;
  for (int i = 0; i < 100; ++i) all += post("/echo", "body " + std::to_string(i)) + get("/nothing");
  client.send(all);
  for (int i = 0; i < 100; ++i) {
    CHECK(client.read_answer().body == "body " + std::to_string(i));
    CHECK(client.read_answer().status == 404);
  }
}

TEST_CASE("bytes that come one at a time make the same request") {
  ServerFixture server;
  RawClient client = server.client();
  const std::string request =
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: "
      "y\r\n\r\n";
  for (const char byte : request + post("/echo", "next")) client.send({&byte, 1});
  CHECK(client.read_answer().body == "abcde");
  CHECK(client.read_answer().body == "next");
}

TEST_CASE("HEAD is answered like GET, without the body") {
  ServerFixture server;
  RawClient client = server.client();
  client.send("HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  const RawAnswer answer = client.read_answer(true);
  CHECK(answer.status == 200);
  CHECK(answer.has("Content-Length: "));
  CHECK(client.ask(get("/healthz")).status == 200);
}

TEST_CASE("an unknown path is 404, a method that the path does not take 405 with Allow") {
  ServerFixture server;
  CHECK(server.ask(get("/nothing")).status == 404);
  CHECK(server.ask(get("/healthz/")).status == 404);
  const RawAnswer answer = server.ask(post("/healthz", "{}"));
  CHECK(answer.status == 405);
  CHECK(answer.has("Allow: GET, HEAD\r\n"));
  CHECK(server.ask("BREW /healthz HTTP/1.1\r\nHost: x\r\n\r\n").status == 405);
}

TEST_CASE("without an authenticator every path below /api/v1 is 401, known or not") {
  ServerFixture server;
  for (const char* path : {"/api/v1/things/1", "/api/v1/nothing", "/api/v1", "/api/v1/%74hings/1"}) {
    const RawAnswer answer = server.ask(get(path));
    CHECK(answer.status == 401);
    CHECK((*parse_json(answer.body))["error"]["code"] == "unauthenticated");
  }
  CHECK(server.ask(post("/api/v1/things/1", "{}")).status == 401);
}

TEST_CASE("the authenticator's caller reaches the handler, and its refusal the client") {
  ServerFixture server({}, [](const http::Request& request, Permission) -> Result<http::Caller> {
    if (!request.header("authorization")) return fail(ErrorKind::kUnauthenticated, "who are you");
    if (*request.header("Authorization") != "me") return fail(ErrorKind::kForbidden, "not you");
    return http::Caller{TenantId("tn_1"), UserId("us_1"), "me", security::Role::kEditor};
  });
  CHECK(server.ask(get("/api/v1/things/a%2Fb", "AUTHORIZATION: me\r\n")).body == "a/b for me");
  CHECK(server.ask(get("/api/v1/things/1", "Authorization: you\r\n")).status == 403);
  CHECK(server.ask(get("/api/v1/things/1")).status == 401);
  CHECK(server.ask(get("/api/v1/nothing", "Authorization: me\r\n")).status == 404);
}

TEST_CASE("a handler that throws or forgets to answer is a 500 that tells nothing") {
  ServerFixture server;
  for (const char* path : {"/throw", "/drop"}) {
    const RawAnswer answer = server.ask(get(path));
    CHECK(answer.status == 500);
    CHECK((*parse_json(answer.body))["error"]["code"] == "internal");
    CHECK(answer.body.find("do not tell") == std::string::npos);
  }
  CHECK(server.warnings().size() == 1);
}

TEST_CASE("many requests can be answered at once from another thread, each once") {
  ServerFixture server;
  std::vector<RawClient> clients;
  for (int i = 0; i < 64; ++i) {
    clients.push_back(server.client());
    clients.back().send(get("/hold"));
  }
  std::jthread([responders = server.held().take(64)]() mutable {
    for (http::Responder& responder : responders) {
      responder.respond(http::ok_text("1", 202));
      responder.respond(http::ok_text("2"));
    }
  }).join();
  for (RawClient& client : clients) {
    CHECK(client.read_answer().status == 202);
    CHECK(client.ask(get("/healthz")).status == 200);
  }
}

TEST_CASE("an answer may come after its client or the whole server is gone") {
  Held held;
  std::vector<http::Responder> late;
  {
    ServerFixture server;
    {
      RawClient client = server.client();
      client.send(get("/hold"));
      late = server.held().take(1);
    }
    late.front().respond(http::ok_text("1"));
    RawClient client = server.client();
    client.send(get("/hold"));
    late = server.held().take(1);
  }
  late.front().respond(http::ok_text("1"));
}

TEST_CASE("HTTP/1.0 closes after the answer unless it asks not to") {
  ServerFixture server;
  RawClient closing = server.client();
  CHECK(closing.ask("GET /healthz HTTP/1.0\r\n\r\n").has("Connection: close\r\n"));
  CHECK(closing.sees_end());
  RawClient keeping = server.client();
  CHECK(keeping.ask("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").has("Connection: keep-alive\r\n"));
  CHECK(keeping.ask(get("/healthz")).status == 200);
}

TEST_CASE("Connection: close is honoured, Upgrade is not") {
  ServerFixture server;
  RawClient client = server.client();
  CHECK(client.ask(get("/healthz", "Connection: upgrade\r\nUpgrade: h2c\r\n")).status == 200);
  CHECK(client.ask(get("/healthz", "Connection: close\r\n")).status == 200);
  CHECK(client.sees_end());
}

TEST_CASE("a client that asks before it sends a body is told to go on, or not") {
  ServerFixture server;
  RawClient welcome = server.client();
  welcome.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  CHECK(welcome.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(welcome.ask("abc").body == "abc");
  RawClient too_large = server.client();
  CHECK(too_large.ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\nExpect: 100-continue\r\n\r\n")
            .status == 413);
  CHECK(too_large.sees_end());
  CHECK(server.ask("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n").status ==
        404);
  CHECK(server.ask(get("/healthz", "Expect: wonders\r\n")).status == 417);
}

TEST_CASE("draining finishes what is in flight, says so, and closes what is idle") {
  ServerFixture server;
  RawClient idle = server.client();
  CHECK(idle.ask(get("/healthz")).status == 200);
  RawClient busy = server.client();
  busy.send(get("/hold"));
  std::vector<http::Responder> responders = server.held().take(1);
  server.server().stop_accepting();
  CHECK(idle.sees_end());
  CHECK_FALSE(server.client().connected());
  CHECK_FALSE(server.server().drain(std::chrono::milliseconds(1)));
  responders.front().respond(http::ok_text("1"));
  CHECK(busy.read_answer().has("Connection: close\r\n"));
  CHECK(busy.sees_end());
  { const RawClient gone = std::move(busy); }
  CHECK(server.server().drain(std::chrono::seconds(5)));
}

TEST_CASE("X-Forwarded-For counts only when a trusted proxy says it") {
  ServerFixture plain;
  CHECK(plain.ask(get("/address", "X-Forwarded-For: 9.9.9.9\r\n")).body == "127.0.0.1");
  http::Limits limits;
  limits.trusted_proxies = {"127.0.0.0/8", "10.1.0.0/16"};
  ServerFixture proxied(limits);
  CHECK(proxied.ask(get("/address")).body == "127.0.0.1");
  CHECK(proxied.ask(get("/address", "X-Forwarded-For: 9.9.9.9\r\n")).body == "9.9.9.9");
  CHECK(proxied.ask(get("/address", "X-Forwarded-For: 6.6.6.6, 9.9.9.9, 10.1.2.3\r\n")).body == "9.9.9.9");
  CHECK(proxied.ask(get("/address", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 9.9.9.9\r\n")).body == "9.9.9.9");
  CHECK(proxied.ask(get("/address", "X-Forwarded-For: nonsense\r\n")).body == "127.0.0.1");
}
