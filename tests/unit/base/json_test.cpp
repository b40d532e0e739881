// JSON from outside.
#include "core/base/json.h"

#include "tests/support/catch.h"

using namespace ipaas;

namespace {

std::string reread(std::string_view text) {
  const auto value = parse_json(text);
  return value ? dump_json(*value) : value.error().code;
}

/// `{"k0":0,"k1":1,…}`, then the members of `more`.
std::string object_of(int keys, const std::string& more) {
  std::string text = "{";
  for (int i = 0; i < keys; ++i) text += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  return text + more + "}";
}

}  // namespace

TEST_CASE("of a key that comes twice the last value stands in the first one's place") {
  CHECK(reread(R"({"a":1,"b":2,"a":3,"c":4,"b":5})") == R"({"a":3,"b":5,"c":4})");
  CHECK(reread(R"({"a":{"x":1,"x":2},"a":[{"y":1,"y":{"z":1,"z":2}}]})") == R"({"a":[{"y":{"z":2}}]})");
  // Few keys are compared, many are hashed.
  for (const int keys : {1, 2, 15, 16, 17, 500}) {
    INFO(keys);
    CHECK(reread(object_of(keys, R"("last":1,"k0":"again","last":2)")) ==
          reread("{\"k0\":\"again\"," + object_of(keys, R"("last":2)").substr(8)));
  }
}

TEST_CASE("values keep their order, their nesting and their kind") {
  for (const char* text : {"null", "true", "-1", "18446744073709551615", "1.5", R"("")", "[]", "{}", "[[],{},[{}]]",
                           R"({"z":[1,{"y":[2,[3]]},"x"],"a":{"c":{},"b":null}})"}) {
    CHECK(reread(text) == text);
  }
}

TEST_CASE("what is not JSON is refused without quoting it") {
  for (const char* text : {"", "{", "[1,]", "{\"a\"}", "nul", "1 2", "\"hunter2", "\xff", R"("\ud800")", "1e400", "NaN"}) {
    INFO(text);
    const auto value = parse_json(text);
    REQUIRE_FALSE(value);
    CHECK(value.error().code == "malformed_json");
    CHECK(value.error().message.find("hunter2") == std::string::npos);
  }
  // A NUL is no end: what follows it would be kept, and could not be read again.
  for (const std::string_view text : {std::string_view("{}\0", 3), std::string_view("{}\0x", 4), std::string_view("\0{}", 3),
                                      std::string_view("[1,\0]", 5), std::string_view("\"a\0b\"", 5)}) {
    CHECK(reread(text) == "malformed_json");
  }
  CHECK(reread(std::string(128, '[') + std::string(128, ']')) == std::string(128, '[') + std::string(128, ']'));
  CHECK(reread(std::string(129, '[') + std::string(129, ']')) == "malformed_json");
  CHECK_FALSE(parse_json("[1,2,3]", {.depth = 8, .bytes = 6}));
}

TEST_CASE("a document keeps its text, but for a byte order mark") {
  CHECK(parse_document(" [1, 2]\n")->text == " [1, 2]\n");
  CHECK(parse_document("\xEF\xBB\xBF{}")->text == "{}");
  CHECK(JsonDocument(Json{{"a", 1}}).text == R"({"a":1})");
  CHECK(JsonDocument().text == dump_json(JsonDocument().value));
}

TEST_CASE("a text is written as the library reads it") {
  std::string all;
  for (int byte = 0; byte < 128; ++byte) all += static_cast<char>(byte);
  for (const std::string& text : {std::string(), all, all + "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" + all}) {
    std::string out = "x";
    append_json_text(out, text);
    const auto read = parse_json(std::string_view(out).substr(1));
    REQUIRE(read);
    CHECK(read->get<std::string>() == text);
  }
}
