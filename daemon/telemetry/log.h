// What the operator reads: one event, one line.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/security/masker.h"

namespace spdlog {
class logger;
}

namespace ipaas::daemon {

/// Writes to standard error, as text or as JSON lines. Every value is masked and has its control characters escaped.
/// Thread-safe.
class Log {
 public:
  using Field = std::pair<std::string_view, std::string>;
  using Fields = std::initializer_list<Field>;

  Log(bool json, const std::string& level);
  ~Log();

  void debug(std::string_view message, Fields fields = {}) const;
  void info(std::string_view message, Fields fields = {}) const;
  void warn(std::string_view message, Fields fields = {}) const;
  void error(std::string_view message, Fields fields = {}) const;

 private:
  void write(int level, std::string_view message, Fields fields) const;

  const bool json_;
  const security::Masker masker_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace ipaas::daemon
