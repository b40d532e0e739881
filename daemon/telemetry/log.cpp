#include "daemon/telemetry/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "core/base/json.h"
#include "core/base/terminal_text.h"

namespace ipaas::daemon {

Log::Log(bool json, const std::string& level)
    : json_(json),
      logger_(std::make_shared<spdlog::logger>("ipaasd", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_level(spdlog::level::from_str(level == "warn" ? "warning" : level));
  logger_->set_pattern(json ? R"({"at":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v",
                       spdlog::pattern_time_type::utc);
  logger_->flush_on(spdlog::level::trace);
}

Log::~Log() = default;

void Log::debug(std::string_view message, Fields fields) const { write(spdlog::level::debug, message, fields); }
void Log::info(std::string_view message, Fields fields) const { write(spdlog::level::info, message, fields); }
void Log::warn(std::string_view message, Fields fields) const { write(spdlog::level::warn, message, fields); }
void Log::error(std::string_view message, Fields fields) const { write(spdlog::level::err, message, fields); }

void Log::write(int level, std::string_view message, Fields fields) const {
  const auto severity = static_cast<spdlog::level::level_enum>(level);
  if (!logger_->should_log(severity)) return;
  std::string line;
  if (json_) {
    line = "\"message\":" + dump_json(masker_.mask(message));
    for (const auto& [name, value] : fields) line += "," + dump_json(name) + ":" + dump_json(masker_.mask(value));
  } else {
    line = masker_.mask(message);
    for (const auto& [name, value] : fields) line += " " + std::string(name) + "=" + masker_.mask(value);
    line = escape_control(line);
  }
  logger_->log(severity, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace ipaas::daemon
