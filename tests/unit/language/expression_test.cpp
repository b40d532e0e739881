// Expressions beyond what the vectors say.
#include "core/language/expression/expression.h"

#include <cmath>
#include <limits>

#include "tests/support/catch.h"

using namespace ipaas;
using namespace ipaas::language;

namespace {

const ExpressionScope kAnything{{}, true, true};
const ExpressionScope kStep{{"event", "inputs", "steps", "execution"}};

Json parsed(std::string_view text) {
  auto value = parse_json(text);
  REQUIRE(value);
  return std::move(*value);
}

Json evaluate(std::string_view source, const Json& contexts = Json::object()) {
  CAPTURE(std::string(source));
  const auto expression = Expression::parse(source, kAnything);
  REQUIRE(expression);
  auto result = expression->evaluate(JsonContext(contexts));
  REQUIRE(result);
  return std::move(*result);
}

Error parse_error(std::string_view source, const ExpressionScope& scope = kStep) {
  CAPTURE(std::string(source));
  const auto expression = Expression::parse(source, scope);
  REQUIRE_FALSE(expression);
  return expression.error();
}

}  // namespace

TEST_CASE("an integer that is only moved keeps every digit") {
  const Json contexts = parsed(R"({"event": {"id": 9007199254740993, "big": 18446744073709551615}})");
  CHECK(evaluate("event.id", contexts).dump() == "9007199254740993");
  CHECK(evaluate("event.big || 1", contexts).dump() == "18446744073709551615");
  CHECK(evaluate("event", contexts).dump() == contexts["event"].dump());
  CHECK(evaluate("format('{0}', event.id)", contexts) == "9007199254740993");
  CHECK(evaluate("toJSON(event.id)", contexts) == "9007199254740993");
  CHECK(evaluate("fromJSON('9007199254740993')", contexts).dump() == "9007199254740993");
}

TEST_CASE("a whole number that the expression makes is written without a point") {
  CHECK(evaluate("5").dump() == "5");
  CHECK(evaluate("1.2e2").dump() == "120");
  CHECK(evaluate("-0").dump() == "0");
  CHECK(evaluate("0.5").dump() == "0.5");
  CHECK(std::isnan(evaluate("NaN").get<double>()));
  CHECK(evaluate("-Infinity").get<double>() == -std::numeric_limits<double>::infinity());
}

TEST_CASE("numbers become text as in ECMAScript, with at most 15 decimals") {
  CHECK(evaluate("format('{0} {1} {2}', 1e21, 1e20, 1e-7)") == "1e+21 100000000000000000000 1e-7");
  CHECK(evaluate("format('{0}', 0.30000000000000004)") == "0.3");
  CHECK(evaluate("format('{0}', 1e-16)") == "0");
  CHECK(evaluate("format('{0}', 0.000001)") == "0.000001");
  CHECK(evaluate("toJSON(0.30000000000000004)") == "0.30000000000000004");
  CHECK(to_text(Json(12.5)) == "12.5");
}

TEST_CASE("numbers are read as the language writes them") {
  CHECK(evaluate("0xFFFFFFFFFFFFFFFFFF == 4722366482869645213695").get<bool>());
  CHECK(evaluate("'1e400' == Infinity").get<bool>());
  CHECK(evaluate("'1e-400' == 0").get<bool>());
  CHECK(evaluate("'\xC2\xA0 7\xE3\x80\x80' == 7").get<bool>());
  CHECK(evaluate("5. == 5").get<bool>());
  for (const char* wrong : {"1_000", "0x", "0xg", "0o8", "0b1", "-0x1", "1e", "1.2.3", "+", "-", ".", "inf", "1a"}) {
    CAPTURE(wrong);
    // What is not a number is neither less than, nor equal to, nor greater than one.
    const std::string text = "'" + std::string(wrong) + "'";
    CHECK(evaluate(text + " < 0 || " + text + " == 0 || " + text + " > 0") == false);
  }
}

TEST_CASE("every doubled quote of a text is one quote") {
  CHECK(evaluate("'it''s ''quoted'''") == "it's 'quoted'");
  CHECK(evaluate("''''") == "'");
}

TEST_CASE("comparison folds case one character at a time") {
  CHECK_FALSE(evaluate("'straße' == 'STRASSE'").get<bool>());
  CHECK(evaluate("'ΑΒΓ' == 'αβγ'").get<bool>());
  CHECK(evaluate("'ДОМ' == 'дом'").get<bool>());
  CHECK(evaluate("'𐐀' == '𐐨'").get<bool>());
  CHECK(evaluate("'ǆ' == 'Ǆ'").get<bool>());
  CHECK(evaluate("contains('GRÜSSE', 'grü')").get<bool>());
  CHECK(evaluate("endsWith('aⱥ', 'AȺ')").get<bool>());
  // UTF-16 order: a surrogate pair sorts before U+FF5E.
  CHECK(evaluate("'😀' < '～'").get<bool>());
}

