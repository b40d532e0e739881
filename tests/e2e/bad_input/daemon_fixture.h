// A daemon that is ready, with the workflows that the tests of this folder use.
#pragma once

#include <stdlib.h>  // mkdtemp is not in <cstdlib>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/daemon_process.h"
#include "tests/support/raw_client.h"

namespace ipaas::test {

/// A directory that goes with it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() : path_((std::filesystem::temp_directory_path() / "ipaas-bad.XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary directory");
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }

  [[nodiscard]] std::filesystem::path path() const { return path_; }

 private:
  std::string path_;
};

inline constexpr std::uint64_t kMiB = 1024 * 1024;
inline constexpr std::uint64_t kMayGrow = 8 * kMiB;  ///< memory that an attack may leave behind

class DaemonFixture {
 public:
  /// Requests have a second, so that the slow ones are seen to end.
  explicit DaemonFixture(const std::string& limits = "  request_time: 1s\n", std::uint64_t most_files = 0)
      : daemon(bin(), directory_.path(), "limits:\n" + limits) {
    daemon.limit_files(most_files);
    daemon.spawn();
    const auto ready = daemon.wait_until_ready();
    REQUIRE(ready);
    port = *ready;
    REQUIRE(daemon.apply(
        "name: open\non:\n  webhook:\n    verify:\n      scheme: none\nsteps:\n  - set: ${{ event.body }}\n"));
  }

  [[nodiscard]] RawAnswer post(const std::string& body, const std::string& type = "application/json") const {
    RawClient client(port);
    return client.ask(webhook("Content-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n") + body);
  }

  /// The head of a webhook with these header lines.
  [[nodiscard]] static std::string webhook(const std::string& headers) {
    return "POST /api/webhooks/default/open HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
  }

  /// Does a stranger who behaves get an answer within a second?
  [[nodiscard]] bool is_well() const {
    const auto began = std::chrono::steady_clock::now();
    const bool answered = post("{}").status == 202;
    return answered && std::chrono::steady_clock::now() - began < std::chrono::seconds(1);
  }

 private:
  static std::filesystem::path bin() {
    const char* const path = std::getenv("IPAAS_BIN");
    if (path == nullptr) throw std::runtime_error("IPAAS_BIN is not set to the folder that holds ipaasd");
    return path;
  }

  TemporaryDirectory directory_;

 public:
  DaemonProcess daemon;
  std::uint16_t port = 0;
};

}  // namespace ipaas::test
