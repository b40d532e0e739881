// The YAML that workflows are written in: what it means, and what it refuses.

#include <chrono>
#include <cmath>

#include "core/language/yaml/reader.h"
#include "core/language/yaml/scalar.h"
#include "tests/unit/language/workflow_case.h"

using namespace ipaas;
using namespace ipaas::test;
namespace yaml = ipaas::language::yaml;

namespace {

Json plain(std::string text) { return yaml::resolve({std::move(text), true}); }

std::string codes(std::string_view text) {
  std::string list;
  for (const Error& error : yaml::read(text).errors) {
    if (!list.empty()) list += ", ";
    list += std::to_string(error.position.line) + ":" + std::to_string(error.position.column) + " " + error.code;
  }
  return list;
}

std::string repeat(std::string_view piece, std::size_t times) {
  std::string text;
  text.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

constexpr std::size_t kMebibyte = 1024 * 1024;

std::string fill(std::string_view piece) { return repeat(piece, kMebibyte / piece.size()); }

}  // namespace

TEST_CASE("plain scalars have the types of YAML 1.2's core schema") {
  for (const auto text : {"on", "NO", "yes", "07:30", "0b1", "1_000", "- 1", "0o8", "0xG", "1e", ".", "+", "e5", "truE", "nUll", "-0x1"}) {
    INFO(text);
    CHECK(plain(text) == Json(text));
  }
  for (const auto text : {"", "~", "null", "Null", "NULL"}) CHECK(plain(text).is_null());
  CHECK(plain("true") == Json(true));
  CHECK(plain("FALSE") == Json(false));
  CHECK(plain("0o14") == Json(12));
  CHECK(plain("0x1F") == Json(31));
  CHECK(plain("-17") == Json(-17));
  CHECK(plain("+17") == Json(17));
  CHECK(plain("007") == Json(7));
  CHECK(plain("9007199254740993").dump() == "9007199254740993");
  CHECK(plain("18446744073709551615").dump() == "18446744073709551615");
  CHECK(plain("-9223372036854775807").dump() == "-9223372036854775807");
  CHECK(plain("18446744073709551616").is_number_float());
  CHECK(plain("1.5e3") == Json(1500.0));
  CHECK(plain("-.5") == Json(-0.5));
  CHECK(plain("1.") == Json(1.0));
  CHECK(std::isinf(plain("-.INF").get<double>()));
  CHECK(std::isinf(plain("1e999").get<double>()));
  CHECK(plain("1e-999") == Json(0.0));
  CHECK(std::isnan(plain(".nan").get<double>()));
  CHECK(yaml::resolve({"5", false}) == Json("5"));
}

TEST_CASE("what is not YAML is refused with a place and a hint") {
  const std::vector<std::pair<std::string_view, std::string_view>> rows = {
      {"a: x: y\n", "1:5 yaml_syntax"},
      {"a: 1\n b: 2\n", "2:3 yaml_syntax"},
      {"a: [1, 2\n", "1:4 yaml_syntax"},
      {"a: { b: 1\n", "1:4 yaml_syntax"},
      {"a: ]\n", "1:4 yaml_syntax"},
      {"a:\n\tb: c\n", "2:3 yaml_syntax"},
      {"a: @x\n", "1:4 yaml_syntax"},
      {"a: `x\n", "1:4 yaml_syntax"},
      {"a: \"x\n", "1:4 yaml_syntax"},
      {"a: 'it''s\n", "1:4 yaml_syntax"},
      {"a: \"b\"c\n", "1:7 yaml_syntax"},
      {"a: { b: ${{ c }} }\n", "1:9 yaml_syntax"},
      {"a: [ ${{ c }} ]\n", "1:6 yaml_syntax"},
      {"a: ${{ b == 'c: d' }}\n", "1:15 yaml_syntax"},
      {"a: *b\n", "1:4 yaml_syntax"},
      {"a: * * * * *\n", "1:5 yaml_syntax"},
      {"a: [1,,2]\n", "1:7 yaml_syntax"},
      {",", "1:1 yaml_syntax"},
      {"- a\nb: 1\n", "2:1 yaml_syntax"},
      {"a: \"\\q\"\n", "1:7 yaml_syntax"},
      {"a: &x &y 1\n", "1:7 yaml_syntax"},
      {"a: 1\na: 2\n", "2:1 duplicate_key"},
      {"a: 1\n\"a\": 2\n", "2:1 duplicate_key"},
      {"a: { b: 1, c: 2, b: 3 }\n", "1:18 duplicate_key"},
      {"a: !!str x\n", "1:4 yaml_tag"},
      {"a: !x { b: 1 }\n", "1:4 yaml_tag"},
      {"a: ! x\n", "1:4 yaml_tag"},
      {"a: !inputs.b\n", "1:4 yaml_tag"},
      {"<<: { a: 1 }\n", "1:1 yaml_merge_key"},
      {"? [a]\n: b\n", "1:3 yaml_key"},
      {"{ : b }\n", "1:3 yaml_key"},
      {"a: &a [*a]\n", "1:8 yaml_alias"},
      {"a: &a { b: *a }\n", "1:12 yaml_alias"},
      {"a: \x01\n", "1:4 control_character"},
      {"a: b\x04\nc: d\n", "1:5 control_character"},
      {std::string_view("a: \0", 4), "1:4 control_character"},
      {"a: \xC3\x28\n", "1:4 not_utf8"},
      {"a: \xED\xA0\x80\n", "1:4 not_utf8"},
      {"a: \xF8\x88\x80\x80\x80\n", "1:4 not_utf8"},
      {"a: \xC0\xAF\n", "1:4 not_utf8"},
      {"a: \xE2\x82", "1:4 not_utf8"},
  };
  for (const auto& [text, expected] : rows) {
    INFO(text);
    CHECK(codes(text) == expected);
  }
}

TEST_CASE("an expression that must be quoted is told to be quoted") {
  for (const auto text : {"a: { b: ${{ c }} }\n", "a: [ ${{ c }} ]\n", "a: ${{ b == 'c: d' }}\n", "a: @x\n", "a: * * * * *\n"}) {
    INFO(text);
    CHECK(yaml::read(text).errors.front().hint.find("quote") != std::string::npos);
  }
}

TEST_CASE("columns count characters and lines end as they end") {
  const auto stream = yaml::read("\xEF\xBB\xBF\xC3\xA9t\xC3\xA9: { a: \xE2\x82\xAC, b: &x \"q\" }\r\nc: *x\r\n");
  REQUIRE(stream.errors.empty());
  const yaml::Node& root = *stream.documents.front().root;
  const yaml::Entry* first = root.find("été");
  REQUIRE(first != nullptr);
  CHECK(first->position == SourcePosition{1, 1});
  CHECK(first->value->find("a")->value->position() == SourcePosition{1, 11});
  CHECK(first->value->find("b")->position == SourcePosition{1, 14});
  CHECK(first->value->find("b")->value->position() == SourcePosition{1, 20});
  CHECK(root.find("c")->position == SourcePosition{2, 1});
  CHECK(root.find("c")->value == first->value->find("b")->value);
}

TEST_CASE("aliases are counted as what they stand for") {
  const std::string list = "x-a: &a [" + repeat("1, ", 99) + "]\n";  // 100 nodes
  CHECK(codes(list + "b: [" + repeat("*a, ", 10) + "]\n").empty());
  CHECK(codes(list + "b: [" + repeat("*a, ", 11) + "]\n") == "2:45 alias_limit");
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before + "]\n";
  }
  CHECK(codes(bomb).find("alias_limit") != std::string::npos);
}

