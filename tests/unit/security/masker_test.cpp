#include "core/security/masker.h"

#include "tests/support/catch.h"

using namespace ipaas;
using namespace ipaas::security;

namespace {

const std::string kMark(kRedacted);

std::string masked(std::string_view text, MaskingRules rules = {}) {
  static const Masker plain;
  const std::string once = rules.personal ? Masker(rules).mask(text) : plain.mask(text);
  CHECK((rules.personal ? Masker(rules).mask(once) : plain.mask(once)) == once);
  return once;
}

std::string masked_with(std::initializer_list<const char*> values, std::string_view text) {
  std::vector<Secret> secrets;
  for (const char* value : values) secrets.emplace_back(value);
  const Masker masker(secrets, {});
  const std::string once = masker.mask(text);
  CHECK(masker.mask(once) == once);
  return once;
}

/// A token in parts, so that no scanner takes this file for a leak.
template <typename... Parts>
std::string token(Parts... parts) {
  return (std::string(parts) + ...);
}

const std::string k40 = "abcdefghij0123456789ABCDEFGHIJ0123456789";

}  // namespace

TEST_CASE("a registered value is masked wherever it stands") {
  CHECK(masked_with({"hunter2!"}, "hunter2!") == kMark);
  CHECK(masked_with({"hunter2!"}, "xhunter2!y hunter2!") == "x" + kMark + "y " + kMark);
  CHECK(masked_with({"hunter2!"}, "Hunter2! hunter2") == "Hunter2! hunter2");
  CHECK(masked_with({"abcd"}, "abcd") == kMark);
  CHECK(masked_with({"abc", ""}, "abc") == "abc");
}

TEST_CASE("values that come later are masked like the first ones, and the masker they were added to stays") {
  const std::vector<Secret> none;
  Masker masker(std::vector<Secret>{Secret("first-value")}, {});
  std::string text = "first-value";
  for (int i = 0; i < 100; ++i) {
    const std::string value = "value-" + std::to_string(1000 + i);
    CHECK(masker.mask(value) == value);
    masker = masker.with({Secret(value)});
    text += " " + value;
  }
  masker = masker.with(none).with({Secret("abc")});
  const std::string once = masker.mask(text + " abc dmFsdWUtMTA1MA== password=x");
  CHECK(once.find("value") == std::string::npos);
  CHECK(once.find("dmFsdWUtMTA1M") == std::string::npos);
  CHECK(once.ends_with(" password=" + kMark));
  CHECK(once.find(" abc ") != std::string::npos);  // too short to be a secret
  CHECK(masker.mask(once) == once);
}

TEST_CASE("overlapping values become one mark") {
  CHECK(masked_with({"alpha-beta", "beta-gamma"}, "<alpha-beta-gamma>") == "<" + kMark + ">");
  CHECK(masked_with({"zqzq"}, "zqzqzqzq") == kMark);
  CHECK(masked_with({"zqxw", "vkvk"}, "zqxwvkvk") == kMark + kMark);
}

TEST_CASE("a mark is never masked again, even where a value looks like it") {
  CHECK(masked_with({"REDACTED"}, "REDACTED") == kMark);
  CHECK(masked_with({"REDACTED", "****"}, kMark + kMark) == kMark);
  CHECK(masked_with({"***REDACTED***"}, "x " + kMark) == "x " + kMark);
  CHECK(masked_with({"wxyz"}, "wxyz" + token("sk-", k40)) == kMark + kMark);
}

TEST_CASE("a document that is a secret hides its leaves, a text its lines") {
  const char* document = R"({"type":"prod","user":"somebody@corp","password":"pa55","nested":[{"k":"leafleafleaf"}]})";
  CHECK(masked_with({document}, "prod somebody@corp pa55 leafleafleaf") == "prod " + kMark + " " + kMark + " " + kMark);
  CHECK(masked_with({"  first-line\nsecond-line\n"}, "a first-line b second-line") == "a " + kMark + " b " + kMark);
  CHECK(masked_with({"  padded-value \n"}, "[padded-value]") == "[" + kMark + "]");
}

TEST_CASE("a long value is masked as far as it is there") {
  const std::string value = std::string(200, 'k') + std::string(300, 'z') + "end";
  CHECK(masked_with({value.c_str()}, "<" + value + ">") == "<" + kMark + ">");
  CHECK(masked_with({value.c_str()}, "<" + value.substr(0, 400) + ">") == "<" + kMark + ">");
}

