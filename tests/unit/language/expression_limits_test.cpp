// Hostile expressions: an error with a code, within its budget, never a crash.
#include "core/language/expression/template.h"
#include "tests/unit/language/expression_case.h"

using namespace ipaas;
using namespace ipaas::language;

namespace {

using test::kAnything;

std::string repeat(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

std::string parse_code(std::string_view source) {
  const auto expression = Expression::parse(source, kAnything);
  return expression ? "" : expression.error().code;
}

std::string evaluation_code(std::string_view source, const Json& contexts = Json::object(), EvalLimits limits = {}) {
  const auto expression = Expression::parse(source, kAnything);
  REQUIRE(expression);
  const auto result = expression->evaluate(JsonContext(contexts), limits);
  return result ? "" : result.error().code;
}

}  // namespace

TEST_CASE("fifty levels are allowed and one more is refused") {
  CHECK(parse_code(repeat("(", 49) + "1" + repeat(")", 49)).empty());
  CHECK(parse_code(repeat("(", 50) + "1" + repeat(")", 50)) == "too_deep");
  CHECK(parse_code(repeat("!", 49) + "1").empty());
  CHECK(parse_code(repeat("!", 50) + "1") == "too_deep");
  CHECK(parse_code("a" + repeat("[0]", 49)).empty());
  CHECK(parse_code("a" + repeat("[0]", 50)) == "too_deep");
  CHECK(parse_code(repeat("a[", 100) + "0" + repeat("]", 100)) == "too_deep");
}

TEST_CASE("21,000 UTF-16 code units are allowed and one more is refused") {
  CHECK(parse_code("'" + std::string(20'998, 'x') + "'").empty());
  CHECK(parse_code("'" + std::string(20'999, 'x') + "'") == "too_long");
  CHECK(parse_code("'" + repeat("é", 20'998) + "'").empty());
  CHECK(parse_code("'" + repeat("😀", 10'499) + "'").empty());
  CHECK(parse_code("'" + repeat("😀", 10'500) + "'") == "too_long");
}

TEST_CASE("a hundred thousand brackets are an error") {
  for (const char* open : {"(", "[", "!", "a[", "format(", "a.", "'", "&&", "((("}) {
    CAPTURE(open);
    CHECK_FALSE(parse_code(repeat(open, 100'000)).empty());
    CHECK_FALSE(parse_code(repeat(open, 19'999 / std::string_view(open).size())).empty());
  }
}

TEST_CASE("a chain as long as the source allows is evaluated") {
  CHECK(evaluation_code("1" + repeat("==1", 6'999)).empty());
  CHECK(evaluation_code("1" + repeat("<1", 10'000)).empty());
  CHECK(evaluation_code("1" + repeat("&&1", 6'999)).empty());
}

TEST_CASE("operations have a limit") {
  CHECK(evaluation_code("1 == 2", {}, {.operations = 3}).empty());
  CHECK(evaluation_code("1 == 2", {}, {.operations = 2}) == "budget_exceeded");
  Json list = Json::array();
  for (int i = 0; i < 100'000; ++i) list.push_back(i);
  const Json contexts{{"list", list}};
  CHECK(evaluation_code(repeat("contains(list, -1) || ", 20) + "1", contexts) == "budget_exceeded");
}

TEST_CASE("texts that are scanned again and again run out of budget") {
  const Json contexts{{"text", std::string(4'000'000, 'a')}};
  CHECK(evaluation_code("contains(text, 'b')", contexts).empty());
  CHECK(evaluation_code(repeat("contains(text, 'b') || ", 800) + "1", contexts) == "budget_exceeded");
  CHECK(evaluation_code(repeat("text != text || ", 800) + "1", contexts) == "budget_exceeded");
}

TEST_CASE("what an expression makes has a limit") {
  const Json contexts{{"text", std::string(1'000'000, 'a')}};
  CHECK(evaluation_code("format('{0}{0}', text)", contexts).empty());
  CHECK(evaluation_code("format('" + repeat("{0}", 6'900) + "', text)", contexts) == "budget_exceeded");
  CHECK(evaluation_code("join(fromJSON('[" + repeat("1,", 500) + "1]'), text)", contexts) == "budget_exceeded");
  const Json large{{"text", std::string(11 * 1024 * 1024, 'a')}};
  CHECK(evaluation_code("text", large) == "budget_exceeded");
  CHECK(evaluation_code("text == 'a'", large).empty());
  CHECK(evaluation_code("toJSON(text)", large) == "budget_exceeded");
}

TEST_CASE("JSON that is small as text and large in memory is counted as what it takes") {
  const Json contexts{{"text", "[" + repeat("[],", 1'000'000) + "[]]"}};
  CHECK(evaluation_code("fromJSON(text)", contexts) == "budget_exceeded");
}

TEST_CASE("JSON that is nested too deep or broken fails the expression") {
  const Json contexts{{"deep", repeat("[", 100'000)}, {"closed", repeat("[", 200) + repeat("]", 200)}};
  CHECK(evaluation_code("fromJSON(deep)", contexts) == "expression_failed");
  CHECK(evaluation_code("fromJSON(closed)", contexts) == "expression_failed");
  for (const char* broken : {"", " ", "{", "[1,]", "nul", "01", "\"\\ud800\"", "1e999", "{} {}"}) {
    CAPTURE(broken);
    CHECK(evaluation_code("fromJSON('" + std::string(broken) + "')") == "expression_failed");
  }
}

TEST_CASE("format refuses what it cannot mean") {
  for (const char* wrong : {"{", "}", "{}", "{a}", "{-1}", "{0", "{1}", "{99999999999999999999}", "{0}}"}) {
    CAPTURE(wrong);
    CHECK(evaluation_code("format('" + std::string(wrong) + "', 'x')") == "expression_failed");
  }
}

TEST_CASE("an error shows nothing of what the contexts hold") {
  const Json contexts{{"secretish", "{hunter2"}};
  const auto expression = Expression::parse("format(secretish) && fromJSON(secretish)", kAnything);
  REQUIRE(expression);
  const auto result = expression->evaluate(JsonContext(contexts));
  REQUIRE_FALSE(result);
  CHECK(to_string(result.error()).find("hunter2") == std::string::npos);
}

TEST_CASE("bytes that are not UTF-8 are compared and searched like any others") {
  const Json contexts{{"a", "\xFF\xC3"}, {"b", "\xFE\xC3"}};
  CHECK(evaluation_code("a == b || contains(a, b) || a < b || startsWith(a, b)", contexts).empty());
  CHECK_FALSE(parse_code("\xFF").empty());
  CHECK_FALSE(parse_code("'\xC3").empty());
}

TEST_CASE("what grows without end stops at its budget") {
  const Json contexts{{"a", std::string(100'000, 'a')}, {"list", Json::array({1, 2, 3})}};
  for (const char* source : {
           "range(0, 1e9)", "range(1e308)", "padStart('', 1e12, 'x')", "map(range(1000), x => map(range(1000), y => y))",
           "map(range(200000), x => x)", "replace(a, 'a', a)", "split(join(map(range(200), x => a), ''), '')",
           "reduce(range(100), (acc, x) => format('{0}{0}', acc), 'x')", "reduce(range(100), (acc, x) => replace(acc, 'x', 'xx'), 'x')",
           "reduce(range(100), (acc, x) => flatten(map(range(2), y => acc)), list)", "reduce(range(200), (acc, x) => map(range(1), y => acc), 0)",
           "reduce(range(200), (acc, x) => entries(groupBy(range(1), y => 1)), 0) && reduce(range(200), (acc, x) => fromEntries(map(range(1), y => entries(groupBy(map(range(1), z => acc), z => 'k'))[0])), 0)",
           "map(range(100000), x => a)", "regexReplace(a, '', a)", "regexReplace(a, 'a', '$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&$&')",
           "map(range(10000), x => regexMatch('a', format('a{0}', x)))", "map(range(100000), x => sha256(a))", "map(range(100000), x => format('{0}', x))",
           "sortBy(map(range(150000), x => sub(0, x)))", "unique(map(range(150000), x => x))", "groupBy(range(150000), x => x)",
           "reduce(range(10000), (acc, x) => merge(acc, fromJSON('{\"a\": 1}'), groupBy(range(1), y => x)), fromJSON('{}'))",
           "map(range(100000), x => formatDate(x, '%F', 'Europe/Berlin'))", "map(range(10000), x => formatDate(0, '%F', 'Europe/Berln'))",
           "map(range(100), x => mask(a))", "map(range(200), x => urlEncode(a))", "map(range(100), x => toJSON(split(a, '')))",
           "map(range(100000), x => uuid())", "reduce(range(18), (acc, x) => merge(groupBy(range(1), y => 'a'), fromEntries(map(range(2), y => entries(groupBy(split(format('{0}', y), ''), z => z))[0]))), 0) && map(range(1000), x => map(range(1000), y => list))",
       }) {
    CAPTURE(source);
    const auto result = test::try_evaluate(source, contexts);
    REQUIRE_FALSE(result);
    // A wrong zone is an error at once; everything else spends all it has.
    if (result.error().code != "expression_failed") CHECK(result.error().code == "budget_exceeded");
  }
}

TEST_CASE("a pattern that other engines choke on takes its time in proportion to the text") {
  const Json contexts{{"a", std::string(20'000, 'a') + "!"}};
  CHECK(evaluation_code("regexMatch(a, '(a+)+$')", contexts).empty());
  CHECK(evaluation_code("regexMatch(a, '(a|aa)+$')", contexts).empty());
  CHECK(evaluation_code("regexMatch(a, '(.*)*b')", contexts).empty());
  // Each match of this one looks at all that is left: that is quadratic, and stops at the budget.
  const Json longer{{"a", std::string(100'000, 'a')}};
  CHECK(evaluation_code("regexReplace(a, 'a.*b|a', '')", longer) == "budget_exceeded");
  CHECK(evaluation_code("regexReplace(a, 'a+', 'b')", longer).empty());
  CHECK(parse_code(repeat("regexMatch('a', '(\\w{50}){10}') || ", 100) + "1") == "bad_pattern");
}

TEST_CASE("what an expression nests is bounded, so that nobody who walks it runs out of stack") {
  const Json contexts{{"deep", Json::parse(repeat("[", 128) + repeat("]", 128))}};
  CHECK(evaluation_code("reduce(range(99), (acc, x) => map(range(1), y => acc), deep)", contexts).empty());
  CHECK(evaluation_code("toJSON(reduce(range(99), (acc, x) => map(range(1), y => acc), deep))", contexts).empty());
  CHECK(evaluation_code("flatten(reduce(range(99), (acc, x) => map(range(1), y => acc), deep), Infinity)", contexts).empty());
  CHECK(evaluation_code("reduce(range(101), (acc, x) => map(range(1), y => acc), deep)", contexts) == "budget_exceeded");
}

TEST_CASE("what is cheap to write and dear to do is paid for by what it does") {
  const std::string many = "map(fromJSON(format('[{{{0},\"key\":\"a\",\"value\":1}}]', join(map(range(5000), i => "
                           "format('\"k{0}\":1', i)), ','))), o => fromEntries(map(range(50000), i => o)))";
  const auto framed = [](std::string_view letter, std::string_view body) {
    return "map(fromJSON(format('[\"{0}\"]', padStart('', 2000000, padStart('', 5000, '" + std::string(letter) +
           "')))), o => length(map(range(30000), i => " + std::string(body) + ")))";
  };
  for (const std::string& source : {
           many, std::string("length(regexReplace('a', 'a', padStart('', 2000000, '${')))"),
           std::string("map(fromJSON(format('[\"{0}\"]', padStart('', 1500000, padStart('', 3000, '{0}')))), "
                       "o => length(map(range(200), i => format(o, ''))))"),
           framed("x", "padStart('', 1, o)"), framed("x", "o == o"), framed("é", "o <= o"),
           std::string("length(map(range(40000), i => round(1.2345, 2)))"),
           std::string("length(map(range(40000), i => dateAdd(0, '1d', 'Europe/Berlin')))"),
           std::string("length(map(range(1000), i => regexMatch('a', format('[\\pL\\PL]{0}', i))))"),
       }) {
    CAPTURE(source);
    const std::string code = evaluation_code(source);
    // A replacement without a group is a text like any other, and this one is short enough.
    if (source.starts_with("length(regexReplace")) {
      CHECK((code.empty() || code == "budget_exceeded"));
    } else {
      CHECK(code == "budget_exceeded");
    }
  }
  for (const std::string& source :
       {framed("0", "regexExtract('a', 'a', o)"), framed("0", "parseDate(o, '%s')"), framed("x", "parseDate('1', o)"),
        framed("1", "format(format('{{{0}}}', o), '')"), framed("1", "dateAdd(0, o)")}) {
    CAPTURE(source);
    CHECK(evaluation_code(source) == "expression_failed");
  }
}

TEST_CASE("a pattern is short, and has few classes, before anything reads it") {
  CHECK(evaluation_code("regexMatch('a', padStart('', 40000, '(?i:\\pL)'))") == "expression_failed");
  CHECK(evaluation_code("regexMatch('a', padStart('', 1000, 'x'))").empty());
  CHECK(evaluation_code("regexMatch('a', padStart('', 1001, 'x'))") == "expression_failed");
  CHECK(evaluation_code("regexMatch('a', padStart('', 15, '\\pN'))").empty());
  CHECK(evaluation_code("regexMatch('a', padStart('', 63, '\\pN'))") == "expression_failed");
  CHECK(parse_code("regexMatch('a', '" + std::string(1'000, 'x') + "')").empty());
  CHECK(parse_code("regexMatch('a', '" + std::string(1'001, 'x') + "')") == "bad_pattern");
  CHECK(parse_code("regexMatch('a', '(?i)" + repeat("\\pL", 6'900) + "')") == "bad_pattern");
  CHECK(parse_code("regexMatch('a', '" + repeat("[[:alpha:]]", 20) + "')").empty());
  CHECK(parse_code("regexMatch('a', '" + repeat("[[:alpha:]]", 21) + "')") == "bad_pattern");
  CHECK(parse_code(repeat("regexMatch('a', '[" + repeat("\\pL", 20) + "]') || ", 20) + "1") == "bad_pattern");
}
