#include "core/base/terminal_text.h"

#include "tests/support/catch.h"

using namespace ipaas;

TEST_CASE("plain text in any script stays as it is") {
  for (const char* text : {"", "order 7 is paid", "Gr\xC3\xBC\xC3\x9F" "e, \xE6\x97\xA5\xE6\x9C\xAC, \xF0\x9F\x98\x80", "a\\b"}) {
    CHECK(escape_control(text) == text);
  }
}

TEST_CASE("what could move the cursor or forge a line is spelled out") {
  CHECK(escape_control("\x1b[31mred\x07\r\n\t\x7f") == "\\x1b[31mred\\x07\\r\\n\\t\\x7f");
  CHECK(escape_control(std::string("a\0b", 3)) == "a\\x00b");
  CHECK(escape_control("ok\n{\"level\":\"error\"}") == "ok\\n{\"level\":\"error\"}");
  CHECK(escape_control("\xC2\x9B" "31m") == "\\x9b31m");
}

TEST_CASE("what could reorder or hide text is spelled out") {
  CHECK(escape_control("\xE2\x80\xAE" "gpj.exe") == "\\u202egpj.exe");
  CHECK(escape_control("\xE2\x81\xA6\xE2\x81\xA9\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C") == "\\u2066\\u2069\\u200e\\u200f\\u061c");
  CHECK(escape_control("\xE2\x80\xA8\xE2\x80\xA9\xEF\xBB\xBF") == "\\u2028\\u2029\\ufeff");
}

TEST_CASE("bytes that are not UTF-8 are shown one by one") {
  CHECK(escape_control("\xFF\xFE") == "\\xff\\xfe");
  CHECK(escape_control("\xC3") == "\\xc3");
  CHECK(escape_control("\xE2\x80") == "\\xe2\\x80");
  CHECK(escape_control("\xC0\x9B") == "\\xc0\\x9b");
  CHECK(escape_control("\xED\xA0\x80") == "\\xed\\xa0\\x80");
  CHECK(escape_control("\xF4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
}

TEST_CASE("newlines stay when the caller shows a block") {
  CHECK(escape_control("a\nb\r\n\x1b", Newlines::kKeep) == "a\nb\\r\n\\x1b");
}