TEST_CASE("a member is found by its exact name first, then without regard to case") {
  const Json contexts = parsed(R"({"event": {"id": 1, "ID": 2, "Name": "n"}})");
  CHECK(evaluate("event.ID", contexts) == 2);
  CHECK(evaluate("event.Id", contexts) == 1);
  CHECK(evaluate("EVENT.name", contexts) == "n");
  CHECK(evaluate("event.missing.deeper", contexts).is_null());
}

TEST_CASE("operators give the operand that decides, and stop there") {
  CHECK(evaluate("inputs.x || 'default'") == "default");
  CHECK(evaluate("'a' && 'b'") == "b");
  CHECK(evaluate("false && fromJSON('broken')") == false);
  CHECK(evaluate("case(true, 1, fromJSON('broken'))") == 1);
  CHECK(evaluate("case(false, fromJSON('broken'), 2)") == 2);
}

TEST_CASE("filters reach into each item and leave out what has no such member") {
  const Json contexts = parsed(R"({"event": {"a": [{"n": [1, 2]}, {"x": 0}, {"N": [3]}], "o": {"p": {"n": 5}, "q": {"n": 6}}}})");
  CHECK(evaluate("event.a.*.n", contexts) == parsed("[[1,2],[3]]"));
  CHECK(evaluate("event.a.*.n[0]", contexts) == parsed("[1,3]"));
  CHECK(evaluate("event.a.*.n.*", contexts) == parsed("[1,2,3]"));
  CHECK(evaluate("event.o.*.n", contexts) == parsed("[5,6]"));
  CHECK(evaluate("join(event.o.*.n, '-')", contexts) == "5-6");
  CHECK(evaluate("(event.o.*)[1]", contexts) == parsed("[]"));
}

TEST_CASE("a list takes any index that is a number, as text too") {
  const Json contexts = parsed(R"({"list": ["a", "b"]})");
  CHECK(evaluate("list['1']", contexts) == "b");
  CHECK(evaluate("list[1.9]", contexts) == "b");
  CHECK(evaluate("list[2]", contexts).is_null());
  CHECK(evaluate("list[1e300]", contexts).is_null());
  CHECK(evaluate("list.length", contexts).is_null());
}

TEST_CASE("arrays and objects are equal to themselves alone") {
  const Json contexts = parsed(R"({"x": {"y": []}})");
  CHECK(evaluate("x.y == x.y", contexts) == true);
  CHECK(evaluate("fromJSON('[]') == fromJSON('[]')", contexts) == false);
  CHECK(evaluate("x.* == x.*", contexts) == false);
}

TEST_CASE("toJSON writes what JSON.stringify would write") {
  const Json contexts = parsed(R"({"v": {"b": [1, 2.0, {"c": "\u0001\"\\\né"}], "a": {}, "n": null}})");
  CHECK(evaluate("toJSON(v)", contexts) ==
        "{\n  \"b\": [\n    1,\n    2,\n    {\n      \"c\": \"\\u0001\\\"\\\\\\né\"\n    }\n  ],\n  \"a\": {},\n  \"n\": null\n}");
  CHECK(evaluate("toJSON(NaN)") == "null");
  CHECK(evaluate("fromJSON(toJSON(v))", contexts) == contexts["v"]);
}

TEST_CASE("status functions are known where the scope has them") {
  CHECK(evaluate("success() && !failure() && ALWAYS() && !cancelled()") == true);
  const auto condition = Expression::parse("failure()", kAnything);
  REQUIRE(condition);
  CHECK(condition->uses_status_function());
  CHECK(parse_error("success()").code == "unknown_function");
  CHECK(parse_error("success()").hint == "it belongs into `if:`");
  CHECK(parse_error("success(1)", kAnything).code == "wrong_arguments");
}

TEST_CASE("an expression knows what it names of its contexts") {
  const auto expression = Expression::parse("steps.a.outputs.x == STEPS['b-c']['outcome'] || steps[inputs.s] || steps.d", kStep);
  REQUIRE(expression);
  const auto& references = expression->references().contexts;
  REQUIRE(references.size() == 5);
  CHECK(references[0].key == "a");
  CHECK(references[0].property == "outputs");
  CHECK(references[0].position.column == 7);
  CHECK(references[1].key == "b-c");
  CHECK(references[1].property == "outcome");
  CHECK(references[2].context == "steps");
  CHECK(references[2].key.empty());
  CHECK(references[3].context == "inputs");
  CHECK(references[3].key == "s");
  CHECK(references[4].key == "d");
  CHECK(references[4].property.empty());
}