TEST_CASE("nesting ends at 50 levels, aliases included") {
  CHECK(codes(repeat("[", 50) + repeat("]", 50)).empty());
  CHECK(codes(repeat("[", 51) + repeat("]", 51)) == "1:51 too_deep");
  CHECK(codes(repeat("{a: ", 51) + repeat("}", 51)) == "1:201 too_deep");
  const std::string deep = "a: &a " + repeat("[", 40) + repeat("]", 40) + "\n";
  CHECK(codes(deep + "b: [[[[*a]]]]\n").empty());
  CHECK(codes(deep + "b: [[[[[[[[[[*a]]]]]]]]]]\n") == "2:14 too_deep");
}

TEST_CASE("hostile texts are refused or read within two seconds") {
  const std::vector<std::string> texts = {
      fill("["), fill("{"), fill("{a: "), fill("- "), fill("? "), fill(": "), fill("a"), fill("x "), fill("'"), fill("\""),
      fill("*a "), fill("&a "), fill("!"), fill("#\n"), fill("\n"), fill("---\n"), fill(","), fill("]"), fill("%x\n"),
      fill("|\n"), fill("- &a 1\n"), "[" + fill("a,"), "{" + fill("a: b,"), "[" + fill("[],"), "a: " + fill("\xC3\xA9 "),
      "[" + fill("\xC3\xA9,"), "a: |\n" + fill("  x\n"), "a: " + fill("x\n "), "- !+(.,.)", "[:", "{:", "{!\xC3\x9B:", "[[:",
      fill("k: v\n"), fill("\"\\x41\""), "[" + fill("'',"), "a: 'x" + fill("''")};
  for (const std::string& text : texts) {
    INFO(text.substr(0, 20));
    const auto begin = std::chrono::steady_clock::now();
    static_cast<void>(parse(std::string_view(text).substr(0, kMebibyte)));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));  // far above 2 s: sanitizers are slow
  }
  std::string keys;
  for (int i = 0; i < 100'000; ++i) keys += "k" + std::to_string(i) + ":\n";
  CHECK(codes(keys).empty());
  CHECK(codes(fill("x") + "x") == "1:1 too_large");
}
