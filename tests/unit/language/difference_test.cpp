// What two texts of a workflow say differently.
#include "core/language/difference.h"

#include "tests/support/catch.h"

using namespace ipaas;
using language::Change;

namespace {

std::string shown(const std::string& before, const std::string& after) {
  const auto changes = language::difference(before, after);
  if (!changes) return "unreadable";
  std::string text;
  for (const Change& change : *changes) {
    text += std::string(language::change_name(change.kind)) + ' ' + change.path;
    if (change.kind != Change::Kind::kAdded) text += ' ' + dump_json(change.before);
    if (change.kind == Change::Kind::kChanged || change.kind == Change::Kind::kMoved) text += " ->";
    if (change.kind != Change::Kind::kRemoved) text += ' ' + dump_json(change.after);
    text += '\n';
  }
  return text;
}

std::string steps(const std::string& items) {
  return "name: a\nsteps:\n" + items;
}

}  // namespace

TEST_CASE("comments, layout, quotes, anchors and the order of keys are no difference") {
  const std::string before =
      "name: a # why\non: { manual: {} }\nsteps:\n  - id: x\n    log: \"hello\"\n    if: 'true'\n";
  const std::string after =
      "x: &t hello\nsteps: [ { log: *t, if: \"true\", id: x } ]\n\n\non:\n  manual: {}\nname: 'a'\n";
  CHECK(shown(before, before).empty());
  CHECK(shown(before, after) == "added x \"hello\"\n");
  CHECK(shown("a: 1\n", "# one\na:   1") == "");
  CHECK(shown("a: ~\n", "a:\n") == "");
  CHECK(shown("a: 1\n", "a: 1.0\n") == "");
  CHECK(shown("a: .nan\n", "a: .nan # still none\n") == "");
}

TEST_CASE("a type is a difference, though the text is the same") {
  CHECK(shown("a: 5\n", "a: \"5\"\n") == "changed a 5 -> \"5\"\n");
  CHECK(shown("a: true\n", "a: 'true'\n") == "changed a true -> \"true\"\n");
  CHECK(shown("a: [x]\n", "a: x\n") == "changed a [\"x\"] -> \"x\"\n");
  CHECK(shown("a: {}\n", "a: []\n") == "changed a {} -> []\n");
}

TEST_CASE("steps are matched by their id wherever they stand") {
  const std::string before = steps("  - { id: a, log: one }\n  - { id: b, log: two }\n  - { id: c, log: three }\n");
  CHECK(shown(before, steps("  - { id: a, log: one }\n  - { id: b, log: 2 }\n  - { id: c, log: three }\n")) ==
        "changed steps.b.log \"two\" -> 2\n");
  CHECK(shown(before, steps("  - { id: a, log: one }\n  - { id: c, log: three }\n")) ==
        "removed steps.b {\"id\":\"b\",\"log\":\"two\"}\n");
  CHECK(shown(before, steps("  - { id: c, log: three }\n  - { id: a, log: one }\n  - { id: b, log: two }\n")) ==
        "moved steps.c 3 -> 1\n");
  CHECK(shown(before, steps("  - { id: b, log: new }\n  - { id: a, log: one }\n  - { id: c, log: three }\n")) ==
        "moved steps.b 2 -> 1\nchanged steps.b.log \"two\" -> \"new\"\n");
}

TEST_CASE("a step with a new id is the same step, and one without an id goes by what it does") {
  CHECK(shown(steps("  - { id: a, log: one }\n"), steps("  - { id: z, log: one }\n")) ==
        "changed steps.z.id \"a\" -> \"z\"\n");
  CHECK(shown(steps("  - log: one\n  - log: two\n"), steps("  - log: zero\n  - log: one\n  - log: two\n")) ==
        "added steps.step-1 {\"log\":\"zero\"}\n");
  CHECK(shown(steps("  - uses: a/b\n    with: { x: 1 }\n  - log: two\n"),
              steps("  - log: two\n  - uses: a/b\n    with: { x: 2 }\n")) ==
        "moved steps.step-1 2 -> 1\nchanged steps.step-2.with.x 1 -> 2\n");
  CHECK(shown(steps("  - log: one\n"), steps("  - { id: a, log: one }\n")) == "added steps.a.id \"a\"\n");
  CHECK(shown(steps("  - { id: a, log: one }\n"), steps("  - { id: b, set: two }\n")) ==
        "removed steps.a {\"id\":\"a\",\"log\":\"one\"}\nadded steps.b {\"id\":\"b\",\"set\":\"two\"}\n");
}