TEST_CASE("the tokens of well-known providers are masked") {
  const std::string hex32 = "0123456789abcdef0123456789abcdef";
  for (const std::string& secret :
       {token("gh", "p_", k40), token("gh", "o_", k40), token("gh", "s_", k40), token("github", "_pat_", k40), token("xo", "xb-123456789012-", k40),
        token("xo", "xp-1234-", k40), token("xa", "pp-1-A1-", k40), token("sk_", "live_", k40), token("rk_", "test_", k40), token("wh", "sec_", k40),
        token("AK", "IA", "IOSFODNN7EXAMPLE"), token("AS", "IA", "IOSFODNN7EXAMPLE"), token("AI", "za", k40.substr(0, 35)), token("sk", "-", k40),
        token("sk", "-proj-", k40), token("sk", "-ant-api03-", k40), token("np", "m_", k40.substr(0, 36)), token("py", "pi-AgEIcHlwaS5vcmc", k40),
        token("gl", "pat-", k40.substr(0, 20)), token("S", "G.", k40.substr(0, 22), ".", k40), token("S", "K", hex32),
        token("123456789:", "AA", k40.substr(0, 33)), token("MTIz", "NDU2Nzg5MDEyMzQ1Njc4", ".GabcdE.", k40),
        token("eyJ", "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.", k40), token("eyJ", "hbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")}) {
    CAPTURE(secret);
    CHECK(masked("got " + secret + ", ok") == "got " + kMark + ", ok");
    CHECK(masked("{\\\"x\\\":\\\"" + secret + "\\\"}") == "{\\\"x\\\":\\\"" + kMark + "\\\"}");
    CHECK(masked("line\\n" + secret) == "line\\n" + kMark);
  }
}

TEST_CASE("the paths of incoming hooks are masked, their hosts stay") {
  CHECK(masked("POST https://hooks.slack.com/services/T000/B000/XXXX done") == "POST https://hooks.slack.com/services/" + kMark + " done");
  CHECK(masked("https://discord.com/api/webhooks/123/abc-def") == "https://discord.com/api/webhooks/" + kMark);
}

TEST_CASE("a private key is masked as a whole, on lines, escaped and cut off") {
  const std::string begin = token("-----BEGIN RSA ", "PRIVATE KEY-----");
  const std::string end = token("-----END RSA ", "PRIVATE KEY-----");
  CHECK(masked("a\n" + begin + "\nMIIE\nabcd\n" + end + "\nb") == "a\n" + kMark + "\nb");
  CHECK(masked("{\"k\":\"" + begin + "\\nMIIE\\n" + end + "\\n\"}") == "{\"k\":\"" + kMark + "\\n\"}");
  CHECK(masked("x " + begin + "\nMIIE") == "x " + kMark);
  const std::string certificate = "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----";
  CHECK(masked(certificate) == certificate);
}

TEST_CASE("user info and secret query keys of a URL are masked") {
  CHECK(masked("postgres://ada:pw@db:5432/x") == "postgres://" + kMark + "@db:5432/x");
  CHECK(masked("https://tok3n@host/") == "https://" + kMark + "@host/");
  CHECK(masked("https:\\/\\/ada:pw@host\\/") == "https:\\/\\/" + kMark + "@host\\/");
  CHECK(masked("https://h/p?a=1&api_key=xyz&b=2") == "https://h/p?a=1&api_key=" + kMark + "&b=2");
  CHECK(masked("https://h/p?key=xyz#f") == "https://h/p?key=" + kMark);
  CHECK(masked("https://h/p?X-Amz-Signature=beef&sig=1") == "https://h/p?X-Amz-Signature=" + kMark + "&sig=" + kMark);
  CHECK(masked("git clone ssh://git@github.com/a/b") == "git clone ssh://git@github.com/a/b");
  CHECK(masked("https://h/@user?page=2") == "https://h/@user?page=2");
}

TEST_CASE("Authorization is masked in every notation") {
  CHECK(masked("Authorization: Bearer abc.def") == "Authorization: Bearer " + kMark);
  CHECK(masked("> authorization: Basic dXNlcjpwdw==") == "> authorization: Basic " + kMark);
  CHECK(masked("curl -H 'Authorization: Bearer abc' -v") == "curl -H 'Authorization: Bearer " + kMark + "' -v");
  CHECK(masked("{\"Authorization\":\"Bearer abc\"}") == "{\"Authorization\":\"" + kMark + "\"}");
  CHECK(masked("sent Bearer abcdef123456 along") == "sent Bearer " + kMark + " along");
  CHECK(masked("with Basic dXNlcjpwYXNz to x") == "with Basic " + kMark + " to x");
}

