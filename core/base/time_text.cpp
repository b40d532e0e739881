#include "core/base/time_text.h"

#include <date/date.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace ipaas {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t millis;
};
// Longest first, as format_duration takes them; `ms` before `m` is settled by reading all letters.
constexpr std::array<Unit, 6> kUnits = {{{"w", 604'800'000},
                                         {"d", 86'400'000},
                                         {"h", 3'600'000},
                                         {"m", 60'000},
                                         {"s", 1'000},
                                         {"ms", 1}}};

tl::unexpected<Error> bad_duration(std::string_view text) {
  return fail(ErrorKind::kInvalid, "'" + std::string(text.substr(0, 40)) + "' is not a duration",
              "write a number and a unit: 250ms, 30s, 5m, 4h, 7d or 1h30m", "bad_duration");
}

tl::unexpected<Error> bad_instant(std::string_view text) {
  return fail(ErrorKind::kInvalid, "'" + std::string(text.substr(0, 40)) + "' is not a time",
              "write it as RFC 3339: 2026-01-31T09:30:00Z or 2026-01-31T09:30:00+01:00", "bad_time");
}

/// Reads exactly `width` digits at `at`.
bool digits(std::string_view text, std::size_t at, std::size_t width, int& value) {
  if (at + width > text.size()) return false;
  const char* begin = text.data() + at;
  for (std::size_t i = 0; i < width; ++i) {
    if (begin[i] < '0' || begin[i] > '9') return false;
  }
  return std::from_chars(begin, begin + width, value).ec == std::errc();
}

}  // namespace

// By hand for the years that are written with four digits: a stream costs two microseconds, and each webhook has two.
std::string format_instant(Instant instant) {
  const date::sys_time<std::chrono::milliseconds> time(instant.time_since_epoch());
  const auto day = date::floor<date::days>(time);
  const date::year_month_day ymd(day);
  if (ymd.year() < date::year(0) || ymd.year() > date::year(9999)) return date::format("%FT%TZ", time);
  std::string text = "0000-00-00T00:00:00.000Z";
  const auto put = [&text](std::size_t last, std::size_t width, std::int64_t value) {
    for (; width > 0; --width, value /= 10) text[last--] = static_cast<char>('0' + value % 10);
  };
  const std::int64_t millis = (time - day).count();
  put(3, 4, int(ymd.year()));
  put(6, 2, unsigned(ymd.month()));
  put(9, 2, unsigned(ymd.day()));
  put(12, 2, millis / 3'600'000);
  put(15, 2, millis / 60'000 % 60);
  put(18, 2, millis / 1'000 % 60);
  put(22, 3, millis % 1'000);
  return text;
}

Result<Instant> parse_instant(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (text.size() < 20) return bad_instant(text);  // the shortest is 2026-01-31T09:30:00Z
  const bool shaped = digits(text, 0, 4, year) && text[4] == '-' && digits(text, 5, 2, month) && text[7] == '-' &&
                      digits(text, 8, 2, day) && (text[10] == 'T' || text[10] == 't' || text[10] == ' ') &&
                      digits(text, 11, 2, hour) && text[13] == ':' && digits(text, 14, 2, minute) && text[16] == ':' &&
                      digits(text, 17, 2, second);
  if (!shaped || hour > 23 || minute > 59 || second > 60) return bad_instant(text);
  const auto ymd = date::year(year) / date::month(static_cast<unsigned>(month)) / date::day(static_cast<unsigned>(day));
  if (!ymd.ok()) return bad_instant(text);

  std::size_t at = 19;
  int millis = 0;
  if (at < text.size() && text[at] == '.') {
    int scale = 100;
    const std::size_t begin = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) millis += scale * (text[at] - '0');
    if (at == begin) return bad_instant(text);
  }
  int offset_minutes = 0;
  if (at < text.size() && (text[at] == 'Z' || text[at] == 'z')) {
    ++at;
  } else {
    int hours = 0, minutes = 0;
    if (at >= text.size() || (text[at] != '+' && text[at] != '-') || !digits(text, at + 1, 2, hours) ||
        at + 3 >= text.size() || text[at + 3] != ':' || !digits(text, at + 4, 2, minutes) || hours > 23 || minutes > 59) {
      return bad_instant(text);
    }
    offset_minutes = (text[at] == '-' ? -1 : 1) * (hours * 60 + minutes);
    at += 6;
  }
  if (at != text.size()) return bad_instant(text);
  const Instant local = std::chrono::time_point_cast<Duration>(Instant(date::sys_days(ymd).time_since_epoch())) +
                        std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) +
                        Duration(millis);
  return local - std::chrono::minutes(offset_minutes);
}

Result<Duration> parse_duration(std::string_view text) {
  std::int64_t total = 0;
  std::string_view rest = text;
  if (rest.empty()) return bad_duration(text);
  while (!rest.empty()) {
    std::int64_t count = 0;
    const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
    if (failure != std::errc() || rest.front() == '-') return bad_duration(text);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const std::string_view name = rest.substr(0, rest.find_first_of("0123456789"));
    const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.name == name; });
    if (unit == kUnits.end() || count > (std::numeric_limits<std::int64_t>::max() / 4 - total) / unit->millis) {
      return bad_duration(text);
    }
    total += count * unit->millis;
    rest.remove_prefix(name.size());
  }
  return Duration(total);
}

std::string format_duration(Duration duration) {
  std::int64_t rest = duration.count();
  std::string text;
  for (const Unit& unit : kUnits) {
    if (rest >= unit.millis) {
      text += std::to_string(rest / unit.millis) + std::string(unit.name);
      rest %= unit.millis;
    }
  }
  return text.empty() ? "0s" : text;
}

}  // namespace ipaas
