// Lambdas: where they may stand, what they see.
#include "tests/unit/language/expression_case.h"

using namespace ipaas;
using namespace ipaas::language;
using namespace ipaas::language::test;

namespace {

const ExpressionScope kStep{{"event", "inputs", "steps", "execution"}};

Error parse_error(std::string_view source) {
  CAPTURE(std::string(source));
  const auto expression = Expression::parse(source, kStep);
  REQUIRE_FALSE(expression);
  return expression.error();
}

}  // namespace

TEST_CASE("a lambda sees what is around it, the inner parameter before the outer") {
  const Json contexts = parsed(R"({"factor": 10, "list": [1, 2]})");
  check_rows({{"map(list, x => mul(x, factor))", "[10,20]"},
              {"map(list, x => map(list, y => mul(x, y)))", "[[1,2],[2,4]]"},
              {"map(list, x => map(list, x => x))", "[[1,2],[1,2]]"},
              {"map(list, x => add(first(map(list, x => mul(x, 100))), x))", "[101,102]"},
              {"map(list, (x, i) => reduce(list, (a, y) => add(a, x, y, i), 0))", "[5,9]"},
              {"map(list, X => x)", "[1,2]"}, {"map(list, first => first)", "[1,2]"}, {"map(list, (x) => x)", "[1,2]"},
              {"map(list, x => x > 1 && 'big' || 'small')", R"(["small","big"])"},
              {"map(list, a-b => a-b)", "[1,2]"},
              {"map(map(list, x => fromEntries(fromJSON(format('[[\"v\", {0}]]', x)))), o => o['v'])", "[1,2]"}},
             contexts);
}

TEST_CASE("a parameter is gone after its lambda") {
  CHECK(parse_error("map(event.list, x => x) && x").code == "unknown_context");
  CHECK(parse_error("map(x, x => x)").code == "unknown_context");
  CHECK(parse_error("map(event.list, order => ordr.total)").hint == "did you mean `order`?");
  CHECK(parse_error("map(event.list, order => inputz.total)").hint == "did you mean `inputs`?");
}

TEST_CASE("a parameter may not hide a context, nor another one of the same lambda") {
  const Error hides = parse_error("map(event.list, event => event.id)");
  CHECK(hides.code == "bad_parameter");
  CHECK(hides.position == SourcePosition{1, 17});
  CHECK(hides.hint == "give the parameter another name");
  CHECK(parse_error("map(event.list, Steps => 1)").code == "bad_parameter");
  CHECK(parse_error("reduce(event.list, (a, A) => a, 0)").code == "bad_parameter");
}

TEST_CASE("a lambda stands only where a function takes one, written out, with as many parameters as it is given") {
  struct Row { const char* source; const char* code; int column; };
  for (const Row& row : {Row{"x => x", "unknown_context", 1}, Row{"upper(x => x)", "wrong_arguments", 7},
                         Row{"map(event, event)", "wrong_arguments", 12}, Row{"map(event, 'x')", "wrong_arguments", 12},
                         Row{"map(event, null)", "wrong_arguments", 12}, Row{"map(event, (x, i, z) => x)", "wrong_arguments", 12},
                         Row{"map(x => x, event)", "wrong_arguments", 5}, Row{"map(event, (x => x))", "unknown_context", 13},
                         Row{"map(event, x => )", "unexpected_symbol", 17}, Row{"map(event, () => 1)", "unexpected_symbol", 13},
                         Row{"map(event, (x,) => 1)", "unexpected_symbol", 15}, Row{"map(event, (x y) => 1)", "unexpected_symbol", 15},
                         Row{"map(event, 1 => 1)", "unexpected_symbol", 14}, Row{"map(event, true => 1)", "unexpected_symbol", 17},
                         Row{"map(event, x.y => 1)", "unknown_context", 12}, Row{"event => 1", "unexpected_symbol", 7},
                         Row{"coalesce(x => 1)", "wrong_arguments", 10}, Row{"case(true, x => 1, 2)", "wrong_arguments", 12},
                         Row{"map(event, x => y => 1)", "unknown_context", 17}, Row{"map(event, x = > 1)", "unexpected_symbol", 14}}) {
    const Error error = parse_error(row.source);
    CAPTURE(row.source, error.message);
    CHECK(error.code == row.code);
    CHECK(error.position == SourcePosition{1, row.column});
  }
  CHECK(parse_error("event => 1").hint.find("map(list, x => x.id)") != std::string::npos);
}

TEST_CASE("steps that a lambda names are known, with their places") {
  const auto expression = Expression::parse("map(event, x => steps.a.outputs[x.id])", kStep, 10);
  REQUIRE(expression);
  REQUIRE(expression->references().contexts.size() == 2);
  CHECK(expression->references().contexts[1].key == "a");
  CHECK(expression->references().contexts[1].property == "outputs");
  CHECK(expression->references().contexts[1].position.column == 33);
}

TEST_CASE("a failure inside of a lambda stands at the call at fault") {
  const Error error = error_of("map(range(2), x => upper(range(x)))");
  CHECK(error.code == "expression_failed");
  CHECK(error.position == SourcePosition{1, 20});
}

TEST_CASE("depth counts lambdas like any other argument") {
  std::string source = "1";
  for (int i = 0; i < 48; ++i) source = "map(range(1), a => " + source + ")";
  CHECK(try_evaluate(source).has_value());
  CHECK(error_of("map(range(1), a => " + source + ")").code == "too_deep");
}
