// ipaas eval.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/output/caret.h"
#include "cli/output/function_list.h"
#include "core/base/json.h"
#include "tests/support/catch.h"
#include "tests/support/cli_run.h"
#include "tests/support/fake_api.h"

using namespace ipaas;
using ipaas::test::FakeApi;
using ipaas::test::has;
using ipaas::test::run_cli;

namespace {

std::string write(const FakeApi& api, const std::string& name, const std::string& text) {
  const std::string path = api.directory() + "/" + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

}  // namespace

TEST_CASE("eval prints a string as it is, and anything else as JSON") {
  CHECK(run_cli({"eval", "upper('abc')"}).out == "ABC\n");
  CHECK(run_cli({"eval", "'a\tb'"}).out == "a\tb\n");
  CHECK(run_cli({"eval", "1 > 2"}).out == "false\n");
  CHECK(run_cli({"eval", "range(2)"}).out == "[\n  0,\n  1\n]\n");
  CHECK(run_cli({"eval", ""}).out == "null\n");
  CHECK(run_cli({"eval", "NaN"}).out == "NaN\n");
  CHECK(run_cli({"eval", "'abc'", "-o", "json"}).out == "\"abc\"\n");
  CHECK(run_cli({"eval", "'abc'", "-o", "yaml"}).out == "abc\n");
}

TEST_CASE("an expression may begin with a minus, which is no flag") {
  CHECK(run_cli({"eval", "--", "-1"}).out == "-1\n");
  CHECK(run_cli({"eval", "-.5"}).out == "-0.5\n");
  CHECK(run_cli({"eval", "-0x1"}).code == 3);
  CHECK(run_cli({"eval", "-Inf"}).code == 3);
  CHECK(run_cli({"-o", "json", "eval", "-Infinity > x", "--context", "-"}, {.input = "x: 1"}).out == "false\n");
  CHECK(run_cli({"eval", "-Infinity", "-o", "json"}).out == "\"-Infinity\"\n");
  CHECK(run_cli({"eval", "-x"}).code == 2);
}

TEST_CASE("eval writes NaN and infinities as strings, wherever they are") {
  CHECK(run_cli({"eval", "NaN", "-o", "json"}).out == "\"NaN\"\n");
  CHECK(run_cli({"eval", "Infinity", "-o", "json"}).out == "\"Infinity\"\n");
  CHECK(run_cli({"eval", "-o", "json", "--", "-Infinity"}).out == "\"-Infinity\"\n");
  const auto nested = run_cli({"eval", "map(range(-1, 2), x => div(x, 0))", "-o", "json"});
  const auto value = parse_json(nested.out);
  REQUIRE(value);
  CHECK(*value == Json::array({"-Infinity", "NaN", "Infinity"}));
  CHECK(run_cli({"eval", "fromEntries(entries(x))", "--context", "-", "-o", "json"}, {.input = "x: {a: .inf}"}).out ==
        "{\n  \"a\": \"Infinity\"\n}\n");
}

TEST_CASE("the keys of the context are the contexts, in JSON or YAML, from a file or standard input") {
  FakeApi api;
  const std::string json = write(api, "c.json", R"({"event": {"id": 9007199254740993}, "github": {"sha": "abc"}})");
  const std::string yaml = write(api, "c.yaml", "event:\n  body: { n: 5, on: no }\n");
  CHECK(run_cli({"eval", "event.id", "--context", json}).out == "9007199254740993\n");
  CHECK(run_cli({"eval", "GITHUB.sha", "--context", json}).out == "abc\n");
  CHECK(run_cli({"eval", "event.body.on", "--context", yaml}).out == "no\n");
  CHECK(run_cli({"eval", "x.y", "--context", "-"}, {.input = R"({"x": {"y": 1}})"}).out == "1\n");
  CHECK(run_cli({"eval", "x.y", "--context", "-"}, {.input = "x: { y: [1] }"}).out == "[\n  1\n]\n");
  CHECK(run_cli({"eval", "success() && always() && !failure() && !cancelled()"}).out == "true\n");
}

TEST_CASE("a context that is not there is an error that says which are") {
  const auto without = run_cli({"eval", "event.id"});
  CHECK(without.code == 3);
  CHECK(has(without.err, "--context FILE"));
  const auto other = run_cli({"eval", "evnt.id", "--context", "-"}, {.input = R"({"event": 1})"});
  CHECK(other.code == 3);
  CHECK(has(other.err, "did you mean `event`?"));
  CHECK(has(run_cli({"eval", "secrets.X"}).err, "`credential:`"));
  const auto json = run_cli({"eval", "zzzzzz", "--context", "-", "-o", "json"}, {.input = R"({"event": 1, "vars": 2})"});
  const auto error = parse_json(json.err);
  REQUIRE(error);
  CHECK((*error)["code"] == "unknown_context");
  CHECK((*error)["hint"] == "available here: event vars");
}

TEST_CASE("an error shows its place in the expression") {
  const auto run = run_cli({"eval", "upper('a') == containz('b', 'c')"});
  CHECK(run.code == 3);
  CHECK(run.out.empty());
  CHECK(run.err ==
        "  upper('a') == containz('b', 'c')\n"
        "                ^\n"
        "error: 1:15: there is no function `containz`: did you mean `contains`?\n");
  const auto second = run_cli({"eval", "-"}, {.input = "'ä' ==\n 'ö' ||\n upper(range(1))\n"});
  CHECK(second.code == 3);
  CHECK(has(second.err, "   upper(range(1))\n   ^\n"));
  CHECK(has(second.err, "error: 3:2: `upper` takes a string as argument 1 (`text`), not an array"));
  const auto json = run_cli({"eval", "'é' == upper(range(1))", "-o", "json"});
  CHECK(json.code == 3);
  const auto error = parse_json(json.err);
  REQUIRE(error);
  CHECK((*error)["code"] == "expression_failed");
  CHECK((*error)["line"] == 1);
  CHECK((*error)["column"] == 8);
  CHECK(has((*error)["hint"].get<std::string>(), "toJSON"));
}

TEST_CASE("a text with braces is what a workflow makes of it, and a lone pair keeps its type") {
  CHECK(run_cli({"eval", "a ${{ 1 }} b ${{ 'c' }}"}).out == "a 1 b c\n");
  CHECK(run_cli({"eval", "${{ range(1) }}"}).out == "[\n  0\n]\n");
  CHECK(run_cli({"eval", "contains('a ${{ b', '${{')"}).out == "true\n");
  CHECK(run_cli({"eval", "-"}, {.input = "${{ 1 }}\n"}).out == "1\n");
  CHECK(run_cli({"eval", "a ${{ 1"}).code == 3);
}

TEST_CASE("eval refuses what it cannot read, by name and without its content") {
  FakeApi api;
  const std::string broken = write(api, "c.json", "{\"hunter2\": ");
  const std::string list = write(api, "c.yaml", "- hunter2\n");
  const std::string twice = write(api, "d.yaml", "a: 1\na: 2\n");
  for (const std::string& path : {broken, list, twice, api.directory() + "/none"}) {
    const auto run = run_cli({"eval", "1", "--context", path});
    CAPTURE(run.err);
    CHECK(run.code == 3);
    CHECK(has(run.err, path));
    CHECK_FALSE(has(run.err, "hunter2"));
  }
  CHECK(has(run_cli({"eval", "1", "--context", twice}).err, twice + ":2:1: "));
  CHECK(run_cli({"eval", "-", "--context", "-"}, {.input = "1"}).code == 2);
  CHECK(run_cli({"eval"}).code == 2);
  CHECK(run_cli({"eval", "1", "2"}).code == 2);
}

TEST_CASE("time, ids and masks of eval come from its world") {
  CHECK(run_cli({"eval", "now()"}).out == "2026-01-01T00:00:00.000Z\n");
  const auto id = run_cli({"eval", "uuid()"});
  CHECK(id.out.size() == 37);
  CHECK(id.out == run_cli({"eval", "uuid()"}).out);
  const auto mask = run_cli({"eval", "mask('hunter2')"});
  CHECK(mask.out == "hunter2\n");
  CHECK(has(mask.err, "mask()"));
}

TEST_CASE("on a terminal a string cannot steer it") {
  CHECK(run_cli({"eval", "fromJSON('\"\\u001b[31m\\n\"')"}, {.terminal = true}).out == "\\x1b[31m\n\n");
}

TEST_CASE("--functions and --help tell every function") {
  const auto list = run_cli({"eval", "--functions"});
  CHECK(list.code == 0);
  CHECK(has(list.out, "  padStart(text: string, length: number, fill?: string) -> string\n"));
  const auto json = parse_json(run_cli({"eval", "--functions", "-o", "json"}).out);
  REQUIRE(json);
  CHECK(json->size() > 70);
  CHECK((*json)[0]["name"] == "contains");
  CHECK((*json)[0]["parameters"][0]["types"] == "any");
  const auto help = run_cli({"eval", "--help"});
  for (const Json& function : *json) CHECK(has(help.out, " " + function["name"].get<std::string>()));
}

TEST_CASE("the manual page has the functions as the table has them") {
  std::ifstream file(std::filesystem::path(IPAAS_SOURCE_DIR) / "packaging/man/ipaas.1");
  const std::string page((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  CHECK(has(page, cli::function_manual()));
}

TEST_CASE("a caret stands under its character, in the middle of a long line, too") {
  const std::string text = "é\n" + std::string(200, 'x') + "ü!" + std::string(200, 'y');
  const cli::Caret caret = cli::caret_at(text, 3 + 200);
  CHECK(caret.line.find("ü") == caret.mark.find('^'));
  CHECK(caret.line.size() < 120);
  CHECK(cli::position_at(text, 203) == SourcePosition{2, 201});
  CHECK(cli::position_at("", 5) == SourcePosition{1, 1});
  CHECK(cli::caret_at("ab", 2).mark == "    ^");
}
