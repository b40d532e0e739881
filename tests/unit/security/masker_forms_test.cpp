// Random secrets in every encoding that a program might put them through.
#include <cctype>
#include <random>

#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/security/masker.h"
#include "tests/support/catch.h"

using namespace ipaas;
using namespace ipaas::security;

namespace {

/// Bytes that encoders treat in different ways, and some that they do not.
std::string random_secret(std::mt19937& engine) {
  static const std::vector<std::string> pieces = {"/", "+", "=", " ", "\"", "\\", "'", "&", "<", ">", "%", "?", "#", "~", "!", "*", "(", "\xC3\xA9", "\xE2\x82\xAC",
                                                  "\xF0\x9F\x94\x91", "\x7F", "a", "B", "7", "z", "Q", "0", "-", "_", ".", ":", "@", "$", ","};
  std::string secret = "s";  // neither blank nor mark at the ends, which trimming would change
  const std::size_t size = 8 + engine() % 24;
  while (secret.size() < size) secret += pieces[engine() % pieces.size()];
  return secret + "e";
}

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

std::string percent(std::string_view text, std::string_view kept, bool lower_hex) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || kept.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const std::string hex = hex_encode({&c, 1});
      out += "%" + (lower_hex ? hex : upper(hex));
    }
  }
  return out;
}

std::string json_text(const std::string& text, bool ascii) {
  const std::string quoted = Json(text).dump(-1, ' ', ascii);
  return quoted.substr(1, quoted.size() - 2);
}

std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else if (c == '\'') out += "&apos;";
    else out += c;
  }
  return out;
}

std::vector<std::string> whole_forms(const std::string& secret) {
  return {secret,
          base64_encode(secret),
          base64_encode(secret, Base64Alphabet::kUrl),
          hex_encode(secret),
          upper(hex_encode(secret)),
          percent(secret, "-._~", false),
          percent(secret, "-._~", true),
          percent(secret, "-._~/", false),
          percent(secret, "-._~!'()*", false),
          json_text(secret, false),
          json_text(secret, true),
          json_text(json_text(secret, true), false),
          xml(secret)};
}

}  // namespace

TEST_CASE("no form of a random secret survives, and masking twice changes nothing") {
  std::mt19937 engine(20261121);
  for (int round = 0; round < 60; ++round) {
    const std::string secret = random_secret(engine);
    const Masker masker({Secret(secret)}, {});
    for (const std::string& form : whole_forms(secret)) {
      CAPTURE(secret, form);
      const std::string masked = masker.mask("before |" + form + "| after");
      CHECK(masked == "before |" + std::string(kRedacted) + "| after");
      CHECK(masker.mask(masked) == masked);
    }
  }
}

TEST_CASE("base64 of a text around a secret gives it away at no offset") {
  std::mt19937 engine(7);
  for (int round = 0; round < 60; ++round) {
    const std::string secret = random_secret(engine);
    const Masker masker({Secret(secret)}, {});
    for (const char* before : {"", "u", "us", "use", "user:"}) {
      for (const char* after : {"", "x", "xy", "xyz"}) {
        const std::string whole = std::string(before) + secret + after;
        for (const Base64Alphabet alphabet : {Base64Alphabet::kStandard, Base64Alphabet::kUrl}) {
          const std::string masked = masker.mask(base64_encode(whole, alphabet));
          CAPTURE(secret, whole, masked);
          // What is left beside the mark are the digits of the neighbours, and at most one shared with each.
          CHECK(masked.find(kRedacted) != std::string::npos);
          CHECK(masked.size() <= kRedacted.size() + (std::string(before).size() + 2) / 3 * 4 + 8);
        }
      }
    }
  }
}

TEST_CASE("spaces as plus and slashes with a backslash are seen through") {
  const Masker masker({Secret("pass phrase/of mine")}, {});
  for (const char* form : {"pass+phrase%2Fof+mine", "pass+phrase%2fof+mine", "pass%20phrase/of%20mine", "pass phrase\\/of mine"}) {
    CHECK(masker.mask(form) == kRedacted);
  }
}

TEST_CASE("values below eight characters are looked for as they are only") {
  const Masker masker({Secret("qx7Zk")}, {});
  CHECK(masker.mask("qx7Zk") == kRedacted);
  CHECK(masker.mask(hex_encode("qx7Zk")) == hex_encode("qx7Zk"));
}

TEST_CASE("texts made to be slow are masked in time that grows with their length") {
  const std::string value(100'000, 'a');
  const Masker masker({Secret(value)}, {});
  CHECK(masker.mask(std::string(300'000, 'a')) == kRedacted);
  for (const char* piece : {"ghp_", "eyJh", "s://", "password", "password: |\n", "\"token\":[", "-----BEGIN ", "SG.a", "Basic ", "\\\"key\\\":\\\"", "token:'\"", "&key="}) {
    std::string text;
    while (text.size() < 200'000) text += piece;
    const std::string masked = masker.mask(text);
    CHECK_FALSE(masked.empty());
  }
}
