// A tail lives as long as its stream, however that ends, and no longer.
#include "daemon/http/routes/tail.h"

#include <future>

#include "tests/unit/daemon/routes_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

/// A route that tails the tenant with this feed, and a promise that is kept when the feed is gone.
class TailCase {
 public:
  explicit TailCase(http::Tail::Feed feed) : feed_(std::move(feed)) {}

  std::vector<http::Route> routes(http::Api& api) {
    const auto handler = [this, &api](const service::Context& context, const http::Request&,
                                      http::Responder responder) {
      // The token dies with the last copy of the feed.
      const std::shared_ptr<void> token(nullptr, [this](void*) { gone_.set_value(); });
      const auto tail = std::make_shared<http::Tail>(
          api, context.caller, responder.stream(),
          [this, token](const service::Context& now, http::EventStream& out) { return feed_(now, out); });
      tail->watch(context.caller.tenant);
      tail->start();
    };
    return {{http::Method::kGet, "/tail", security::Permission::kLogRead, api.later(handler)}};
  }

  [[nodiscard]] bool is_gone() { return gone_.get_future().wait_for(kRuntimePatience) == std::future_status::ready; }

 private:
  http::Tail::Feed feed_;
  std::promise<void> gone_;
};

/// Opens the stream and reads its head.
RawClient open(ApiCase& with) {
  RawClient reader = with.client();
  reader.send(ApiCase::request("GET", "/tail"));
  CHECK(reader.read_until("\r\n\r\n").starts_with("HTTP/1.1 200"));
  return reader;
}

}  // namespace

TEST_CASE("a tail goes when its reader leaves") {
  TailCase tail([](const auto&, http::EventStream& out) { return out.send("", "", "here"); });
  ApiCase with({}, [&](http::Api& api) { return tail.routes(api); });
  {
    RawClient reader = open(with);
    CHECK(reader.read_until("\n\n") == "data: here\n\n");
    with.instance.notifier.committed(kTenant, ExecutionId("ex_1"));
    CHECK(reader.read_until("\n\n") == "data: here\n\n");
  }
  CHECK(tail.is_gone());
  with.instance.notifier.committed(kTenant, ExecutionId("ex_1"));
}

TEST_CASE("a tail goes when its feed has ended, threw, or closed the stream itself") {
  const int how = GENERATE(0, 1, 2);
  TailCase tail([how](const auto&, http::EventStream& out) {
    out.send("", "", "last");
    if (how == 0) return false;
    if (how == 1) throw std::runtime_error("a defect");
    out.close();
    return true;
  });
  ApiCase with({}, [&](http::Api& api) { return tail.routes(api); });
  RawClient reader = open(with);
  CHECK(reader.read_all() == "data: last\n\n");
  CHECK(tail.is_gone());
}

TEST_CASE("a tail goes with the server") {
  TailCase tail([](const auto&, http::EventStream& out) { return out.send("", "", "here"); });
  {
    ApiCase with({}, [&](http::Api& api) { return tail.routes(api); });
    RawClient reader = open(with);
    reader.read_until("\n\n");
  }
  CHECK(tail.is_gone());
}

TEST_CASE("many news are fed at once for the first, and once more for all that come soon after") {
  std::atomic<int> runs{0};
  TailCase tail([&](const auto&, http::EventStream& out) { return out.send("", "", std::to_string(++runs)); });
  ApiCase with({}, [&](http::Api& api) { return tail.routes(api); });
  RawClient reader = open(with);
  CHECK(reader.read_until("\n\n") == "data: 1\n\n");
  const auto news = [&] { with.instance.notifier.committed(kTenant, ExecutionId("ex_1")); };
  news();
  CHECK(reader.read_until("\n\n") == "data: 2\n\n");
  for (int i = 0; i < 50; ++i) {
    news();
    REQUIRE(with.get("/api/v1/workflows").status == 200);  // on the same threads, so it had its chance
  }
  CHECK(runs == 2);
  // Time has to pass once it rests, and when it does cannot be seen from here.
  const auto rests_until_run = [&](int number) {
    return with.instance.eventually([&] {
      with.instance.advance(1min);
      return runs == number;
    });
  };
  CHECK(rests_until_run(3));
  CHECK(reader.read_until("\n\n") == "data: 3\n\n");
  news();
  CHECK(rests_until_run(4));
  CHECK(reader.read_until("\n\n") == "data: 4\n\n");
  // Set back, the clock makes the pause no longer than it is.
  with.instance.clock.set(with.instance.clock.now() - 24h);
  news();
  CHECK(rests_until_run(5));
}
