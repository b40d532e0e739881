#include "daemon/http/router.h"

#include "daemon/http/request_check.h"
#include "tests/support/catch.h"

using namespace ipaas;
using namespace ipaas::daemon::http;
using security::Permission;

namespace {

struct Table {
  Router router;

  Table() {
    const Handler none = [](const Request&, Responder) {};
    for (const char* path : {"/", "/a/{x}", "/a/list", "/a/{x}/c/{y}", "/a/list/b"})
      router.add({Method::kGet, path, Permission::kPublic, none});
    router.add({Method::kPost, "/a/{x}", Permission::kPublic, none});
    router.add({Method::kGet, "/metrics", Permission::kPublic, none, Doors::kSocketAndMetrics});
  }
};

struct Lookup {
  Request request;
  std::string decoded;

  Result<const Route*> in(const Router& router, Method method, std::string_view target, Door door = Door::kPublic) {
    request.method = method;
    request.peer.door = door;
    REQUIRE_FALSE(read_target(target, request, decoded));
    return router.find(request);
  }
};

}  // namespace

TEST_CASE("a literal segment is preferred to a name, wherever that leads somewhere") {
  const Table table;
  const Router& router = table.router;
  Lookup lookup;
  CHECK((*lookup.in(router, Method::kGet, "/"))->path == "/");
  CHECK((*lookup.in(router, Method::kGet, "/a/list"))->path == "/a/list");
  CHECK((*lookup.in(router, Method::kGet, "/a/other"))->path == "/a/{x}");
  CHECK((*lookup.in(router, Method::kGet, "/a/list/b"))->path == "/a/list/b");
  CHECK((*lookup.in(router, Method::kGet, "/a/list/c/1"))->path == "/a/{x}/c/{y}");
  CHECK(lookup.request.param("x") == "list");
  CHECK(lookup.request.param("y") == "1");
  CHECK(lookup.request.param("z").empty());
}

TEST_CASE("a name stands for one segment, decoded after splitting, never for an empty one") {
  const Table table;
  const Router& router = table.router;
  Lookup lookup;
  REQUIRE(lookup.in(router, Method::kGet, "/a/x%2Fy%20z?q=1"));
  CHECK(lookup.request.param("x") == "x/y z");
  CHECK_FALSE(lookup.in(router, Method::kGet, "/a/"));
  CHECK_FALSE(lookup.in(router, Method::kGet, "//a/list"));
  CHECK_FALSE(lookup.in(router, Method::kGet, "/a/list/"));
}

TEST_CASE("methods and doors decide too") {
  const Table table;
  const Router& router = table.router;
  Lookup lookup;
  CHECK((*lookup.in(router, Method::kHead, "/a/list"))->method == Method::kGet);
  const Result<const Route*> wrong = lookup.in(router, Method::kDelete, "/a/other");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == "method_not_allowed");
  CHECK(wrong.error().hint == "GET, HEAD, POST");
  CHECK(lookup.in(router, Method::kGet, "/metrics", Door::kSocket));
  CHECK(lookup.in(router, Method::kGet, "/metrics", Door::kMetrics));
  CHECK(lookup.in(router, Method::kGet, "/metrics", Door::kPublic).error().kind == ErrorKind::kNotFound);
  CHECK(lookup.in(router, Method::kGet, "/a/list", Door::kMetrics).error().kind == ErrorKind::kNotFound);
}

TEST_CASE("query parameters are decoded when they are asked for") {
  Lookup lookup;
  REQUIRE(lookup.in(Table().router, Method::kGet, "/?a=1&b=x%26y+z&c&a=2&%64=4"));
  CHECK(lookup.request.query("a") == "1");
  CHECK(lookup.request.query("b") == "x&y z");
  CHECK(lookup.request.query("c") == "");
  CHECK(lookup.request.query("d") == "4");
  CHECK_FALSE(lookup.request.query("e"));
}