TEST_CASE("a step without an id is looked for beside its neighbours first") {
  const std::string before = steps("  - { id: get, set: 1 }\n  - log: hello\n");
  CHECK(shown(before, steps("  - log: start\n  - { id: get, set: 1 }\n  - log: bye\n")) ==
        "added steps.step-1 {\"log\":\"start\"}\nchanged steps.step-3.log \"hello\" -> \"bye\"\n");
  CHECK(shown(before, steps("  - log: bye\n  - { id: get, set: 1 }\n")) ==
        "moved steps.step-1 2 -> 1\nchanged steps.step-1.log \"hello\" -> \"bye\"\n");
}

TEST_CASE("schedules are matched by their cron, and their order means nothing") {
  const std::string before = "on:\n  schedule:\n    - cron: 0 9 * * *\n    - { cron: 0 10 * * *, timezone: UTC }\n";
  const std::string after =
      "on:\n  schedule:\n    - { cron: 0 10 * * *, timezone: Europe/Berlin }\n    - cron: 0 9 * * *\n";
  CHECK(shown(before, after) == "changed on.schedule[\"0 10 * * *\"].timezone \"UTC\" -> \"Europe/Berlin\"\n");
}

TEST_CASE("lists of plain values tell what came, went and changed places") {
  CHECK(shown("a: [x, y, z]\n", "a: [x, z]\n") == "removed a[2] \"y\"\n");
  CHECK(shown("a: [x, z]\n", "a: [x, y, z]\n") == "added a[2] \"y\"\n");
  CHECK(shown("a: [x, y]\n", "a: [y, x]\n") == "moved a[1] 2 -> 1\n");
  CHECK(shown("a: [x, y]\n", "a: [x, w]\n") == "changed a[2] \"y\" -> \"w\"\n");
  CHECK(shown("a: [x, x]\n", "a: [x]\n") == "removed a[2] \"x\"\n");
}

TEST_CASE("keys that a path could not hold are quoted in it") {
  CHECK(shown("a: { \"x.y\": 1 }\n", "a: { \"x.y\": 2 }\n") == "changed a[\"x.y\"] 1 -> 2\n");
  CHECK(shown("\"\": 1\n", "\"\": 2\n") == "changed [\"\"] 1 -> 2\n");
  CHECK(shown("a: { \"\\e[31m\": 1 }\n", "a: {}\n") == "removed a[\"\\u001b[31m\"] 1\n");
  CHECK(shown(steps("  - { id: x y, log: 1 }\n"), steps("  - { id: x y, log: 2 }\n")) ==
        "changed steps[\"x y\"].log 1 -> 2\n");
}

TEST_CASE("nothing turns into something, and back") {
  CHECK(shown("", "name: a\n") == "added name \"a\"\n");
  CHECK(shown("name: a\n", "") == "removed name \"a\"\n");
  CHECK(shown("", "") == "");
  CHECK(shown("# only a comment\n", "name: a\n") == "added name \"a\"\n");
}

TEST_CASE("what is not one readable document is not compared") {
  CHECK(shown("a: [", "a: 1\n") == "unreadable");
  CHECK(shown("a: 1\n", "a: 1\n---\nb: 1\n") == "unreadable");
  CHECK(shown("a: 1\na: 2\n", "a: 1\n") == "unreadable");
  CHECK(shown("a: 1\n", "\xff") == "unreadable");
  CHECK(shown("just a text\n", "[1]\n") == "changed  \"just a text\" -> [1]\n");
}

TEST_CASE("items of one id twice are still compared, each once") {
  const std::string twice = steps("  - { id: a, log: 1 }\n  - { id: a, log: 2 }\n");
  CHECK(shown(twice, twice).empty());
  CHECK(shown(twice, steps("  - { id: a, log: 1 }\n")) == "removed steps.a {\"id\":\"a\",\"log\":2}\n");
}

TEST_CASE("large texts are compared in time that does not grow with their square") {
  std::string before = "m:\n";
  std::string after = "m:\n";
  std::string list = "l:\n";
  std::string turned = "l:\n";
  for (int i = 0; i < 10'000; ++i) {
    before += "  key" + std::to_string(i) + ": x\n";
    after += "  key" + std::to_string(9'999 - i) + ": y\n";
    list += " - i" + std::to_string(i) + "\n";
    turned += " - i" + std::to_string(9'999 - i) + "\n";
  }
  CHECK(language::difference(before, after)->size() == 10'000);
  CHECK(language::difference(list, turned)->size() == 9'999);
}
