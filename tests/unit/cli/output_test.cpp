#include "cli/output/fields.h"
#include "cli/output/printer.h"
#include "cli/output/structured.h"
#include "cli/output/table.h"

#include <yaml-cpp/yaml.h>

#include "tests/support/catch.h"

using namespace ipaas;
using namespace ipaas::cli;

TEST_CASE("a table aligns its columns and leaves nothing behind the last one") {
  Table table({"NAME", "STATE"});
  table.add({"a", "enabled"});
  table.add({"größer", ""});
  CHECK(table.render(Style(false)) ==
        "NAME    STATE\n"
        "a       enabled\n"
        "größer  -\n");
}

TEST_CASE("a table on a terminal colours statuses and cuts the last column") {
  Table table({"STATUS", "TEXT"});
  table.add({"failed", "a long text that does not fit"});
  CHECK(table.render(Style(true), 24) ==
        "\x1b[1mSTATUS\x1b[0m  \x1b[1mTEXT\x1b[0m\n"
        "\x1b[31mfailed\x1b[0m  a long text tha…\n");
}

TEST_CASE("a table spells out what could steer a terminal") {
  Table table({"NAME"});
  table.add({"a\x1b[2Jb\nc"});
  CHECK(table.render(Style(false)) == "NAME\na\\x1b[2Jb\\nc\n");
}

TEST_CASE("JSON keeps the order of keys and is safe to look at") {
  const auto value = parse_json("{\"b\":1,\"a\":[\"\\u001b[31m\\u009b\\u007f\\u202e\"]}");
  REQUIRE(value);
  const std::string text = json_text(*value);
  CHECK(text == "{\n  \"b\": 1,\n  \"a\": [\n    \"\\u001b[31m\\u009b\\u007f\\u202e\"\n  ]\n}\n");
  CHECK(*parse_json(text) == *value);
  CHECK(json_text(Json::array()) == "[]\n");
  CHECK(json_line(Json{{"a", "x\ny"}}) == "{\"a\":\"x\\ny\"}\n");
}

TEST_CASE("YAML quotes every text that could be read as something else") {
  Json value = Json::object();
  value["name"] = "order-alerts";
  value["yes"] = "NO";
  value["version"] = "1.10";
  value["time"] = "07:30";
  value["empty"] = "";
  value["hash"] = "# no comment";
  value["brace"] = "${{ x }}";
  value["esc"] = "\x1b[2J";
  value["source"] = "name: a\nsteps: []\n";
  value["odd"] = " leading\nspace";
  value["number"] = 3;
  value["none"] = nullptr;
  value["list"] = Json::array({1, "1", true, "true"});
  value["no items"] = Json::array();
  value["no members"] = Json::object();
  const std::string text = yaml_text(value);
  INFO(text);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("name: order-alerts\n") == 0);
  CHECK(text.find("source: |\n  name: a\n  steps: []\n") != std::string::npos);
  const YAML::Node read = YAML::Load(text);
  for (const auto& [key, member] : value.items()) {
    INFO(key);
    if (member.is_string()) CHECK(read[key].as<std::string>() == member.get<std::string>());
    if (member.is_string() && !member.get<std::string>().empty() && key != "name" && key != "source")
      CHECK(read[key].Tag() == "!");
  }
  CHECK(read["number"].Tag() == "?");
  CHECK(read["list"].size() == 4);
  CHECK(read["list"][1].Tag() == "!");
  CHECK(read["none"].IsNull());
  CHECK(read["no items"].IsSequence());
}

TEST_CASE("ages and durations are short") {
  const Instant now = from_millis(1'767'225'600'000);
  CHECK(age("2025-12-31T23:59:15Z", now) == "45s");
  CHECK(age("2025-12-31T23:30:00Z", now) == "30m");
  CHECK(age("2025-12-31T00:00:00Z", now) == "24h");
  CHECK(age("2025-12-01T00:00:00Z", now) == "31d");
  CHECK(age("2026-06-01T00:00:00Z", now) == "0s");
  CHECK(age("", now) == "-");
  CHECK(elapsed("2025-12-31T23:59:00Z", "2025-12-31T23:59:03.450Z", now) == "3.4s");
  CHECK(elapsed("2025-12-31T23:57:00Z", "", now) == "3m0s");
  CHECK(elapsed("", "", now) == "-");
  CHECK(short_duration(std::chrono::hours(26)) == "1d2h");
}

TEST_CASE("an annotation for GitHub encodes what would end it") {
  Error error{ErrorKind::kInvalid, "50% of\nit: wrong", "fix, it", "unknown_key"};
  error.file = "a,b:c.yaml";
  error.position = {3, 5};
  CHECK(github_annotation(error) ==
        "::error file=a%2Cb%3Ac.yaml,line=3,col=5::50%25 of%0Ait: wrong: fix, it [unknown_key]");
}