TEST_CASE("the values of secret names are masked in JSON, however deep it is escaped") {
  CHECK(masked(R"({"password":"x","b":1})") == R"({"password":")" + kMark + R"(","b":1})");
  CHECK(masked(R"({"apiKey" : "a\"b\\","b":1})") == R"({"apiKey" : ")" + kMark + R"(","b":1})");
  CHECK(masked(R"({"pin":1,"client_secret":12345})") == R"({"pin":1,"client_secret":)" + kMark + "}");
  CHECK(masked(R"("{\"token\":\"a\\\"b\",\"c\":1}")") == R"("{\"token\":\")" + kMark + R"(\",\"c\":1}")");
  CHECK(masked(R"({\\\"token\\\":\\\"x y\\\"})") == R"({\\\"token\\\":\\\")" + kMark + R"(\\\"})");
  CHECK(masked(R"({"secrets":["a","b"],"c":["d"]})") == R"({"secrets":[")" + kMark + R"(",")" + kMark + R"("],"c":["d"]})");
  CHECK(masked(R"({"credentials":{"user":"u","pass":"p"}})") == R"({"credentials":{"user":"u","pass":")" + kMark + R"("}})");
  CHECK(masked("{\"password\":\"cut of") == "{\"password\":\"" + kMark);
}

TEST_CASE("the values of secret names are masked in YAML, pairs, flags, headers and XML") {
  CHECK(masked("user: ada\npassword: my long phrase\nport: 1") == "user: ada\npassword: " + kMark + "\nport: 1");
  CHECK(masked("- token: 'it''s'\n") == "- token: '" + kMark + "'\n");
  CHECK(masked("a:\n  private_key: |\n    one\n    two\n  b: 1\n") == "a:\n  private_key: |\n    " + kMark + "\n  b: 1\n");
  CHECK(masked("login password=hunter2, user=ada") == "login password=" + kMark + ", user=ada");
  CHECK(masked("DB_PASS=x DB_HOST=y") == "DB_PASS=" + kMark + " DB_HOST=y");
  CHECK(masked("connect(password=x)") == "connect(password=" + kMark + ")");
  CHECK(masked("a=1&access_token=x&b=2") == "a=1&access_token=" + kMark + "&b=2");
  CHECK(masked("mysql --password hunter2 --user x") == "mysql --password " + kMark + " --user x");
  CHECK(masked("run --token=abc") == "run --token=" + kMark);
  CHECK(masked("X-Api-Key: abc") == "X-Api-Key: " + kMark);
  CHECK(masked("got Cookie: a=b; c=d") == "got Cookie: " + kMark);
  CHECK(masked("<db><password>x y</password></db>") == "<db><password>" + kMark + "</password></db>");
  CHECK(masked("{:password=>\"x\"}") == "{:password=>\"" + kMark + "\"}");
}

TEST_CASE("innocent texts stay as they are") {
  for (const char* text :
       {"", "a", "token_count: 5", "max_tokens: 100", "\"total_tokens\":7", "author: Ada", "keyboard: de", "monkey=1", "compass: north", "key: value",
        "public_key_id=3", "Unexpected token < in JSON", "password: null", "\"secret\":false", "password=", "\"password\":\"\"", "if (token == x)",
        "the bearer authentication scheme", "Basic authentication is off", "task-force-of-the-northern-region-12", "idempotency_key=abc", "next_page_token=abc",
        "2026-11-21T20:50:00Z INFO step notify passed in 12 ms", "https://api.example.com/v1/orders?id=7&page=2", "sha256=0123456789abcdef0123456789abcdef",
        "ex_01hzyabcdefghijklmnopqrst", "order 4242424242424242 of ada@example.com"}) {
    CHECK(masked(text) == text);
  }
}

TEST_CASE("personal data is masked only where the tenant asks for it") {
  const MaskingRules personal{true};
  CHECK(masked("to ada.l+x@mail.example.com now", personal) == "to " + kMark + " now");
  CHECK(masked("card 4242 4242 4242 4242.", personal) == "card " + kMark + ".");
  CHECK(masked("card 4242424242424241.", personal) == "card 4242424242424241.");
  CHECK(masked("IBAN DE89 3704 0044 0532 0130 00 OK", personal) == "IBAN " + kMark + " OK");
  CHECK(masked("IBAN DE88 3704 0044 0532 0130 00", personal) == "IBAN DE88 3704 0044 0532 0130 00");
  CHECK(masked("call +49 30 901820-0 or (415) 555-2671", personal) == "call " + kMark + " or " + kMark);
  CHECK(masked("order 1234567890 took 1500 ms at 2026-11-21", personal) == "order 1234567890 took 1500 ms at 2026-11-21");
}
