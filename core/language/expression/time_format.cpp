#include "core/language/expression/time_format.h"

#include <array>

#include "core/language/expression/time_names.h"

namespace ipaas::language {
namespace {

constexpr std::int64_t kFirstMillis = -62'167'219'200'000;  // 0000-01-01T00:00:00Z
constexpr std::int64_t kEndMillis = 253'402'300'800'000;    // 10000-01-01T00:00:00Z

std::string padded(std::int64_t number, std::size_t width, char fill = '0') {
  std::string text = std::to_string(number);
  return text.size() < width ? std::string(width - text.size(), fill) + text : text;
}

std::string offset_text(std::chrono::seconds offset, std::string_view between) {
  const std::int64_t minutes = std::abs(offset.count()) / 60;
  return (offset.count() < 0 ? "-" : "+") + padded(minutes / 60, 2) + std::string(between) + padded(minutes % 60, 2);
}

/// An instant on the clocks of a zone, taken apart.
struct Parts {
  Instant instant;
  date::sys_info zone;
  date::local_time<Duration> local;
  date::local_days day;
  date::year_month_day ymd;
  std::int64_t millis;  ///< of the day

  Parts(Instant at, const date::time_zone& in)
      : instant(at), zone(in.get_info(at)), local(at.time_since_epoch() + zone.offset), day(date::floor<date::days>(local)),
        ymd(day), millis((local - day).count()) {}

  [[nodiscard]] std::int64_t hour() const { return millis / 3'600'000; }
  [[nodiscard]] std::size_t weekday() const { return date::weekday(day).c_encoding(); }
};

std::string time_of_day(const Parts& parts, char field) {
  switch (field) {
    case 'H': return padded(parts.hour(), 2);
    case 'I': return padded((parts.hour() + 11) % 12 + 1, 2);
    case 'p': return parts.hour() < 12 ? "AM" : "PM";
    case 'M': return padded(parts.millis / 60'000 % 60, 2);
    case 'S': return padded(parts.millis / 1'000 % 60, 2);
    case 'L': return padded(parts.millis % 1'000, 3);
    case 'R': return time_of_day(parts, 'H') + ":" + time_of_day(parts, 'M');
    default: return time_of_day(parts, 'R') + ":" + time_of_day(parts, 'S');  // T
  }
}

std::string date_of(const Parts& parts, char field) {
  const auto month = static_cast<unsigned>(parts.ymd.month());
  switch (field) {
    case 'Y': return padded(int(parts.ymd.year()), 4);
    case 'y': return padded(int(parts.ymd.year()) % 100, 2);
    case 'm': return padded(month, 2);
    case 'd': return padded(unsigned(parts.ymd.day()), 2);
    case 'e': return padded(unsigned(parts.ymd.day()), 2, ' ');
    case 'j': return padded((parts.day - date::local_days(parts.ymd.year() / 1 / 1)).count() + 1, 3);
    case 'B': return std::string(kMonths[month - 1]);
    case 'b': return std::string(kMonths[month - 1].substr(0, 3));
    case 'A': return std::string(kWeekdays[parts.weekday()]);
    case 'a': return std::string(kWeekdays[parts.weekday()].substr(0, 3));
    case 'u': return std::to_string((parts.weekday() + 6) % 7 + 1);
    case 'w': return std::to_string(parts.weekday());
    default: return date_of(parts, 'Y') + "-" + date_of(parts, 'm') + "-" + date_of(parts, 'd');  // F
  }
}

// A week belongs to the year that its Thursday is in (ISO 8601).
std::string week_of(const Parts& parts, char field) {
  const auto thursday = parts.day + date::days(3 - static_cast<int>((parts.weekday() + 6) % 7));
  const auto year = date::year_month_day(thursday).year();
  if (field == 'G') return padded(int(year), 4);
  return padded((thursday - date::local_days(year / 1 / 1)).count() / 7 + 1, 2);
}

std::optional<std::string> field_text(const Parts& parts, char field) {
  if (std::string_view("HIpMSLRT").find(field) != std::string_view::npos) return time_of_day(parts, field);
  if (std::string_view("YymdejBbAauwF").find(field) != std::string_view::npos) return date_of(parts, field);
  if (field == 'G' || field == 'V') return week_of(parts, field);
  switch (field) {
    case 's': return std::to_string(date::floor<std::chrono::seconds>(parts.instant.time_since_epoch()).count());
    case 'z': return offset_text(parts.zone.offset, "");
    case 'Z': return parts.zone.abbrev;
    case '%': return "%";
    default: return std::nullopt;
  }
}

}  // namespace

Result<std::string> format_time(Instant instant, std::string_view format, const date::time_zone& zone) {
  const Parts parts(instant, zone);
  std::string text;
  if (format.find('%') == std::string_view::npos) return tl::unexpected(bad_format());
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      text += format[i];
      continue;
    }
    const std::string_view rest = format.substr(i + 1);
    if (rest.starts_with(":z")) {
      text += offset_text(parts.zone.offset, ":");
      i += 2;
      continue;
    }
    const auto field = rest.empty() ? std::nullopt : field_text(parts, rest.front());
    if (!field) return tl::unexpected(bad_format());
    text += *field;
    ++i;
  }
  return text;
}

bool is_writable(Instant instant) { return to_millis(instant) >= kFirstMillis && to_millis(instant) < kEndMillis; }

std::optional<Instant> add_span(Instant instant, const CalendarSpan& span, const date::time_zone& zone) {
  // Far more than any year that can be written; in these bounds nothing overflows.
  constexpr std::int64_t kMostDays = 4'000'000;
  constexpr std::int64_t kMostMillis = kMostDays * 86'400'000;
  if (std::abs(span.days) > kMostDays || std::abs(span.months) > kMostDays / 28 ||
      std::abs(span.exact.count()) > kMostMillis) {
    return std::nullopt;
  }
  Instant moved = instant;
  if (span.months != 0 || span.days != 0) {
    const Parts parts(instant, zone);
    auto month = parts.ymd.year() / parts.ymd.month() + date::months(span.months);
    if (month.year() < date::year(-1) || month.year() > date::year(10'000)) return std::nullopt;
    auto ymd = month / parts.ymd.day();
    if (!ymd.ok()) ymd = month / date::last;
    const auto local = date::local_days(ymd) + date::days(span.days) + Duration(parts.millis);
    moved = std::chrono::time_point_cast<Duration>(zone.to_sys(local, date::choose::earliest));
  }
  moved += span.exact;
  return is_writable(moved) ? std::optional(moved) : std::nullopt;
}

}  // namespace ipaas::language