TEST_CASE("an unknown function says what was meant") {
  const Error error = parse_error("1 == containz('a', 'b')");
  CHECK(error.code == "unknown_function");
  CHECK(error.hint == "did you mean `contains`?");
  CHECK(error.position == SourcePosition{1, 6});
}

TEST_CASE("a name that GitHub has and we have not says what to write here") {
  CHECK(parse_error("secrets.TOKEN").hint.find("`credential:`") != std::string::npos);
  CHECK(parse_error("github.event.ref").hint.find("`event`") != std::string::npos);
  CHECK(parse_error("env.HOME").hint.find("`inputs.<name>`") != std::string::npos);
  CHECK(parse_error("needs.build.outputs").hint.find("`steps.<id>.outputs`") != std::string::npos);
  CHECK(parse_error("vars.region").hint.find("input") != std::string::npos);
  CHECK(parse_error("evnt.body").hint == "did you mean `event`?");
  CHECK(parse_error("zzz").hint == "available here: event inputs steps execution");
  CHECK(parse_error("True").hint == "write `true`");
  CHECK(parse_error("runs-on").code == "unknown_context");
}

TEST_CASE("every context of GitHub's that we lack is answered with what to write, in any letter case") {
  for (const char* name : {"secrets", "env", "github", "needs", "jobs", "job", "run", "runs-on", "runner", "matrix",
                           "strategy", "GitHub", "SECRETS"}) {
    const Error error = parse_error(std::string(name) + ".x");
    CAPTURE(name, error.hint);
    CHECK(error.code == "unknown_context");
    CHECK(error.hint.find('`') != std::string::npos);
    CHECK(error.hint.find("did you mean") == std::string::npos);
  }
}

TEST_CASE("a function of GitHub's or of another language that we lack is answered with what to write") {
  CHECK(parse_error("hashFiles('**/package-lock.json')").hint.find("`sha256(…)`") != std::string::npos);
  CHECK(parse_error("hashfiles('x')").code == "unknown_function");
  CHECK(parse_error("len(event)").hint == "write `length(…)`");
  CHECK(parse_error("toUpperCase('a')").hint == "write `upper(…)`");
  CHECK(parse_error("if(true, 1, 2)").hint == "write `case(condition, then, else)`");
  CHECK(parse_error("upper").hint == "it is a function: call it with `(…)`");
}

TEST_CASE("what is not an expression is refused where it stops being one") {
  struct Row { const char* source; const char* code; int column; };
  for (const Row& row : {Row{"'open", "unexpected_symbol", 1}, Row{"1 ==", "unexpected_end", 5},
                         Row{"\"a\" == 'a'", "unexpected_symbol", 1}, Row{"1 = 2", "unexpected_symbol", 3},
                         Row{"format('a',)", "unexpected_symbol", 12}, Row{"format(,'a')", "unexpected_symbol", 8},
                         Row{"event.", "unexpected_end", 7}, Row{"event..a", "unexpected_symbol", 7},
                         Row{"'a'[0]", "unexpected_symbol", 4}, Row{"event[", "unexpected_end", 7},
                         Row{"event[]", "unexpected_symbol", 7}, Row{"(*)", "unexpected_symbol", 2},
                         Row{"a b", "unknown_context", 1}, Row{"case(true, 1, 2, 3)", "wrong_arguments", 1},
                         Row{"contains('a')", "wrong_arguments", 1}, Row{"event ? 1 : 2", "unexpected_symbol", 7},
                         Row{"1 + 2", "unexpected_symbol", 3}, Row{"event\x01", "unexpected_symbol", 1}}) {
    const Error error = parse_error(row.source);
    CAPTURE(row.source);
    CHECK(error.code == row.code);
    CHECK(error.position == SourcePosition{1, row.column});
  }
}

TEST_CASE("one expression serves many evaluations") {
  const auto expression = Expression::parse("event.n > 1", kStep);
  REQUIRE(expression);
  const Json one = parsed(R"({"event": {"n": 1}})");
  const Json two = parsed(R"({"event": {"n": 2}})");
  for (int i = 0; i < 3; ++i) {
    CHECK(*expression->evaluate(JsonContext(one)) == false);
    CHECK(*expression->evaluate(JsonContext(two)) == true);
  }
}

TEST_CASE("truth and text of plain values") {
  for (const char* falsy : {"null", "false", "0", "-0.0", "\"\""}) CHECK_FALSE(is_truthy(parsed(falsy)));
  for (const char* truthy : {"true", "1", "\"0\"", "\"false\"", "[]", "{}"}) CHECK(is_truthy(parsed(truthy)));
  CHECK_FALSE(is_truthy(Json(std::numeric_limits<double>::quiet_NaN())));
  CHECK(to_text(nullptr).empty());
  CHECK(to_text(true) == "true");
  CHECK(to_text(Json::array()) == "Array");
  CHECK(to_text(Json::object()) == "Object");
}
