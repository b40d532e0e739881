// A cron expression, and when it is due from an instant that the input's length picks.
#include "core/language/cron.h"
#include "core/base/time_text.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ipaas;
  static const date::time_zone* const kBerlin = *find_time_zone("Europe/Berlin");
  static const Instant kBegin = *parse_instant("2026-03-28T23:59:59Z");
  const auto schedule = language::CronSchedule::parse(fuzz::text_of(data, size));
  if (!schedule) {
    fuzz::require(schedule.error().code == "bad_cron", "a refusal is bad_cron");
    return 0;
  }
  Instant from = kBegin + std::chrono::hours(24 * 211 * (size % 2));  // both ends of daylight saving time
  for (int i = 0; i < 4; ++i) {
    const auto next = schedule->next(from, *kBerlin);
    if (!next) break;
    fuzz::require(*next > from, "time goes on");
    fuzz::require(schedule->previous(*next, *kBerlin, true) == next, "an instant is the last one up to itself");
    const auto before = schedule->previous(*next, *kBerlin);
    fuzz::require(!before || schedule->next(*before, *kBerlin) == next, "back and forth leads to the same instant");
    from = *next;
  }
  return 0;
}
