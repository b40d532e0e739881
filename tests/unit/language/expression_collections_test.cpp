// Arrays, objects, logic and numbers.
#include "tests/unit/language/expression_case.h"

using namespace ipaas;
using namespace ipaas::language;
using namespace ipaas::language::test;

namespace {

std::string failure(std::string_view source, const Json& contexts = Json::object()) { return error_of(source, contexts).code; }

const Json kOrders = Json::parse(R"({"orders": [
  {"id": 9007199254740993, "total": 150, "who": "Bo", "tags": ["a", "b"]},
  {"id": 2, "total": 20, "who": "al", "tags": []},
  {"id": 3, "total": 300, "who": "Cy", "tags": ["a"], "note": null}], "o": {"b": 1, "a": {"x": 1}, "B": 2}})");

}  // namespace

TEST_CASE("map, filter and reduce see items and their numbers") {
  check_rows({{"map(filter(orders, o => o.total > 100), o => pick(o, 'id', 'total'))",
               R"([{"id":9007199254740993,"total":150},{"id":3,"total":300}])"},
              {"map(orders, (o, i) => format('{0}:{1}', i, o.who))", R"(["0:Bo","1:al","2:Cy"])"},
              {"filter(orders, (o, i) => i != 1).*.id", "[9007199254740993,3]"},
              {"filter(orders, o => o.note)", "[]"}, {"map(fromJSON('[]'), x => x.y)", "[]"},
              {"reduce(orders, (acc, o) => add(acc, o.total), 0)", "470"},
              {"reduce(orders, (acc, o, i) => acc || (o.total > 200 && i), null)", "2"},
              {"reduce(fromJSON('[]'), (a, b) => b, 'start')", R"("start")"},
              {"reduce(orders, (acc, o) => merge(acc, fromEntries(fromJSON(format('[[\"{0}\", {1}]]', o.who, o.total)))), null)",
               R"({"Bo":150,"al":20,"Cy":300})"},
              {"map(orders.*.total, x => x)", "[150,20,300]"}},
             kOrders);
}

TEST_CASE("what map makes is a plain array, and what filter `.*` makes is not") {
  check_rows({{"map(orders, o => o.tags)[0]", R"(["a","b"])"}, {"map(orders, o => o)[1].id", "2"},
              {"orders.*.id[0]", "[]"}, {"map(orders, o => o.id).id", "null"}, {"map(orders, o => pick(o, 'id')).*.id", "[9007199254740993,2,3]"},
              {"groupBy(orders, o => o.total > 100).true.*.id", "[9007199254740993,3]"}, {"merge(o, o)['A'].x", "1"}},
             kOrders);
}

TEST_CASE("sortBy is stable, follows `<`, and puts null last in both directions") {
  check_rows({{"sortBy(orders, o => o.who).*.who", R"(["al","Bo","Cy"])"}, {"sortBy(orders, o => o.total, 'desc').*.id", "[3,9007199254740993,2]"},
              {"sortBy(fromJSON('[3, null, 1, null, 2]'))", "[1,2,3,null,null]"},
              {"sortBy(fromJSON('[3, null, 1]'), null, 'desc')", "[3,1,null]"},
              {"sortBy(split('b1 a1 b2 a2', ' '), x => first(split(x, '')), 'desc')", R"(["b1","b2","a1","a2"])"},
              {"sortBy(fromJSON('[true, false]'))", "[false,true]"}, {"sortBy(fromJSON('[]'))", "[]"},
              {"sortBy(fromJSON('[10, 9, 1]'))", "[1,9,10]"}, {"sortBy(split('10 9 1', ' '))", R"(["1","10","9"])"}},
             kOrders);
  CHECK(failure("sortBy(fromJSON('[1, \"a\"]'))") == "expression_failed");
  CHECK(failure("sortBy(fromJSON('[[1], [2]]'))") == "expression_failed");
  CHECK(failure("sortBy(range(3), x => x, 'up')") == "expression_failed");
}

