#include "core/service/next_instant.h"

#include "core/base/time_zone.h"
#include "core/language/cron.h"

namespace ipaas::service {

std::optional<Instant> next_instant(const std::string& cron, const std::string& timezone, Instant from) {
  const auto schedule = language::CronSchedule::parse(cron);
  const auto zone = find_time_zone(timezone);
  if (!schedule || !zone) return std::nullopt;
  return schedule->next(from, **zone);
}

}  // namespace ipaas::service
