// `respond` and `on-disconnect`: what is wrong with them is told, whether this version runs them or not.
#include "tests/unit/language/workflow_case.h"

using namespace ipaas;
using namespace ipaas::language;
using namespace ipaas::test;

namespace {

/// What is wrong with a webhook of these keys.
std::string wrong(const std::string& keys) {
  std::string list;
  const auto parsed = parse("name: demo\non:\n  webhook:\n    verify: { scheme: none }\n" + keys + "steps:\n  - { id: a, log: hi }\n");
  if (parsed) return list;
  for (const Error& error : parsed.error()) {
    if (!list.empty()) list += ", ";
    list += std::to_string(error.position.line) + ":" + std::to_string(error.position.column) + " " + error.code;
  }
  return list;
}

}  // namespace

TEST_CASE("respond is one of two words, or an answer of one's own") {
  CHECK(wrong("    respond: accepted\n").empty());
  CHECK(wrong("    respond: result\n").empty());
  CHECK(wrong("    respond: { status: 201, headers: { X-Order: '${{ event.body.id }}' }, body: { total: '${{ steps.a.outputs }}' } }\n").empty());
  CHECK(wrong("    respond: { status: 204 }\n").empty());
  CHECK(wrong("    respond: results\n") == "5:14 bad_value");
  CHECK(wrong("    respond:\n") == "5:5 wrong_type");
  CHECK(wrong("    respond: [result]\n") == "5:14 wrong_type");
  CHECK(wrong("    respond: {}\n") == "5:5 missing_value");
  CHECK(wrong("    respond: { code: 200 }\n") == "5:16 unknown_key");
}

TEST_CASE("a status, headers and a body have to make an answer") {
  CHECK(wrong("    respond: { status: 199 }\n") == "5:24 out_of_range");
  CHECK(wrong("    respond: { status: 600 }\n") == "5:24 out_of_range");
  CHECK(wrong("    respond: { status: '200' }\n") == "5:24 wrong_type");
  CHECK(wrong("    respond: { status: 204, body: x }\n") == "5:24 bad_value");
  CHECK(wrong("    respond: { headers: [a] }\n") == "5:25 wrong_type");
  CHECK(wrong("    respond: { headers: { 'a b': c } }\n") == "5:27 bad_value");
  CHECK(wrong("    respond: { headers: { content-length: 3 } }\n") == "5:27 bad_value");
  CHECK(wrong("    respond: { headers: { A: b, a: c } }\n") == "5:33 duplicate_key");
  CHECK(wrong("    respond: { headers: { A: \"b\\r\\nX: y\" } }\n") == "5:30 bad_value");
  CHECK(wrong("    respond: { headers: { A: { b: c } } }\n") == "5:30 wrong_type");
  CHECK(wrong("    respond: { body: '${{ steps.b.outputs }}' }\n") == "5:33 unknown_step");
  CHECK(wrong("    respond: { body: '${{ secrets.x }}' }\n") == "5:27 unknown_context");
}

TEST_CASE("on-disconnect is one of two words") {
  CHECK(wrong("    on-disconnect: cancel\n").empty());
  CHECK(wrong("    on-disconnect: continue\n").empty());
  CHECK(wrong("    on-disconnect: stop\n") == "5:20 bad_value");
  CHECK(wrong("    on-disconnect: true\n") == "5:20 wrong_type");
}
