// lower … regexExtract, encodings: what they give, and what they refuse.
#include "tests/unit/language/expression_case.h"

using namespace ipaas;
using namespace ipaas::language;
using namespace ipaas::language::test;

namespace {

std::string failure(std::string_view source, const Json& contexts = Json::object()) { return error_of(source, contexts).code; }

}  // namespace

TEST_CASE("case changes letter by letter, in every script") {
  check_rows({{"lower('ÄÖÜ ΑΒΓ ДОМ Ǆ İ K 𐐀')", R"("äöü αβγ дом ǆ i k 𐐨")"},
              {"upper('äöü αβγ дом ǆ ß ı ſ 𐐨 ÿ µ')", R"("ÄÖÜ ΑΒΓ ДОМ Ǆ ß I S 𐐀 Ÿ Μ")"},
              {"lower(null)", R"("")"}, {"upper(true)", R"("TRUE")"}, {"upper(1e21)", R"("1E+21")"}});
  CHECK(evaluate("upper(event)", {{"event", "\xFF" "a\xC3"}}).get<std::string>() == "\xFF" "A\xC3");
}

TEST_CASE("trim takes all white space at both ends and none inside") {
  check_rows({{"trim('\t a  b \n')", R"("a  b")"}, {"trim('\xC2\xA0\xE3\x80\x80x\xE2\x80\x89')", R"("x")"},
              {"trim('   ')", R"("")"}, {"trim('')", R"("")"}});
}

TEST_CASE("replace is literal, takes every occurrence and does not look at what it wrote") {
  check_rows({{"replace('aaa', 'a', 'aa')", R"("aaaaaa")"}, {"replace('aaa', 'aa', 'b')", R"("ba")"},
              {"replace('a.b', '.', '$&')", R"("a$&b")"}, {"replace('abc', 'B', 'x')", R"("abc")"},
              {"replace('', 'a', 'b')", R"("")"}, {"replace(12321, 2, 0)", R"("10301")"}});
  CHECK(failure("replace('abc', '', 'x')") == "expression_failed");
}

TEST_CASE("split keeps empty parts, and splits into characters by nothing") {
  check_rows({{"split(',a,', ',')", R"(["","a",""])"}, {"split('a--b', '--')", R"(["a","b"])"},
              {"split('', ',')", R"([""])"}, {"split('aé😀', '')", R"(["a","é","😀"])"}, {"split('', '')", "[]"},
              {"split('abc', 'B')", R"(["abc"])"}, {"split(1.5, '.')[1]", R"("5")"}});
}

TEST_CASE("positions and lengths count code points") {
  check_rows({{"length('é😀x')", "3"}, {"length('')", "0"}, {"length(null)", "0"}, {"substring('é😀xyz', 1, 3)", R"("😀x")"},
              {"substring('abc', 1)", R"("bc")"}, {"substring('abc', -5, 2)", R"("ab")"}, {"substring('abc', 2, 1)", R"("")"},
              {"substring('abc', 1e300)", R"("")"}, {"substring('abc', 0, Infinity)", R"("abc")"},
              {"substring('abc', 1.9)", R"("bc")"}, {"substring('abc', 0, null)", R"("abc")"},
              {"slice('é😀xyz', -2)", R"("yz")"}, {"slice('abc', 0, -1)", R"("ab")"}, {"slice('abc', 2, 1)", R"("")"}});
  CHECK(failure("substring('abc', NaN)") == "expression_failed");
  CHECK(failure("substring('abc', 'x')") == "expression_failed");
}

TEST_CASE("padStart fills up to a length, and cuts nothing") {
  check_rows({{"padStart('5', 3)", R"("  5")"}, {"padStart(5, '3', 0)", R"("005")"}, {"padStart('abc', 2)", R"("abc")"},
              {"padStart('x', 6, 'ab')", R"("ababax")"}, {"padStart('x', 4, 'é😀')", R"("é😀éx")"},
              {"padStart('x', -1)", R"("x")"}});
  CHECK(failure("padStart('x', 5, '')") == "expression_failed");
  CHECK(failure("padStart('x', 1e9)") == "budget_exceeded");
  CHECK(failure("padStart('x', Infinity, 'abc')") == "budget_exceeded");
}

