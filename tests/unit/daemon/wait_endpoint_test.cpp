// Links to approvals and callbacks: looking decides nothing, posting decides once.
#include <future>

#include "tests/unit/daemon/routes_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

const std::string kAsk =
    "name: ask\non: { manual: {} }\nsteps:\n"
    "  - { id: ok, wait-for: { approval: { message: 'Ship <b>&\"now\"</b>?', self: true }, timeout: 1h } }\n"
    "outputs: { ok: '${{ steps.ok.outputs }}' }\n";
const std::string kCall = "name: call\non: { manual: {} }\nsteps: [ { id: paid, wait-for: { callback: {}, timeout: 1h } } ]\n"
                          "outputs: { paid: '${{ steps.paid.outputs }}' }\n";
constexpr std::string_view kForm = "Content-Type: application/x-www-form-urlencoded\r\n";
constexpr std::string_view kBrowser = "Content-Type: application/x-www-form-urlencoded\r\nAccept: text/html,*/*\r\n";
constexpr std::string_view kJson = "Content-Type: application/json\r\n";

/// A workflow that waits, and the path of its link.
struct WaitCase : ApiCase {
  explicit WaitCase(const std::string& source, const std::string& step) {
    const auto applied = apply(source);
    REQUIRE(applied.status == 200);
    const auto started = post("/api/v1/workflows/" + applied.data()[0]["name"].get<std::string>() + "/run", Json::object());
    REQUIRE(started.status == 202);
    id = ExecutionId(started.data()["id"].get<std::string>());
    link = path_of(step);
  }
  [[nodiscard]] std::string path_of(const std::string& step) {
    domain::Execution execution;
    execution.id = id;
    execution.tenant = kTenant;
    return instance.links.link(execution, step).substr(std::string("https://hooks.example").size());
  }
  [[nodiscard]] std::string status() { return std::string(status_name(instance.look(id).execution.status)); }
  RawAnswer visit(std::string_view method, const std::string& path, std::string_view body = {}, std::string_view headers = {}) {
    RawClient one = client();
    one.send(request(method, path, body, headers));
    return one.read_answer(method == "HEAD");
  }
  ExecutionId id;
  std::string link;
};

}  // namespace

TEST_CASE("looking at an approval shows what is asked and decides nothing") {
  WaitCase with(kAsk, "ok");
  const std::string method = GENERATE("GET", "HEAD");
  const RawAnswer page = with.visit(method, with.link, {}, GENERATE("", "Accept: text/html\r\n"));
  CHECK(page.status == 200);
  CHECK(page.has("Content-Type: text/html; charset=utf-8\r\n"));
  CHECK(page.has("Content-Security-Policy: default-src 'none'"));
  CHECK(page.has("Cache-Control: no-store\r\n"));
  CHECK(page.has("X-Robots-Tag: noindex"));
  CHECK(page.has("Referrer-Policy: no-referrer\r\n"));
  if (method == "GET") {
    CHECK(page.body.find("Ship &lt;b&gt;&amp;&quot;now&quot;&lt;/b&gt;?") != std::string::npos);
    CHECK(page.body.find("<script") == std::string::npos);
    CHECK(page.body.find("value=\"approve\"") != std::string::npos);
    CHECK(page.body.find("value=\"reject\"") != std::string::npos);
  }
  CHECK(with.status() == "waiting");
}

TEST_CASE("a page says what it is about, who started it, and how long there is to answer") {
  const bool approval = GENERATE(true, false);
  WaitCase with(approval ? kAsk : kCall, approval ? "ok" : "paid");
  const std::string page = with.visit("GET", with.link).body;
  INFO(page);
  CHECK(page.find("<dt>Started by</dt><dd>uid:0</dd>") != std::string::npos);
  CHECK(page.find(" UTC, in 1 h 0 min</dd>") != std::string::npos);
  CHECK(page.find("<dd>" + with.id.str() + "</dd>") != std::string::npos);
  CHECK((page.find("You confirm the step <b>paid</b>") != std::string::npos) == !approval);
}

