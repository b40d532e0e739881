#include "core/base/json.h"
#include "tests/support/catch.h"
#include "tests/support/cli_run.h"

using ipaas::parse_json;
using ipaas::test::CliWorld;
using ipaas::test::has;
using ipaas::test::run_cli;


TEST_CASE("a mistyped command is a usage error with a suggestion") {
  const auto run = run_cli({"aply", "-f", "x.yaml"});
  CHECK(run.code == 2);
  CHECK(run.out.empty());
  CHECK(run.err == "error: unknown command `aply`: did you mean `apply`?\n");
}

TEST_CASE("a mistyped verb is looked for among its noun's verbs") {
  const auto run = run_cli({"workflow", "lst"});
  CHECK(run.code == 2);
  CHECK(run.err == "error: unknown command `lst`: did you mean `list`?\n");
}

TEST_CASE("a mistyped flag is a usage error with a suggestion, and its value is not repeated") {
  const auto run = run_cli({"logs", "--folow=hunter2"});
  CHECK(run.code == 2);
  CHECK(run.err == "error: unknown flag `--folow`: did you mean `--follow`?\n");
}

TEST_CASE("a command without what it needs is a usage error") {
  CHECK(run_cli({}).code == 2);
  CHECK(run_cli({"workflow"}).code == 2);
  CHECK(run_cli({"workflow", "get"}).code == 2);
  CHECK(run_cli({"apply"}).code == 2);
  CHECK(run_cli({"run", "a", "b"}).code == 2);
  CHECK(run_cli({"logs", "--level", "loud"}).code == 2);
  CHECK(run_cli({"run", "a", "-i", "no-equals"}).code == 2);
}

TEST_CASE("errors of the command line itself are JSON under -o json") {
  const auto run = run_cli({"-o", "json", "workflow", "lst"});
  CHECK(run.code == 2);
  const auto error = parse_json(run.err);
  REQUIRE(error);
  CHECK((*error)["code"] == "usage");
  CHECK((*error)["message"] == "unknown command `lst`");
  CHECK((*error)["hint"] == "did you mean `list`?");
  CHECK((*error)["line"] == 0);
}

TEST_CASE("an unknown output format is refused with a suggestion") {
  const auto run = run_cli({"workflow", "list", "-o", "jsn"});
  CHECK(run.code == 2);
  CHECK(has(run.err, "did you mean `json`?"));
  CHECK(run_cli({"workflow", "list", "-o", "curl"}).code == 2);
}

TEST_CASE("help goes to standard output, exits 0 and shows an example") {
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{{"apply"},
                                                                                       {"diff"},
                                                                                       {"validate"},
                                                                                       {"export"},
                                                                                       {"run"},
                                                                                       {"logs"},
                                                                                       {"mask"},
                                                                                       {"workflow", "list"},
                                                                                       {"workflow", "get"},
                                                                                       {"workflow", "enable"},
                                                                                       {"workflow", "disable"},
                                                                                       {"workflow", "delete"},
                                                                                       {"execution", "list"},
                                                                                       {"execution", "get"},
                                                                                       {"execution", "watch"},
                                                                                       {"execution", "wait"},
                                                                                       {"execution", "cancel"},
                                                                                       {"webhook", "list"},
                                                                                       {"webhook", "url"},
                                                                                       {"webhook", "sign"},
                                                                                       {"webhook", "verify"},
                                                                                       {"credential", "create"},
                                                                                       {"credential", "list"},
                                                                                       {"credential", "delete"},
                                                                                       {"connector", "list"},
                                                                                       {"connector", "get"},
                                                                                       {"admin", "status"},
                                                                                       {"completion"},
                                                                                       {"version"}}) {
    std::vector<std::string> arguments = command;
    arguments.emplace_back("--help");
    const auto run = run_cli(arguments);
    INFO(run.out << run.err);
    CHECK(run.code == 0);
    CHECK(run.err.empty());
    CHECK(has(run.out, "Example:\n  "));
    CHECK(has(run.out, "ipaas " + command.front()));
  }
  CHECK(has(run_cli({"--help"}).out, "credential"));
  CHECK(has(run_cli({"--version"}).out, "ipaas "));
}

