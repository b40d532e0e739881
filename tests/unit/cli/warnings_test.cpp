#include "tests/support/catch.h"
#include "tests/support/cli_run.h"
#include "tests/support/fake_api.h"

using ipaas::test::FakeApi;
using ipaas::test::run_cli;

namespace {

constexpr const char* kBothDays = "name: w\non:\n  schedule:\n    - cron: \"0 9 1 * 1\"\nsteps:\n  - log: hello\n";

bool warns(const std::string& text) {
  return text.find("warning: <stdin>:4:") == 0 && text.find("[both_days]\n") != std::string::npos;
}

}  // namespace

TEST_CASE("validate, apply and diff warn alike, on standard error, and go on") {
  FakeApi api;
  api.post("/api/v1/workflows/apply", R"([{"name":"w","action":"created","version":1,"id":"wf_1"}])");
  api.refuse("/api/v1/workflows/w", 404, R"({"code":"not_found","message":"none"})");
  api.start();
  const auto run = [&](const std::string& command) {
    return run_cli({command, "-f", "-", "-o", "name"}, {.host = api.host(), .input = kBothDays});
  };
  const auto validated = run("validate");
  INFO(validated.err);
  CHECK(warns(validated.err));
  CHECK(validated.out == "workflow/w\n");
  CHECK(validated.code == 0);
  for (const auto& [command, code] : {std::pair{"apply", 0}, std::pair{"diff", 1}}) {
    const auto other = run(command);
    INFO(command << other.err);
    CHECK(other.code == code);
    CHECK(other.err == validated.err);
    CHECK(other.out == "workflow/w\n");
  }
}

TEST_CASE("validate --strict refuses what is warned of") {
  CHECK(run_cli({"validate", "--strict", "-f", "-"}, {.input = kBothDays}).code == 3);
}