TEST_CASE("a page that comes too late says who decided what, in a sentence") {
  WaitCase with(kAsk, "ok");
  const std::string done = with.visit("POST", with.link, "decision=approve&comment=fine+%26+good", kBrowser).body;
  CHECK(done.find("<p>The execution goes on. Your comment: fine &amp; good.</p>") != std::string::npos);
  CHECK(done.find("<dd>" + with.id.str() + "</dd>") != std::string::npos);
  const std::string late = with.visit("GET", with.link).body;
  CHECK(late.find("<p>This has been answered already: approved through its link at ") != std::string::npos);
  CHECK(with.visit("POST", with.link, "decision=reject", kBrowser).body.find("approved through its link") != std::string::npos);
}

TEST_CASE("posting decides, and the first one wins") {
  WaitCase with(kAsk, "ok");
  const bool approve = GENERATE(true, false);
  const bool browser = GENERATE(true, false);
  const std::string decision = approve ? "approve" : "reject";
  const RawAnswer first = browser ? with.visit("POST", with.link, "decision=" + decision + "&comment=fine+%26+good", kBrowser)
                                  : with.visit("POST", with.link, R"({"decision":")" + decision + R"(","comment":"fine & good"})", kJson);
  CHECK(first.status == 200);
  CHECK(first.has(browser ? "text/html" : "application/json"));
  const auto snapshot = with.instance.ended(with.id);
  CHECK(status_name(snapshot.execution.status) == (approve ? "succeeded" : "failed"));
  if (approve) {
    CHECK(snapshot.execution.outputs["ok"]["by"] == "link");
    CHECK(snapshot.execution.outputs["ok"]["comment"] == "fine & good");
  } else {
    CHECK(snapshot.execution.error->code == "approval_rejected");
  }
  CHECK(with.visit("POST", with.link, "decision=reject", kForm).status == 409);
  CHECK(with.visit("POST", with.link, "decision=approve", kBrowser).status == 409);
  CHECK(with.visit("GET", with.link).body.find("value=\"approve\"") == std::string::npos);
}

TEST_CASE("many who decide at once: one wins, all others are told so") {
  WaitCase with(kAsk, "ok");
  std::vector<RawClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(with.client());
    clients.back().send(ApiCase::request("POST", with.link, i % 2 == 0 ? "decision=approve" : "decision=reject", kForm));
  }
  std::map<int, int> statuses;
  for (RawClient& client : clients) ++statuses[client.read_answer().status];
  CHECK(statuses == std::map<int, int>{{200, 1}, {409, 19}});
}

TEST_CASE("a wrong link is not found, whatever is wrong with it") {
  WaitCase with(kAsk, "ok");
  const std::string method = GENERATE("GET", "POST");
  const std::size_t token = with.link.find("?token=");
  const std::string path = with.link.substr(0, token);
  const std::string query = with.link.substr(token);
  std::string flipped = with.link;
  flipped.back() = flipped.back() == 'A' ? 'E' : 'A';
  const std::vector<std::string> wrong = {
      path, path + "?token=", path + "?token=x", path + "?token=.", flipped, path + "/" + query, path + "%2520" + query,
      "/api/waits/" + with.id.str() + "/%256Fk" + query, "/api/waits/" + with.id.str() + "/no" + query,
      "/api/waits/ex_00000000000000000000000000/ok" + query, "/api/waits/" + with.id.str() + query,
      path + "?token=tn_other" + query.substr(query.find('.')), with.path_of("nothing")};
  for (const std::string& link : wrong) {
    INFO(link);
    const RawAnswer answer = with.visit(method, link, "decision=approve", kForm);
    CHECK(answer.status == 404);
  }
  // An execution that is not there and a token that is wrong look the same.
  const auto plain = [&](const std::string& link) {
    return parse_json(with.visit("POST", link, "decision=approve", kForm).body).value()["error"];
  };
  CHECK(plain(flipped) == plain("/api/waits/ex_00000000000000000000000000/ok" + query));
  CHECK(plain(flipped) == plain(with.path_of("nothing")));
  CHECK(with.status() == "waiting");
}