TEST_CASE("HTTP addresses are refused as not allowed, other texts as usage") {
  for (const std::string host : {"https://ipaas.example:8443", "http://127.0.0.1:8080"}) {
    const auto run = run_cli({"workflow", "list", "--host", host});
    CHECK(run.code == 4);
    CHECK(has(run.err, "token"));
  }
  CHECK(run_cli({"workflow", "list", "--host", "unix://relative"}).code == 2);
  CHECK(run_cli({"workflow", "list", "--host", "ftp://x"}).code == 2);
  CHECK(run_cli({"workflow", "list", "--host", "unix:///" + std::string(200, 'x')}).code == 2);
}

TEST_CASE("a tenant's name that could forge a header is refused") {
  CHECK(run_cli({"workflow", "list", "--tenant", "a\r\nX-Evil: 1"}).code == 2);
}

TEST_CASE("an unreachable daemon exits 6, names the socket and how to start it") {
  const auto run = run_cli({"workflow", "list", "--host", "unix:///nonexistent/ipaasd.sock"});
  CHECK(run.code == 6);
  CHECK(run.out.empty());
  CHECK(run.err ==
        "error: the daemon at unix:///nonexistent/ipaasd.sock is not running: there is no such socket: "
        "start it with `ipaasd --socket /nonexistent/ipaasd.sock` or name another with --host unix:///path\n");
  CHECK(run_cli({"workflow", "list"}, {.host = "unix:///nonexistent/x.sock"}).code == 6);
}

TEST_CASE("the flag wins over the environment") {
  const auto run =
      run_cli({"workflow", "list", "--host", "unix:///nonexistent/flag.sock"}, {.host = "unix:///nonexistent/x.sock"});
  CHECK(has(run.err, "/nonexistent/flag.sock"));
}

TEST_CASE("destroying something asks a terminal and refuses a script without --yes") {
  const std::string host = "unix:///nonexistent/x.sock";
  const auto script = run_cli({"workflow", "delete", "w"}, {.host = host});
  CHECK(script.code == 2);
  CHECK(has(script.err, "--yes"));
  const auto declined = run_cli({"credential", "delete", "c"}, {.host = host, .input = "n\n", .terminal = true});
  CHECK(declined.code == 1);
  CHECK(run_cli({"workflow", "delete", "w"}, {.host = host, .input = "y\n", .terminal = true}).code == 6);
  CHECK(run_cli({"workflow", "delete", "w", "--yes"}, {.host = host}).code == 6);
}

TEST_CASE("a wrong value is refused in words of ours, with a suggestion") {
  const auto err = [](const std::vector<std::string>& arguments) {
    const auto run = run_cli(arguments);
    CHECK(run.code == 2);
    return run.err;
  };
  CHECK(err({"execution", "list", "--status", "runing"}) ==
        "error: --status: unknown value `runing`: did you mean `running`?\n");
  CHECK(err({"execution", "list", "--status", "zzzzzz"}) ==
        "error: --status: unknown value `zzzzzz`: one of queued, running, waiting, succeeded, failed, cancelled\n");
  CHECK(has(err({"logs", "--level", "wran"}), "did you mean `warn`?"));
  CHECK(has(err({"completion", "fihs"}), "did you mean `fish`?"));
  for (const char* limit : {"0", "-1", "100001", "many", "1.5", "99999999999999999999"}) {
    INFO(limit);
    const bool whole = std::string(limit).find_first_not_of("-0123456789") == std::string::npos;
    CHECK(err({"execution", "list", std::string("--limit=") + limit}) ==
          std::string("error: --limit: `") + limit + "` is " + (whole ? "out of range" : "no whole number") + ": write a whole number from 1 to 100000\n");
  }
  CHECK(has(err({"logs", "-n", "0"}), "from 1 to 10000"));
}

TEST_CASE("an input that is given twice is a usage error that names it, not its values") {
  const auto run = run_cli({"run", "w", "-i", "city=Paris", "-i", "city=Rome"});
  CHECK(run.code == 2);
  CHECK(has(run.err, "`city`"));
  CHECK_FALSE(has(run.err, "Rome"));
}

TEST_CASE("a flag of one scheme is refused with another") {
  for (const char* flag : {"--algorithm", "--header", "--encoding", "--prefix", "--timestamp-header", "--payload", "--leeway"}) {
    const auto run = run_cli({"webhook", "sign", "--scheme", "github", "--secret-stdin", "-f", "/dev/null", flag, "x"},
                             {.input = "secret\n"});
    INFO(flag);
    CHECK(run.code == 2);
    CHECK(has(run.err, std::string(flag) + " is not for --scheme github"));
  }
}
