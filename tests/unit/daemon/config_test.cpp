// What the operator may write, and what the daemon says when it is wrong.
#include "daemon/config/config.h"

#include <fstream>
#include <set>

#include "tests/support/catch.h"
#include "tests/support/store_fixtures.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace ipaas::daemon;
using namespace std::chrono_literals;

namespace {

struct Sample {
  std::string key;
  std::vector<std::string> good;
  std::vector<std::vector<std::string>> bad;
};

const std::vector<Sample>& samples() {
  static const std::vector<Sample> kSamples = {
      {"http.listen", {"0.0.0.0:9000"}, {{"9000"}, {"host:"}, {":80"}, {"h:70000"}, {"h:-1"}, {"::1:80"}, {""}}},
      {"public_url", {"https://hooks.example/"}, {{"hooks.example"}, {"ftp://x"}, {""}}},
      {"socket", {"/tmp/s"}, {{""}}},
      {"data_dir", {"/tmp/d"}, {{""}}},
      {"store", {"sqlite:/tmp/x.db"}, {{"postgres://x"}, {"mysql:x"}, {""}}},
      {"workers", {"4"}, {{"0"}, {"257"}, {"four"}, {"4.5"}, {"-1"}, {""}, {"4 "}}},
      {"limits.backlog", {"10"}, {{"0"}, {"1000000001"}, {"many"}}},
      {"limits.calls", {"10"}, {{"0"}, {"100001"}}},
      {"limits.header_bytes", {"64KiB"}, {{"0"}, {"2MiB"}, {"64kb"}, {"KiB"}, {""}}},
      {"limits.header_fields", {"50"}, {{"0"}, {"x"}}},
      {"limits.target_bytes", {"4096"}, {{"2MiB"}, {"-5"}}},
      {"limits.body", {"25MiB"}, {{"2000MiB"}, {"0"}}},
      {"limits.webhook_body", {"5MiB"}, {{"0"}, {"33MiB"}}},
      {"limits.body_memory", {"64MiB"}, {{"0"}, {"lots"}}},
      {"limits.request_time", {"5s"}, {{"5"}, {"0s"}, {"-1s"}, {"soon"}}},
      {"limits.idle_time", {"1m"}, {{"0s"}, {""}}},
      {"limits.write_time", {"1m30s"}, {{"0ms"}, {"x"}}},
      {"limits.connections", {"10"}, {{"0"}, {"1000001"}}},
      {"limits.connections_per_address", {"10"}, {{"0"}, {"ten"}}},
      {"egress.allow", {"127.0.0.0/8", "*.corp.example:443"}, {{"not a rule!"}, {"127.0.0.0/8", "300.1.2.3/8"}}},
      {"trusted_proxies", {"10.0.0.0/8", "::1"}, {{"proxy.example"}, {"10.0.0.0/99"}}},
      {"retention.executions", {"30d"}, {{"30"}, {"59m"}, {"0s"}, {"-1d"}, {"always"}, {""}}},
      {"retention.payloads", {"forever"}, {{"7"}, {"1m"}, {""}}},
      {"retention.max_size", {"20GiB"}, {{"15MiB"}, {"20GB"}, {"0"}, {"-1GiB"}, {""}}},
      {"masking.personal", {"true"}, {{"yes"}, {"1"}, {""}}},
      {"log.format", {"json"}, {{"xml"}, {""}}},
      {"log.level", {"debug"}, {{"trace"}, {""}}},
  };
  return kSamples;
}

/// Reads a file with this text; the errors, one a line, with the folder's name left out.
std::string errors_of(const std::string& text, Config& config) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "ipaasd.yaml";
  std::ofstream(file) << text;
  const auto read = read_config_file(file, config);
  std::string list;
  if (read) return list;
  for (Error error : read.error()) {
    error.file = "ipaasd.yaml";
    list += to_string(error) + "\n";
  }
  return list;
}

std::string errors_of(const std::string& text) {
  Config config;
  return errors_of(text, config);
}

}  // namespace

TEST_CASE("every setting takes what fits and refuses what does not") {
  std::set<std::string> known;
  for (const Sample& sample : samples()) {
    INFO(sample.key);
    known.insert(sample.key);
    Config config;
    CHECK(apply_setting(config, sample.key, sample.good));
    for (const auto& bad : sample.bad) {
      INFO("'" << bad.front() << "'");
      const auto set = apply_setting(config, sample.key, bad);
      REQUIRE_FALSE(set);
      CHECK(set.error().kind == ErrorKind::kInvalid);
      CHECK(set.error().message.find("`" + sample.key + "`") == 0);
      CHECK_FALSE(set.error().hint.empty());
    }
  }
  // A setting that is added gets its row here.
  for (const Setting& setting : settings()) {
    INFO(setting.key);
    CHECK(known.contains(std::string(setting.key)));
    CHECK_FALSE(setting.describes.empty());
  }
}