TEST_CASE("an answer that says nothing decides nothing") {
  WaitCase with(kAsk, "ok");
  const auto [body, headers, status] = GENERATE(table<std::string, std::string_view, int>({
      {"", kForm, 400},
      {"decision=maybe", kForm, 400},
      {"decision=approve&decision=reject", kForm, 400},
      {"decision=approve&comment=a&comment=b", kForm, 400},
      {"{", kJson, 400},
      {"[]", kJson, 400},
      {R"({"decision":true})", kJson, 400},
      {R"({"decision":"approve","comment":7})", kJson, 400},
      {"decision=approve", "Content-Type: text/plain\r\n", 415},
      {"decision=approve", "", 415},
  }));
  INFO(body);
  CHECK(with.visit("POST", with.link, body, headers).status == status);
  CHECK(with.visit("POST", with.link, "decision=approve&comment=" + std::string(3000, 'x'), kForm).status == 400);
  CHECK(with.visit("POST", with.link, std::string((1U << 20U) + 1, 'x'), kForm).status == 413);
  CHECK(with.visit("PUT", with.link).status == 405);
  CHECK(with.status() == "waiting");
}

TEST_CASE("a link whose time is over, or whose execution was cancelled, is gone") {
  WaitCase with(kAsk, "ok");
  SECTION("too late") {
    with.instance.advance(61min);
    CHECK(with.instance.ended(with.id).execution.error->code == "wait_timed_out");
  }
  SECTION("cancelled") { REQUIRE(with.instance.cancel(with.id)); }
  CHECK(with.visit("POST", with.link, "decision=approve", kForm).status == 410);
  const RawAnswer page = with.visit("POST", with.link, "decision=approve", kBrowser);
  CHECK(page.status == 410);
  CHECK(page.has("text/html"));
}

TEST_CASE("a callback takes any body, once") {
  WaitCase with(kCall, "paid");
  const auto [body, headers, wanted] = GENERATE(table<std::string, std::string_view, Json>({
      {R"({"amount":12})", kJson, Json{{"amount", 12}}},
      {"a=1&b=2", kForm, Json{{"a", "1"}, {"b", "2"}}},
      {"plain words", "Content-Type: text/plain\r\n", Json("plain words")},
      {"\xff\xfe", "", Json{{"base64", "//4="}}},
      {"", kForm, Json()},
  }));
  CHECK(with.visit("GET", with.link).body.find("<form method=\"post\">") != std::string::npos);
  CHECK(with.visit("POST", with.link, "{", kJson).status == 400);
  CHECK(with.status() == "waiting");
  CHECK(with.visit("POST", with.link, body, headers).status == 200);
  CHECK(with.instance.ended(with.id).execution.outputs["paid"] == wanted);
  CHECK(with.visit("POST", with.link, body, headers).status == 409);
}

TEST_CASE("however many follow links, the control API does not wait for them") {
  WaitCase with(kAsk, "ok");
  std::promise<void> slow;
  with.visitors.post([go_on = slow.get_future().share()] { go_on.wait_for(kRuntimePatience); });
  std::vector<RawClient> visits;
  for (int i = 0; i < http::WaitEndpoint::kMostVisits; ++i) {
    visits.push_back(with.client());
    visits.back().send(ApiCase::request("GET", with.link, {}, "Accept: application/json\r\n"));
  }
  // One too many, though not always the last one sent.
  visits.push_back(with.client());
  visits.back().send(ApiCase::request("GET", with.link, {}, "Accept: application/json\r\n"));
  CHECK(with.get("/api/v1/executions").status == 200);
  slow.set_value();
  std::map<int, int> statuses;
  for (RawClient& visit : visits) {
    const RawAnswer answer = visit.read_answer();
    ++statuses[answer.status];
    CHECK(answer.has("Retry-After: ") == (answer.status == 429));
  }
  CHECK(statuses == std::map<int, int>{{200, http::WaitEndpoint::kMostVisits}, {429, 1}});
  CHECK(with.visit("GET", with.link).status == 200);
}

TEST_CASE("who follows a link is not told where the data lies") {
  WaitCase with(kAsk, "ok");
  const std::string accept = GENERATE("Accept: application/json\r\n", "Accept: text/html\r\n");
  with.instance.store.unreadable = true;
  RawAnswer answer;
  std::vector<daemon::ReaderPool::Loan> all;
  // Somebody may have had a reader and given it back.
  for (int i = 0; i < 100 && answer.status != 503; ++i) {
    for (bool more = true; more;) {
      auto loan = with.instance.readers.borrow();
      more = loan.has_value();
      if (more) all.push_back(*std::move(loan));
    }
    answer = with.visit("GET", with.link, {}, accept);
  }
  CHECK(answer.status == 503);
  CHECK(answer.has("Retry-After: "));
  CHECK(answer.body.find("/secret/place") == std::string::npos);
}

