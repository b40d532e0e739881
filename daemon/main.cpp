#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "core/base/version.h"
#include "daemon/app.h"
#include "daemon/config/config.h"
#include "daemon/crash_report.h"
#include "daemon/process.h"
#include "daemon/systemd.h"

namespace {

using namespace ipaas;
using namespace ipaas::daemon;

constexpr Duration kGrace = std::chrono::seconds(30);
constexpr Duration kMemoryInterval = std::chrono::seconds(5);

struct Arguments {
  std::string config_file;
  bool check_only = false;
  /// Flags as settings, applied last.
  std::vector<std::pair<std::string_view, std::string>> settings;
};

int report(const std::vector<Error>& errors, int code) {
  for (const Error& error : errors) std::cerr << "error: " << to_string(error) << "\n";
  return code;
}

void add_flags(CLI::App& parser, Arguments& arguments) {
  parser.set_version_flag("--version", "ipaasd " + std::string(kVersion));
  parser.add_option("--config", arguments.config_file, "YAML file (default /etc/ipaas/ipaasd.yaml where it exists)");
  parser.add_flag("--check-config", arguments.check_only, "check the configuration and exit");
  const auto setting = [&](const std::string& flag, std::string_view key, const std::string& text) {
    parser.add_option_function<std::string>(
        flag, [&arguments, key](const std::string& value) { arguments.settings.emplace_back(key, value); }, text);
  };
  setting("--data-dir", "data_dir", "directory for database and keys");
  setting("--socket", "socket", "path of the control socket");
  setting("--listen", "http.listen", "ADDRESS:PORT for webhooks (default 127.0.0.1:8080)");
  setting("--store", "store", "sqlite:PATH (default, in the data directory) or memory:");
  setting("--workers", "workers", "threads that decide (default 10)");
  setting("--log-format", "log.format", "text or json");
}

ResultOrErrors<Config> configure(const Arguments& arguments) {
  Config config = default_config();
  std::filesystem::path file = arguments.config_file;
  if (file.empty() && std::filesystem::exists("/etc/ipaas/ipaasd.yaml")) file = "/etc/ipaas/ipaasd.yaml";
  if (!file.empty()) {
    if (auto read = read_config_file(file, config); !read) return tl::unexpected(read.error());
  }
  if (auto read = read_environment(environ, config); !read) return tl::unexpected(read.error());
  for (const auto& [key, value] : arguments.settings) {
    if (auto set = apply_setting(config, key, {value}); !set) return tl::unexpected(std::vector<Error>{set.error()});
  }
  return config;
}

int serve(Config config) {
  const auto began = std::chrono::steady_clock::now();
  harden_process();
  const FaultStack fault_stack;
  const Signals signals;
  auto app = App::start(std::move(config));
  if (!app) return report({app.error()}, 1);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  std::cout << (*app)->ready_line() << ", in " << took.count() << " ms" << std::endl;
  notify_service_manager("READY=1");
  FreedMemory memory;
  for (;;) {
    const auto signal = signals.wait(kMemoryInterval);
    if (!signal) memory.give_back();
    if (!signal || *signal == SIGHUP) continue;
    notify_service_manager("STOPPING=1");
    (*app)->drain(kGrace);
    return 0;
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App parser("ipaasd: durable webhooks, schedules and workflows in one small daemon", "ipaasd");
  Arguments arguments;
  add_flags(parser, arguments);
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return parser.exit(error);  // --help, --version
    std::cerr << "error: " << error.what() << ": see `ipaasd --help`\n";
    return 2;
  }
  auto config = configure(arguments);
  if (!config) return report(config.error(), 2);
  if (arguments.check_only) {
    std::cout << "the configuration is good\n";
    return 0;
  }
  return serve(*std::move(config));
}
