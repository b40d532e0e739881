// The canonical way of writing a workflow.
#include "core/language/formatter/formatter.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/catch.h"

using namespace ipaas;
using namespace ipaas::language;

namespace {

/// Formatted, and formatted once more, which must change nothing.
std::string formatted(const std::string& text) {
  CAPTURE(text);
  const auto once = format_yaml(text);
  if (!once) FAIL(to_string(once.error().front()));
  const auto twice = format_yaml(*once);
  REQUIRE(twice);
  CHECK(*twice == *once);
  return *once;
}

Error refusal(const std::string& text) {
  const auto result = format_yaml(text);
  REQUIRE_FALSE(result);
  return result.error().front();
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("keys of a workflow come in the order of the language, unknown ones behind them") {
  CHECK(formatted("steps:\n- with: {b: 1, a: 2}\n  uses: http/request\n  odd: 1\n  id: a\nzzz: 1\non:\n  manual: {}\n"
                  "  schedule:\n  - {timezone: UTC, cron: '@daily'}\nname: x\n") ==
        "name: x\non:\n  schedule:\n    - { cron: \"@daily\", timezone: UTC }\n  manual: {}\nsteps:\n"
        "  - id: a\n    uses: http/request\n    with: { b: 1, a: 2 }\n    odd: 1\nzzz: 1\n");
  CHECK(formatted(
            "steps:\n- retry: {delay: 1s, max-attempts: 2}\n  cases:\n    b:\n    - {log: x, id: y}\n  switch: a\n") ==
        "steps:\n  - switch: a\n    cases:\n      b:\n        - { id: y, log: x }\n"
        "    retry: { max-attempts: 2, delay: 1s }\n");
}

TEST_CASE("a document that is no workflow keeps its order") {
  CHECK(formatted("name: b\ndescription: a\nb: 1\na: 2\n") == "name: b\ndescription: a\nb: 1\na: 2\n");
  CHECK(formatted("- b\n- a\n") == "- b\n- a\n");
}

TEST_CASE("an anchor stays in front of its aliases") {
  CHECK(formatted("steps: []\nname: x\nx-retry: &r { delay: 1s }\n") ==
        "x-retry: &r { delay: 1s }\nname: x\nsteps: []\n");
  CHECK(formatted("steps:\n  - retry: &r\n      delay: 1s\nx-copy: *r\nname: x\n") ==
        "steps:\n  - retry: &r\n      delay: 1s\nx-copy: *r\nname: x\n");
  // Where a name is given twice, what an alias finds depends on the order.
  CHECK(formatted("steps:\n- log: &a one\n  if: *a\n  id: &a b\n- log: *a\n") ==
        "steps:\n  - log: &a one\n    if: *a\n    id: &a b\n  - log: *a\n");
  CHECK(formatted("a: &k key\n*k : 1\n&l b: *l\n") == "a: &k key\n*k : 1\n&l b: *l\n");
  CHECK(formatted("&r\na: &e\nb: &n null\nc:\n- &m\n  x: 1\n") == "&r\na: &e\nb: &n null\nc:\n  - &m\n    x: 1\n");
}

TEST_CASE("comments stay with what they speak of") {
  CHECK(formatted(
            "# file\n\n# head\nsteps: # all\n# first\n- log: a # a\n  # in the item\n# second\n-   # dash\n  log: b\n"
            "  # end of b\n# on the name\nname: x\n# last\n") ==
        "# file\n\n# head\n# on the name\nname: x\nsteps:  # all\n  # first\n  - log: a  # a\n    # in the item\n  # "
        "second\n"
        "  # dash\n  - log: b\n    # end of b\n# last\n");
  CHECK(formatted("a: 1   # one\n       # more of it\n#c\nb:\n  # nothing yet\nc:\n  # on the value\n  v\n") ==
        "a: 1  # one\n      # more of it\n#c\nb:\n  # nothing yet\n# on the value\nc: v\n");
  CHECK(formatted("a: [ # list\n  1, # one\n  # two\n  2\n  # end\n] # behind\n") ==
        "# behind\na:  # list\n  - 1  # one\n  # two\n  - 2\n  # end\n");
  CHECK(formatted("a: | # text\n  # no comment\n  x\n# comment\nb: 'a # b' # c\n") ==
        "a: |  # text\n  # no comment\n  x\n# comment\nb: \"a # b\"  # c\n");
  CHECK(formatted("# only\n\n\n# comments\n") == "# only\n\n# comments\n");
}

TEST_CASE("empty lines stay, one at a time") {
  CHECK(formatted("\n\na: 1\n\n\n\nb:\n\n  - 1\n\n  - 2\n  - 3\n\n\n# c\n\nd: 1\n\n\n") ==
        "a: 1\n\nb:\n  - 1\n\n  - 2\n  - 3\n\n# c\n\nd: 1\n");
  // Between the steps; the first has none above it, whichever that is.
  CHECK(formatted("steps: []\n\nname: x\n") == "name: x\n\nsteps: []\n");
}

TEST_CASE("quotes are written where a text needs them, and only there") {
  struct Row {
    const char* written;
    const char* canonical;
  };
  for (const Row& row : {
           Row{"'text'", "text"},
           Row{"\"it's\"", "it's"},
           Row{"'true'", "\"true\""},
           Row{"'1.5'", "\"1.5\""},
           Row{"'0x1F'", "\"0x1F\""},
           Row{"'~'", "\"~\""},
           Row{"''", "\"\""},
           Row{"' a'", "\" a\""},
           Row{"'a: b'", "\"a: b\""},
           Row{"'a #b'", "\"a #b\""},
           Row{"'#b'", "\"#b\""},
           Row{"'a:b'", "a:b"},
           Row{"'- a'", "\"- a\""},
           Row{"'-a'", "-a"},
           Row{"'{a'", "\"{a\""},
           Row{"'a, [b]'", "a, [b]"},
           Row{"\"${{ a == 'b' }}\"", "${{ a == 'b' }}"},
           Row{"'say \"hi\"'", "say \"hi\""},
           Row{"\": \\\"x\\\"\"", "': \"x\"'"},
           Row{"'C:\\x: y'", "'C:\\x: y'"},
           Row{"\"a\\nb\"", "\"a\\nb\""},
           Row{"\"\\u2028\\t\\xa0\"", "\"\\u2028\\t\\xA0\""},
           Row{"\"\\U0001F600\"", "\xF0\x9F\x98\x80"},
           // What YAML 1.1 takes for something else stays as it is.
           Row{"'yes'", "\"yes\""},
           Row{"yes", "yes"},
           Row{"'12:30'", "\"12:30\""},
           Row{"12:30", "12:30"},
           Row{"'2026-01-01'", "\"2026-01-01\""},
           Row{"'0777'", "\"0777\""},
           Row{"'1_000'", "\"1_000\""},
           // Values that are no text stay as they are.
           Row{"True", "True"},
           Row{"0o17", "0o17"},
           Row{"1.50", "1.50"},
           Row{"-.inf", "-.inf"},
           Row{".NaN", ".NaN"},
           Row{"~", "null"},
           Row{"NULL", "null"},
           Row{"", ""},
           Row{"a\n  b\n\n  c", "\"a b\\nc\""},
       }) {
    CAPTURE(row.written);
    const std::string value = row.canonical;
    CHECK(formatted(std::string("k: ") + row.written + "\n") == (value.empty() ? "k:\n" : "k: " + value + "\n"));
  }
  CHECK(formatted("'on': 1\n\"true\": 2\nfalse: 3\n'a b': 4\n") == "\"on\": 1\n\"true\": 2\nfalse: 3\na b: 4\n");
}

TEST_CASE("brackets stay around what fits into a line of 100") {
  CHECK(formatted("a: {b: [1,2 ,{c: }], 'd e': 'f, g'}\n") == "a: { b: [1, 2, { c: null }], d e: \"f, g\" }\n");
  CHECK(formatted("a: {}\nb: [ ]\nc:\n  []\n") == "a: {}\nb: []\nc: []\n");
  CHECK(formatted("a: {b: 'x?y', c: \"{\"}\nd: 'x?y'\n") == "a: { b: \"x?y\", c: \"{\" }\nd: x?y\n");
  CHECK(formatted("{ # c\n# d\n}\n") == "# d\n{}  # c\n");
  CHECK(formatted("- [a: 1, ? b]\n") == "- [{ a: 1 }, { b: null }]\n");
  const std::string just_fits = "k: [" + std::string(46, 'a') + ", " + std::string(47, 'b') + "]\n";
  REQUIRE(just_fits.size() == 101);  // with its line end
  CHECK(formatted(just_fits) == just_fits);
  CHECK(formatted("k: [" + std::string(46, 'a') + ", " + std::string(48, 'b') + "]\n") ==
        "k:\n  - " + std::string(46, 'a') + "\n  - " + std::string(48, 'b') + "\n");
}

TEST_CASE("block scalars keep their style, their lines and their end") {
  for (const std::string text :
       {"a: |\n  x\n   y\n\n  z\n", "a: >-\n  x\n  y\n\n  z\n", "a: |+\n  x\n\n\nb: 1\n", "a: |2\n    x\n  y\n",
        "a: |2\n\n    x\n", "a:\n  - |\n    x\n", "a: |\n  \tx  \n  y\n"}) {
    CHECK(formatted(text) == text);
  }
  CHECK(formatted("a: |-2\n    x\nb: >\n      y\n\n\nc: |\n x") == "a: |2-\n    x\nb: >\n  y\n\nc: |-\n  x\n");
  CHECK(formatted("a: >-\n    x\n    ") == "a: \"x \"\n");
  CHECK(formatted("|\n text\n") == "|\n  text\n");
  CHECK(formatted("a: |\n\nb: |+\n\n\nc: 1\n") == "a: \"\"\n\nb: \"\\n\\n\"\nc: 1\n");
}

TEST_CASE("several documents, directives, byte order marks and line ends") {
  CHECK(formatted("---\na: 1\n---\n# two\nb: 2\n...\n---\n") == "a: 1\n---\n# two\nb: 2\n---\n");
  CHECK(formatted("# c\n%YAML 1.2\n---\na: 1\n") == "# c\n%YAML 1.2\n---\na: 1\n");
  CHECK(formatted("\xEF\xBB\xBF"
                  "a: 1\r\nb: |\r\n  x\r\n  y\r\n") == "a: 1\nb: |\n  x\n  y\n");
  CHECK(formatted("--- {a: 1} # c\n") == "{ a: 1 }  # c\n");
  CHECK(formatted("").empty());
  CHECK(formatted("\n\n").empty());
}

TEST_CASE("the line that names the schema stays the first") {
  CHECK(formatted("# yaml-language-server: $schema=x\nsteps: []\nname: a\n") ==
        "# yaml-language-server: $schema=x\nname: a\nsteps: []\n");
}

TEST_CASE("long keys, deep nesting and long lines are written as YAML can read them") {
  const std::string key(2000, 'k');
  CHECK(formatted("? " + key + "\n: {a: 1}\n") == "? " + key + "\n: { a: 1 }\n");
  std::string deep;
  for (int i = 0; i < 49; ++i) deep += "- ";
  CHECK(formatted(deep + "a\n") == deep + "a\n");
  std::string grows = "a: [{b: [" + std::string(60, 'x');
  for (int i = 0; i < 250'000; ++i) grows += ",1";
  CHECK(refusal(grows + "]}]\n").code == "too_large");
  std::string many = "a: [0";
  for (int i = 0; i < 50'000; ++i) many += ", 1";
  CHECK(formatted(many + "]\n").starts_with("a:\n  - 0\n  - 1\n"));
}

TEST_CASE("what is no YAML is refused with its place") {
  const Error syntax = refusal("a: 1\nb: [1\n");
  CHECK(syntax.code == "yaml_syntax");
  CHECK(syntax.position.line >= 2);
  CHECK(refusal("a: 1\na: 2\n").code == "duplicate_key");
  CHECK(refusal("a: !!str 1\n").code == "yaml_tag");
  const Error carriage = refusal("a: 1\nb\xC3\xBC: x\ry\n");
  CHECK(carriage.code == "carriage_return");
  CHECK(carriage.position == SourcePosition{2, 6});
}

TEST_CASE("a workflow with mistakes in it is formatted all the same") {
  CHECK(formatted("stepz: 1\nname: Not A Name\non: 7\n") == "name: Not A Name\non: 7\nstepz: 1\n");
}

TEST_CASE("every example and every seed keeps its meaning and its comments") {
  // The formatter itself compares; what it would refuse with `internal` is a defect.
  int seen = 0;
  const std::filesystem::path source = IPAAS_SOURCE_DIR;
  for (const char* directory : {"workflows-examples", "tests/fuzz/corpus/workflow", "tests/fuzz/corpus/format"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source / directory)) {
      if (!entry.is_regular_file()) continue;
      CAPTURE(entry.path().string());
      const auto once = format_yaml(read_file(entry.path()));
      if (!once) {
        CHECK(once.error().front().code != "internal");
        continue;
      }
      const auto twice = format_yaml(*once);
      REQUIRE(twice);
      CHECK(*twice == *once);
      ++seen;
    }
  }
  CHECK(seen > 10);
}
