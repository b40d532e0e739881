#include "tests/support/catch.h"
#include "tests/support/cli_run.h"
#include "tests/support/fake_api.h"

using ipaas::test::CliRun;
using ipaas::test::FakeApi;
using ipaas::test::has;
using ipaas::test::run_cli;

namespace {

/// Remembers what it was sent; answers with a variable called Region.
struct VariableApi {
  VariableApi() {
    api.server().Put("/api/v1/variables/.*", [this](const httplib::Request& request, httplib::Response& response) {
      sent = request.body;
      response.set_content(R"({"success":true,"data":{"name":"Region","value":"eu"},"meta":{}})", "application/json");
    });
    api.remove("/api/v1/variables/region", R"({"name":"region","deleted":true})");
    api.get("/api/v1/variables", R"([{"name":"Region","value":"eu","updated_at":"2025-12-31T23:59:00Z"},
                                     {"name":"limits","value":{"n":[1,2]},"updated_at":"2025-12-31T23:59:00Z"}])");
    api.start();
  }
  CliRun run(const std::vector<std::string>& arguments, const std::string& input = {}) {
    return run_cli(arguments, {.host = api.host(), .input = input});
  }
  FakeApi api;
  std::string sent;
};

}  // namespace

TEST_CASE("variable set sends a text, JSON, a file's content or standard input") {
  VariableApi with;
  CHECK(with.run({"variable", "set", "region", "eu"}).out == "variable/Region set\n");
  CHECK(with.sent == R"({"value":"eu"})");
  CHECK(with.run({"variable", "set", "variable/region", "-5", "-o", "name"}).out == "variable/Region\n");
  CHECK(with.sent == R"({"value":"-5"})");
  CHECK(with.run({"variable", "set", "region", "", "--json"}).code == 3);
  CHECK(with.run({"variable", "set", "region", ""}).code == 0);
  CHECK(with.sent == R"({"value":""})");
  CHECK(with.run({"variable", "set", "region", "--json", R"({"a": [1, true]})"}).code == 0);
  CHECK(with.sent == R"({"value":{"a":[1,true]}})");
  CHECK(with.run({"variable", "set", "region", "--from-file", "-"}, "two\nlines\r\n").code == 0);
  CHECK(with.sent == R"({"value":"two\nlines"})");
}

TEST_CASE("variable set wants one value, and says which it got") {
  VariableApi with;
  CHECK(with.run({"variable", "set", "region"}).code == 2);
  CHECK(with.run({"variable", "set", "region", "x", "--from-file", "-"}).code == 2);
  CHECK(with.run({"variable", "set"}).code == 2);
  const CliRun bad = with.run({"variable", "set", "region", "--json", "{"});
  CHECK(bad.code == 3);
  CHECK(has(bad.err, "not JSON"));
  CHECK(with.run({"variable", "set", "region", "--from-file", "/nonexistent/x"}).code != 0);
  CHECK(with.sent.empty());
}

TEST_CASE("variable list shows values, delete asks first") {
  VariableApi with;
  CHECK(with.run({"variable", "list"}).out ==
        "NAME    VALUE        CHANGED\n"
        "Region  eu           60s\n"
        "limits  {\"n\":[1,2]}  60s\n");
  CHECK(with.run({"variable", "delete", "region"}).code == 2);
  CHECK(with.run({"variable", "delete", "region", "--yes"}).out == "variable/region deleted\n");
}