TEST_CASE("a file sets what it names and leaves the rest") {
  Config config;
  CHECK(errors_of("http: { listen: '0.0.0.0:9000' }\n"
                  "public_url: https://hooks.example/\n"
                  "workers: 3\n"
                  "limits:\n  body: 2MiB\n  backlog: 7\n  request_time: 3s\n"
                  "egress: { allow: [127.0.0.0/8, '*.corp.example:443'] }\n"
                  "log:\n",
                  config)
            .empty());
  CHECK(config.listen == "0.0.0.0:9000");
  CHECK(config.public_url == "https://hooks.example");
  CHECK(config.workers == 3);
  CHECK(config.http.body_bytes == 2 * 1024 * 1024);
  CHECK(config.backlog == 7);
  CHECK(config.http.request_time == 3s);
  CHECK(config.egress_allow == std::vector<std::string>{"127.0.0.0/8", "*.corp.example:443"});
  CHECK(config.log_level == "info");
  CHECK(config.calls == 10'000);
}

TEST_CASE("everything that is wrong with a file is said at once, with its place") {
  const std::string errors = errors_of(
      "workres: 3\n"
      "limits:\n  backlgo: 1\n  calls: none\n"
      "cors: { allowed_origins: [] }\n"
      "egress: { allow: { a: b } }\n");
  CHECK(errors.find("ipaasd.yaml:1:1: unknown key `workres`: did you mean `workers`") != std::string::npos);
  CHECK(errors.find("ipaasd.yaml:3:3: unknown key `limits.backlgo`: did you mean `limits.backlog`") !=
        std::string::npos);
  CHECK(errors.find("ipaasd.yaml:4:10: `limits.calls`: 'none' does not fit here") != std::string::npos);
  CHECK(errors.find("ipaasd.yaml:5:1: `cors` is not supported by this version") != std::string::npos);
  CHECK(errors.find("ipaasd.yaml:6:") != std::string::npos);
}

TEST_CASE("a file that is no mapping, or more than one document, is refused") {
  const auto [text, says] = GENERATE(table<std::string, std::string>({
      {"- a\n", "not a mapping"},
      {"http: 5\n", "`http` is not a mapping"},
      {"workers: [1, 2]\n", "not a single value"},
      {"workers: 1\n---\nworkers: 2\n", "more than one document"},
      {"workers: 1\nworkers: 2\n", ":2:"},
      {"workers: {\n", ":"},
  }));
  INFO(text);
  CHECK(errors_of(text).find(says) != std::string::npos);
}

TEST_CASE("an empty file changes nothing, and one that is not there is an error") {
  CHECK(errors_of("").empty());
  CHECK(errors_of("# nothing\n").empty());
  Config config;
  const auto read = read_config_file("/nonexistent/ipaasd.yaml", config);
  REQUIRE_FALSE(read);
  CHECK(read.error().front().message.find("/nonexistent/ipaasd.yaml") != std::string::npos);
}

TEST_CASE("the environment sets what its names say") {
  const char* const environment[] = {"PATH=/bin",
                                     "IPAASD_LIMITS_BACKLOG=12",
                                     "IPAASD_HTTP_LISTEN=127.0.0.1:1",
                                     "IPAASD_EGRESS_ALLOW=10.0.0.0/8,fd00::/8",
                                     "IPAASD_TRUSTED_PROXIES=",
                                     nullptr};
  Config config;
  REQUIRE(read_environment(environment, config));
  CHECK(config.backlog == 12);
  CHECK(config.listen == "127.0.0.1:1");
  CHECK(config.egress_allow == std::vector<std::string>{"10.0.0.0/8", "fd00::/8"});
}

TEST_CASE("a variable that no setting has, or a value that does not fit, is an error with its name") {
  const char* const environment[] = {"IPAASD_WORKRES=1", "IPAASD_WORKERS=none", nullptr};
  Config config;
  const auto read = read_environment(environment, config);
  REQUIRE_FALSE(read);
  REQUIRE(read.error().size() == 2);
  CHECK(read.error()[0].message.find("IPAASD_WORKRES") != std::string::npos);
  CHECK(read.error()[1].message.starts_with("IPAASD_WORKERS: "));
}

TEST_CASE("an unknown setting on the command line gets a suggestion") {
  Config config;
  const auto set = apply_setting(config, "worker", {"3"});
  REQUIRE_FALSE(set);
  CHECK(set.error().hint == "did you mean `workers`?");
}

TEST_CASE("addresses to listen on") {
  CHECK(parse_listen("[::1]:8080")->host == "::1");
  CHECK(parse_listen("127.0.0.1:0")->port == 0);
  CHECK(parse_listen("localhost:65535")->port == 65535);
}