TEST_CASE("regular expressions are RE2's, unanchored and in UTF-8") {
  check_rows({{"regexMatch('Hello', 'ell')", "true"}, {"regexMatch('Hello', '^ell')", "false"},
              {"regexMatch('HELLO', '(?i)hello$')", "true"}, {"regexMatch('é', '^.$')", "true"},
              {"regexMatch('', '')", "true"}, {"regexMatch(42, '^\\d+$')", "true"},
              {"regexReplace('a1b22', '\\d+', '<$&>')", R"("a<1>b<22>")"},
              {"regexReplace('John Smith', '(?P<f>\\w+) (?P<l>\\w+)', '${l}, ${f}')", R"("Smith, John")"},
              {"regexReplace('price', 'price', '$$5 $9 $x ${no} $')", R"("$5 $9 $x ${no} $")"},
              {"regexReplace('aé', '', '-')", R"("-a-é-")"}, {"regexReplace('abc', 'x*', '.')", R"(".a.b.c.")"},
              {"regexReplace('baac', 'a*', 'x')", R"("xbxxcx")"}, {"regexReplace('ab', '(a)|(b)', '[$1$2]')", R"("[a][b]")"},
              {"regexExtract('order 12 of 20', '\\d+')", R"("12")"}, {"regexExtract('k=v', '(\\w)=(\\w)', 2)", R"("v")"},
              {"regexExtract('k=v', '(?P<key>\\w)=(?P<value>\\w)', 'value')", R"("v")"},
              {"regexExtract('k=v', '(\\w)=(\\w)', 0)", R"("k=v")"}, {"regexExtract('b', '(a)|(b)')", "null"},
              {"regexExtract('abc', 'x')", "null"}});
  CHECK(failure("regexExtract('a', '(a)', 2)") == "expression_failed");
  CHECK(failure("regexExtract('a', '(a)', 'name')") == "expression_failed");
}

TEST_CASE("a literal pattern that is wrong is an error of the expression, at its place") {
  for (const char* pattern : {"(", "(?=a)", "(a)\\1", "[z-a]", "*", "a**{1001}", "(\\pL{30}){30}", "\\p{Nope}"}) {
    const auto source = "regexMatch('x', '" + std::string(pattern) + "')";
    const Error error = error_of(source);
    CAPTURE(source);
    CHECK(error.code == "bad_pattern");
    CHECK(error.position == SourcePosition{1, 17});
  }
}

TEST_CASE("a pattern from outside that is wrong fails the step and is not shown") {
  const Error error = error_of("regexMatch('x', event)", {{"event", "(hunter2"}});
  CHECK(error.code == "expression_failed");
  CHECK(to_string(error).find("hunter2") == std::string::npos);
  check_rows({{"regexMatch('abc', event)", "true"}}, {{"event", "b"}});
}

TEST_CASE("encodings are undone by their opposites, and refuse what they did not make") {
  check_rows({{"base64Encode('é')", R"("w6k=")"}, {"base64Decode('w6k=')", R"("é")"}, {"base64Decode('w6k')", R"("é")"},
              {"base64Encode('')", R"("")"}, {"base64Decode('')", R"("")"}, {"base64Decode(base64Encode(toJSON(event)))", R"("{\n  \"a\": 1\n}")"},
              {"urlEncode('a b/ü?&=+')", R"("a%20b%2F%C3%BC%3F%26%3D%2B")"}, {"urlEncode('-_.!~*''()')", R"x("-_.!~*'()")x"},
              {"urlDecode('a%20b%2f+%C3%bc')", R"("a b/+ü")"}, {"hexEncode('é')", R"("c3a9")"}, {"hexEncode('')", R"("")"},
              {"sha256('')", R"("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")"},
              {"sha256('abc', 'base64')", R"("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")"},
              {"hmacSha256('key', 'The quick brown fox jumps over the lazy dog')",
               R"("f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8")"},
              {"hmacSha256('', '')", R"("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")"}},
             {{"event", {{"a", 1}}}});
  for (const char* wrong : {"base64Decode('a')", "base64Decode('a*b=')", "base64Decode('/w==')", "urlDecode('%')",
                            "urlDecode('%4')", "urlDecode('%zz')", "urlDecode('%ff')", "urlDecode('%ED%A0%80')",
                            "sha256('a', 'hax')", "hmacSha256('a', 'b', '')"}) {
    CAPTURE(wrong);
    CHECK(failure(wrong) == "expression_failed");
  }
}
