// What the operator may choose, from the file, the environment and the command line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/service/retention.h"
#include "daemon/http/limits.h"

namespace ipaas::daemon {

/// Immutable once the daemon runs. Defaults are those of a plain start.
struct Config {
  std::filesystem::path data_dir;  ///< /var/lib/ipaas as root, else $XDG_STATE_HOME/ipaas
  std::filesystem::path socket;    ///< /run/ipaas/ipaasd.sock, else $XDG_RUNTIME_DIR/ipaas/ipaasd.sock
  std::string listen = "127.0.0.1:8080";
  std::string public_url;  ///< without a final slash; empty when it is not known
  std::string store = "sqlite:";  ///< `sqlite:` or `sqlite:PATH`, `memory:`
  std::size_t workers = 10;
  std::int64_t backlog = 1'000'000;   ///< live executions; beyond, webhooks are answered 503
  std::size_t calls = 10'000;         ///< calls that may be out at once
  http::Limits http;
  std::vector<std::string> egress_allow;
  service::RetentionPolicy retention;
  std::optional<std::uint64_t> max_size;  ///< of the database, in bytes
  bool mask_personal = false;
  bool log_json = false;
  std::string log_level = "info";
};

/// A setting: its place in the file, `limits.backlog`, and so its name in the environment, IPAASD_LIMITS_BACKLOG.
struct Setting {
  std::string_view key;
  std::string_view describes;
  bool list = false;
  Result<void> (*set)(Config& config, const std::vector<std::string>& values);
};
[[nodiscard]] const std::vector<Setting>& settings();

/// By key, as the command line does it.
[[nodiscard]] Result<void> apply_setting(Config& config, std::string_view key, const std::vector<std::string>& values);

/// The defaults of this process's user and environment.
[[nodiscard]] Config default_config();

/// A YAML file. All errors at once, each with file:line:col.
[[nodiscard]] ResultOrErrors<void> read_config_file(const std::filesystem::path& file, Config& config);

/// Every IPAASD_… variable; one that no setting has is an error.
[[nodiscard]] ResultOrErrors<void> read_environment(const char* const* environment, Config& config);

/// `ADDR:PORT` or `[ADDR]:PORT`.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
};
[[nodiscard]] Result<ListenAddress> parse_listen(const std::string& text);

}  // namespace ipaas::daemon
