// A real ipaasd on a directory of the test's own.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ipaas::test {

/// One life of the daemon after the other, all on the same data. The process dies with the thread that started it.
/// Not thread-safe.
class DaemonProcess {
 public:
  /// `bin` holds ipaasd and ipaas; `directory` gets data, socket, configuration and the daemon's log. `config` is YAML
  /// that is added to an `egress` which allows loopback.
  DaemonProcess(std::filesystem::path bin, std::filesystem::path directory, const std::string& config = {});
  DaemonProcess(const DaemonProcess&) = delete;
  DaemonProcess& operator=(const DaemonProcess&) = delete;
  ~DaemonProcess() { kill(); }

  /// At most this many open descriptors in later lives, as `ulimit -n` says it.
  void limit_files(std::uint64_t most) { most_files_ = most; }
  /// An environment variable of later lives.
  void set_variable(std::string name, std::string value) { variables_.emplace_back(std::move(name), std::move(value)); }

  void spawn();
  /// The port of its webhooks once it is ready; nothing when it ended, or said nothing in time.
  [[nodiscard]] std::optional<std::uint16_t> wait_until_ready(std::chrono::seconds within = std::chrono::seconds(20));
  /// SIGKILL, and waits for its end. False when it had ended by itself.
  bool kill();
  /// The status of a process that ends by itself, as waitpid tells it; nothing when it lives on.
  [[nodiscard]] std::optional<int> wait_for_end(std::chrono::milliseconds within);
  /// SIGTERM; its exit status, or nothing when it did not end in time.
  [[nodiscard]] std::optional<int> terminate(std::chrono::seconds within);

  /// `ipaas apply` of this YAML. False when it was refused.
  [[nodiscard]] bool apply(const std::string& yaml) const;
  /// Standard output of `ipaas …`, which a shell takes apart; its messages go to the daemon's log.
  [[nodiscard]] std::string ipaas(const std::string& arguments) const;

  /// What it holds of the machine's memory, in bytes.
  [[nodiscard]] std::uint64_t resident_bytes() const;
  /// Of all its threads, since it was started.
  [[nodiscard]] std::chrono::milliseconds processor_time() const;

  [[nodiscard]] std::filesystem::path data() const { return directory_ / "data"; }
  [[nodiscard]] std::filesystem::path socket() const { return directory_ / "ipaasd.sock"; }
  [[nodiscard]] std::filesystem::path database() const { return data() / "ipaas.db"; }
  [[nodiscard]] std::filesystem::path log() const { return directory_ / "ipaasd.log"; }

 private:
  [[noreturn]] void become_daemon(int output) const;
  void close_output();

  const std::filesystem::path bin_;
  const std::filesystem::path directory_;
  std::uint64_t most_files_ = 0;  ///< 0: as the test itself
  std::vector<std::pair<std::string, std::string>> variables_;
  pid_t pid_ = 0;
  int output_ = -1;
};

}  // namespace ipaas::test