TEST_CASE("the steps of notify see the link") {
  WaitCase with(
      "name: ask\non: { manual: {} }\nsteps:\n"
      "  - id: ok\n    wait-for:\n      approval: { message: go }\n      notify: [ { id: tell, set: '${{ wait.url }}' } ]\n",
      "ok");
  const auto snapshot = with.instance.look(with.id);
  const domain::Step* const told = snapshot.steps.find("tell");
  REQUIRE(told != nullptr);
  CHECK(told->outputs == "https://hooks.example" + with.link);
}

TEST_CASE("approvals are listed and decided through the API") {
  WaitCase with("name: ask\non: { manual: {} }\nsteps: [ { id: ok, wait-for: { approval: { message: go, roles: [editor], self: true } } } ]\n", "ok");
  const auto listed = with.get("/api/v1/approvals");
  REQUIRE(listed.data().size() == 1);
  const Json& approval = listed.data()[0];
  CHECK(approval["id"] == with.id.str() + "/ok");
  CHECK(approval["message"] == "go");
  CHECK(approval["roles"] == Json{"editor"});
  CHECK(approval["workflow"] == "ask");
  CHECK_FALSE(approval["until"].is_null());
  const std::string base = "/api/v1/approvals/" + with.id.str();
  CHECK(with.ask("POST", base + "%2Fok/approve", "{}", "X-Test-Role: operator\r\n").status == 403);
  CHECK(with.ask("POST", base + "/ok/approve", "{}", "X-Test-Tenant: tn_other\r\n").status == 404);
  CHECK(with.ask("GET", "/api/v1/approvals", "", "X-Test-Tenant: tn_other\r\n").data().empty());
  CHECK(with.post(base + "/no/approve", Json::object()).status == 404);
  CHECK(with.post(base + "/ok/approve", Json{{"comment", 7}}).status == 400);
  CHECK(with.post(base + "/ok/approve", Json{{"comment", std::string(3000, 'x')}}).status == 400);
  CHECK(with.post("/api/v1/executions/" + with.id.str() + "/signal", Json{{"step", "ok"}}).status == 409);
  const std::string path = base + GENERATE("/approve", "/ok/approve", "%2Fok/approve");
  const auto decided = with.post(path, Json{{"comment", "yes"}});
  CHECK(decided.status == 200);
  CHECK(decided.data()["decision"] == "approved");
  CHECK(with.instance.ended(with.id).steps.find("ok")->outputs["by"] == "uid:0");
  CHECK(with.post(base + "/ok/reject", Json::object()).status == 409);
  CHECK(with.post(base + "/reject", Json::object()).status == 409);
  CHECK(with.get("/api/v1/approvals").data().empty());
}

TEST_CASE("who has started an execution may not approve it, unless the step says so") {
  WaitCase with("name: ask\non: { manual: {} }\nsteps: [ { id: ok, wait-for: { approval: {} } } ]\n", "ok");
  const auto refused = with.post("/api/v1/approvals/" + with.id.str() + "/approve", Json::object());
  CHECK(refused.status == 403);
  CHECK(refused.body["error"]["details"][0]["hint"].get<std::string>().find("self: true") != std::string::npos);
  CHECK(with.status() == "waiting");
}

TEST_CASE("a callback is answered through the API") {
  WaitCase with(kCall, "paid");
  const std::string path = "/api/v1/executions/" + with.id.str() + "/signal";
  CHECK(with.post(path, Json::object()).status == 400);
  CHECK(with.post(path, Json{{"step", "nothing"}}).status == 404);
  CHECK(with.post("/api/v1/approvals/" + with.id.str() + "/paid/approve", Json::object()).status == 409);
  CHECK(with.get("/api/v1/approvals").data().empty());
  CHECK(with.post(path, Json{{"step", "paid"}, {"data", {{"n", 1}}}}).status == 200);
  CHECK(with.instance.ended(with.id).execution.outputs["paid"] == Json{{"n", 1}});
  CHECK(with.post(path, Json{{"step", "paid"}}).status == 409);
}