TEST_CASE("groupBy keeps the order in which groups appear") {
  check_rows({{"groupBy(range(5), x => mod(x, 2))", R"({"0":[0,2,4],"1":[1,3]})"},
              {"groupBy(fromJSON('[null, true, \"true\"]'), x => x)", R"({"":[null],"true":[true,"true"]})"},
              {"groupBy(fromJSON('[\"a\", \"A\"]'), x => x)", R"({"a":["a"],"A":["A"]})"}});
  CHECK(failure("groupBy(range(2), x => range(2))") == "expression_failed");
}

TEST_CASE("unique and same compare strictly, by what values hold") {
  check_rows({{"unique(fromJSON('[1, 1.0, \"1\", true, \"a\", \"A\", null, null]'))", R"([1,"1",true,"a","A",null])"},
              {"unique(fromJSON('[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1},[1],[1]]'))", R"([{"a":1,"b":2},[1]])"},
              {"unique(orders, o => o.total > 100).*.id", "[9007199254740993,2]"},
              {"same('a', 'A')", "false"}, {"same(1, '1')", "false"}, {"same(null, 0)", "false"}, {"same(1, 1.0)", "true"},
              {"same(fromJSON('[1, {\"a\": []}]'), fromJSON('[1, {\"a\": []}]'))", "true"},
              {"same(fromJSON('[1]'), fromJSON('[\"1\"]'))", "false"}, {"same(NaN, NaN)", "false"}, {"same(-0, 0)", "true"},
              {"same(fromJSON('9007199254740993'), fromJSON('9007199254740992'))", "false"},
              {"same(fromJSON('{\"ab\": \"c\"}'), fromJSON('{\"a\": \"bc\"}'))", "false"},
              {"same(map(range(2), x => x), fromJSON('[0, 1]'))", "true"}},
             kOrders);
}

TEST_CASE("pieces of arrays") {
  check_rows({{"first(fromJSON('[]'))", "null"}, {"last(range(3))", "2"}, {"slice(range(5), -2)", "[3,4]"},
              {"slice(range(5), 1, 3)", "[1,2]"}, {"slice(range(5), 9)", "[]"}, {"slice(range(5), -9, 2)", "[0,1]"},
              {"slice(range(5), 3, 1)", "[]"}, {"range(0)", "[]"}, {"range(-2)", "[]"}, {"range(3, 0, -1)", "[3,2,1]"},
              {"range(0, 1, 0.25)", "[0,0.25,0.5,0.75]"}, {"range(5, 1)", "[]"}, {"range('3')", "[0,1,2]"},
              {"flatten(fromJSON('[[1, [2]], 3, []]'))", "[1,[2],3]"}, {"flatten(fromJSON('[[1, [2, [3]]]]'), Infinity)", "[1,2,3]"},
              {"flatten(fromJSON('[[1]]'), 0)", "[[1]]"}, {"length(range(10))", "10"}, {"length(fromJSON('{\"a\": 1}'))", "1"}});
  for (const char* wrong : {"range(1, 2, 0)", "range(NaN)", "range(0, Infinity)", "first('abc')", "length(5)", "slice(null, 1)",
                            "flatten(range(2), NaN)"}) {
    CAPTURE(wrong);
    CHECK(failure(wrong) == "expression_failed");
  }
}

