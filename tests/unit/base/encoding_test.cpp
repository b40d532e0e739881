#include "core/base/encoding.h"

#include "tests/support/catch.h"

using namespace ipaas;

// RFC 4648 section 10.
TEST_CASE("base64 gives the RFC's test vectors, both ways") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : rows) {
    CHECK(base64_encode(bytes) == text);
    CHECK(base64_decode(text) == bytes);
  }
}

TEST_CASE("base64url uses its own digits and no padding") {
  const std::string bytes = "\xFB\xFF\xFE\xFF";
  CHECK(base64_encode(bytes) == "+//+/w==");
  CHECK(base64_encode(bytes, Base64Alphabet::kUrl) == "-__-_w");
  CHECK(base64_decode("-__-_w", Base64Alphabet::kUrl) == bytes);
  CHECK_FALSE(base64_decode("-__-_w"));
}

TEST_CASE("base64 refuses what no encoder writes") {
  for (const char* text : {"Z", "Zg=", "Zg===", "Z===", "====", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n", "Zg==Zg==", "=Zg=", "Zm9v====", "Zm\xC3\xA4="}) {
    CAPTURE(text);
    CHECK_FALSE(base64_decode(text));
  }
  CHECK(base64_decode("Zg") == "f");
}

TEST_CASE("hexadecimal is written in lower case and read in either") {
  const std::string bytes("\x00\x7f\xff", 3);
  CHECK(hex_encode(bytes) == "007fff");
  CHECK(hex_decode("007FfF") == bytes);
  for (const char* text : {"0", "0g", "0x00", " 00", "00 "}) CHECK_FALSE(hex_decode(text));
}
