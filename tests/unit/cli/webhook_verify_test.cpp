// ipaas webhook verify: what sign makes it accepts, and it says why it refuses the rest.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/base/json.h"
#include "tests/support/catch.h"
#include "tests/support/cli_run.h"
#include "tests/support/signature_kit.h"

using namespace ipaas;
using namespace ipaas::test;

namespace {

/// A folder of its own, gone at the end.
class Files {
 public:
  Files() : folder_(std::filesystem::temp_directory_path() / ("ipaas-verify-" + std::to_string(::getpid()))) {
    std::filesystem::create_directory(folder_);
  }
  ~Files() { std::filesystem::remove_all(folder_); }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }

 private:
  std::filesystem::path folder_;
};

using Words = std::vector<std::string>;

CliRun webhook(const std::string& verb, const std::string& scheme, const std::string& secret, const Words& more) {
  Words arguments = {"webhook", verb, "--scheme", scheme, "--secret-stdin"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_cli(arguments, {.input = secret + "\n"});
}

Words flags_of(const security::VerifyRule& rule) {
  Words flags;
  const auto add = [&](const std::string& name, const std::string& value) {
    flags.push_back(name);
    flags.push_back(value);
  };
  if (!rule.algorithm.empty()) add("--algorithm", rule.algorithm);
  if (rule.timestamp_header.empty()) return flags;
  add("--header", rule.header);
  add("--encoding", rule.encoding);
  add("--prefix", rule.prefix);
  add("--timestamp-header", rule.timestamp_header);
  add("--payload", rule.payload);
  return flags;
}

}  // namespace

TEST_CASE("webhook verify accepts what webhook sign makes, for every scheme") {
  const Files files;
  const std::string body = files.write("body", "a=1&b=2");
  for (const SchemeCase& one : scheme_cases()) {
    CAPTURE(one.what);
    const std::string scheme(security::scheme_name(one.rule.scheme));
    std::string url = "https://hooks.example/api/webhooks/wf_1";
    Words flags = flags_of(one.rule);
    flags.insert(flags.end(), {"-f", body, "--now", "1700000000", "--url", url});
    const auto signature = webhook("sign", scheme, std::string(one.signing.reveal()), flags);
    INFO(signature.err);
    REQUIRE(signature.code == 0);
    const std::string headers = files.write("headers", scheme == "url-token" ? "" : signature.out);
    if (scheme == "url-token") flags.back() = signature.out.substr(0, signature.out.size() - 1);
    flags.insert(flags.end(), {"-H", "@" + headers});
    const auto accepted = webhook("verify", scheme, std::string(one.verifying.reveal()), flags);
    CHECK(accepted.code == 0);
    CHECK(accepted.out == "valid\n");
    const auto refused = webhook("verify", scheme, std::string(one.other.reveal()), flags);
    CHECK((refused.code == 1 || refused.code == 3));  // 3: not even the kind of key that the algorithm takes
    CHECK_FALSE(has(refused.out + refused.err, std::string(one.other.reveal())));
  }
}

TEST_CASE("webhook verify says why, as text and as JSON, and exits 1") {
  const Words late = {"-f", "/dev/null", "--now", "2023-11-14T22:18:21Z", "-H", "X-Slack-Request-Timestamp: 1700000000",
                      "-H", "x-slack-signature:v0=00"};
  const auto text = webhook("verify", "slack", "key", late);
  CHECK(text.code == 1);
  CHECK(text.out == "invalid: timestamp is 301 s old, more than 300 s [timestamp_outside_tolerance]\n");
  CHECK(text.err.empty());
  Words as_json = late;
  as_json.insert(as_json.end(), {"-o", "json"});
  const auto json = webhook("verify", "slack", "key", as_json);
  CHECK(json.code == 1);
  CHECK(*parse_json(json.out) == Json{{"valid", false},
                                      {"scheme", "slack"},
                                      {"code", "timestamp_outside_tolerance"},
                                      {"reason", "timestamp is 301 s old, more than 300 s"}});
}

TEST_CASE("webhook verify refuses flags, keys and headers that cannot be meant") {
  CHECK(webhook("verify", "slack", "key", {"-f", "/dev/null", "--algorithm", "sha1"}).code == 2);
  CHECK(webhook("verify", "hmac", "key", {"-f", "/dev/null", "--audience", "us"}).code == 2);
  CHECK(webhook("verify", "slak", "key", {"-f", "/dev/null"}).code == 2);
  CHECK(webhook("verify", "github", "key", {}).code == 2);
  CHECK(webhook("verify", "github", "key", {"-f", "/dev/null", "-H", "no colon"}).code == 2);
  CHECK(webhook("verify", "github", "key", {"-f", "/dev/null", "--now", "yesterday"}).code == 2);
  CHECK(webhook("verify", "twilio", "key", {"-f", "/dev/null"}).code == 2);
  CHECK(webhook("verify", "twilio", "key", {"-f", "/dev/null", "--url", "x.example", "-H", "X-Twilio-Signature: AAAA"}).code == 2);
  CHECK(webhook("verify", "jwt", "key", {}).code == 3);
  CHECK(webhook("verify", "jwt", "key", {"--algorithm", "none"}).code == 3);
  CHECK(webhook("verify", "jwt", "key", {"--algorithm", "RS256"}).code == 3);
  CHECK(webhook("verify", "jwt", "key", {"--algorithm", "HS256", "--leeway", "soon"}).code == 3);
  CHECK(webhook("verify", "discord", "key", {"-f", "/dev/null"}).code == 3);
  CHECK(webhook("verify", "github", "", {"-f", "/dev/null"}).code == 3);
  CHECK(run_cli({"webhook", "verify", "--scheme", "github", "-f", "/dev/null"}).code == 2);
  CHECK(webhook("sign", "twilio", "key", {"-f", "/dev/null"}).code == 2);
}