TEST_CASE("members are named as property access finds them") {
  check_rows({{"pick(o, 'b', 'nothing')", R"({"b":1})"}, {"pick(o, 'A')", R"({"a":{"x":1}})"},
              {"pick(o, split('B a', ' '))", R"({"a":{"x":1},"B":2})"}, {"omit(o, 'b', 'a')", R"({"B":2})"},
              {"omit(o, fromJSON('[]'))", R"({"b":1,"a":{"x":1},"B":2})"}, {"keys(o)", R"(["b","a","B"])"},
              {"values(o)[1].x", "1"}, {"entries(o)[0]", R"({"key":"b","value":1})"},
              {"fromEntries(entries(o))", R"({"b":1,"a":{"x":1},"B":2})"},
              {"fromEntries(fromJSON('[[\"k\", 1], {\"key\": \"k\", \"value\": 2}, [3, 4]]'))", R"({"k":2,"3":4})"},
              {"merge(null, o, fromJSON('{\"a\": 9, \"c\": 3}'))", R"({"b":1,"a":9,"B":2,"c":3})"}, {"merge(null)", "{}"},
              {"toJSON(pick(o, 'b'))", R"("{\n  \"b\": 1\n}")"}, {"pick(o, 'b').*", "[1]"}, {"keys(fromJSON('{}'))", "[]"}},
             kOrders);
  for (const char* wrong : {"keys(range(2))", "fromEntries(range(2))", "fromEntries(fromJSON('[[1]]'))",
                            "fromEntries(fromJSON('[[{}, 1]]'))", "merge(1)", "pick(null, 'a')", "pick(fromJSON('{}'), 1, true)"}) {
    CAPTURE(wrong);
    CHECK(failure(wrong) == "expression_failed");
  }
}

TEST_CASE("logic") {
  check_rows({{"coalesce(null, orders[9], 'x')", R"("x")"}, {"coalesce(false, 1)", "false"}, {"coalesce(null)", "null"},
              {"coalesce(1, fromJSON('broken'))", "1"}, {"isEmpty(null)", "true"}, {"isEmpty(0)", "false"},
              {"isEmpty(false)", "false"}, {"isEmpty('')", "true"}, {"isEmpty(fromJSON('{}'))", "true"}, {"isEmpty(orders.*.x)", "true"},
              {"map(fromJSON('[null, true, 1, \"a\", [], {}]'), x => typeOf(x))", R"(["null","boolean","number","string","array","object"])"}},
             kOrders);
}

TEST_CASE("numbers are IEEE doubles, and strings that spell one are taken") {
  check_rows({{"add(0.1, 0.2)", "0.30000000000000004"}, {"add('1', ' 2 ', 0x10)", "19"}, {"sub(1, 3)", "-2"}, {"mul(2, 3, 0.5)", "3"},
              {"format('{0} {1} {2}', div(1, 0), div(-1, 0), div(0, 0))", R"("Infinity -Infinity NaN")"}, {"div(1, 4)", "0.25"},
              {"mod(-7, 3)", "-1"}, {"mod(7.5, 2)", "1.5"}, {"format('{0}', mod(1, 0))", R"("NaN")"},
              {"round(2.5)", "3"}, {"round(-2.5)", "-2"}, {"round(0.49999999999999994)", "0"}, {"round(1.005, 2)", "1.01"},
              {"round(1234.5, -2)", "1200"}, {"round(1e300, 5)", "1e300"}, {"round(5e-324, 3)", "0"}, {"round(2.345, 400)", "2.345"},
              {"format('{0}', round(NaN))", R"("NaN")"}, {"round(1e21, 2)", "1e21"}, {"floor(-0.5)", "-1"}, {"ceil(-0.5)", "0"},
              {"abs('-3')", "3"}, {"min(3, '2', range(5, 9))", "2"}, {"max(fromJSON('[]'))", "null"}, {"format('{0}', max(1, NaN, 3))", R"("NaN")"},
              {"sum(fromJSON('[]'))", "0"}, {"sum(fromJSON('[1, \"2\", 0.5]'))", "3.5"}});
  for (const char* wrong : {"add(1, null)", "add(1, 'x')", "add(1, '')", "add(true, 1)", "add(1, range(2))", "sum(fromJSON('[null]'))",
                            "min('a')", "max(null)", "abs(fromJSON('{}'))", "round(1, NaN)"}) {
    CAPTURE(wrong);
    CHECK(failure(wrong) == "expression_failed");
  }
}
