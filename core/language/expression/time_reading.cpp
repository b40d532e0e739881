// Times and spans of time from their text.
#include <algorithm>
#include <charconv>
#include <limits>

#include "core/base/time_text.h"
#include "core/language/expression/folding.h"
#include "core/language/expression/time_format.h"
#include "core/language/expression/time_names.h"

namespace ipaas::language {
namespace {

Error bad_time(std::string_view where) {
  return {ErrorKind::kInvalid, "the text is not a time " + std::string(where),
          "write it as RFC 3339, as in 2026-01-31T09:30:00Z, or give its format to `parseDate`", "bad_time"};
}

/// Of a text or a format that is longer than what is read.
Error too_long(std::string_view what, std::size_t most, std::string code) {
  return {ErrorKind::kInvalid, std::string(what) + " is longer than " + std::to_string(most) + " bytes",
          "cut out what is meant, as with `substring(…)` or `regexExtract(…)`", std::move(code)};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads a text as a format says. Every method is false where the text is not so.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}

  bool read(char field) {
    switch (field) {
      case 'Y': return number(4, year_);
      case 'y': return number(2, year_) && (year_ += year_ < 69 ? 2000 : 1900, true);
      case 'm': return number(2, month_);
      case 'd': return number(2, day_);
      case 'e': return (rest_.starts_with(' ') ? (rest_.remove_prefix(1), true) : true) && number(2, day_);
      case 'H': return number(2, hour_) && hour_ < 24;
      case 'I': return number(2, hour_) && hour_ >= 1 && hour_ <= 12 && (hour_ %= 12, true);
      case 'p': return read_half();
      case 'M': return number(2, minute_) && minute_ < 60;
      case 'S': return number(2, second_) && second_ <= 60;
      case 'L': return read_fraction();
      case 'F': return read('Y') && literal('-') && read('m') && literal('-') && read('d');
      case 'R': return read('H') && literal(':') && read('M');
      case 'T': return read('R') && literal(':') && read('S');
      case 'B':
      case 'b': return read_month();
      case 'A':
      case 'a': return read_name(kWeekdays).has_value();
      case 's': return read_seconds();
      case 'z': return read_offset();
      default: return field == '%' && literal('%');
    }
  }

  bool literal(char c) {
    if (is_space(static_cast<unsigned char>(c))) {
      rest_ = rest_.substr(std::min(rest_.find_first_not_of(" \t\n"), rest_.size()));
      return true;
    }
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  [[nodiscard]] std::optional<Instant> take(const date::time_zone& zone) const {
    if (seconds_) return from_millis(*seconds_ * 1'000 + millis_);
    const auto ymd = date::year(year_) / date::month(static_cast<unsigned>(month_)) / date::day(static_cast<unsigned>(day_));
    if (!ymd.ok()) return std::nullopt;
    const auto local = date::local_days(ymd) + std::chrono::hours(hour_ + (afternoon_ ? 12 : 0)) +
                       std::chrono::minutes(minute_) + std::chrono::seconds(second_) + Duration(millis_);
    if (offset_) return Instant(Duration(local.time_since_epoch())) - *offset_;
    return std::chrono::time_point_cast<Duration>(zone.to_sys(local, date::choose::earliest));
  }

 private:
  // One digit less than the width is enough where what follows is none: `9.1.2026`.
  bool number(std::size_t width, int& value) {
    std::size_t digits = 0;
    while (digits < width && digits < rest_.size() && is_digit(rest_[digits])) ++digits;
    if (digits == 0 || (width == 4 && digits != 4)) return false;
    std::from_chars(rest_.data(), rest_.data() + digits, value);
    rest_.remove_prefix(digits);
    return true;
  }

  bool read_half() {
    const std::string half = to_upper(rest_.substr(0, 2));
    if (half != "AM" && half != "PM") return false;
    afternoon_ = half == "PM";
    rest_.remove_prefix(2);
    return true;
  }

  bool read_fraction() {
    int scale = 100;
    std::size_t digits = 0;
    for (; digits < rest_.size() && is_digit(rest_[digits]); ++digits, scale /= 10) millis_ += scale * (rest_[digits] - '0');
    rest_.remove_prefix(digits);
    return digits > 0;
  }

  bool read_seconds() {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), seconds);
    constexpr std::int64_t kMost = 1'000'000'000'000;
    if (error != std::errc() || seconds > kMost || seconds < -kMost) return false;
    seconds_ = seconds;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return true;
  }

  // `Z`, `+0100`, `+01:00`, whichever of the two the format has.
  bool read_offset() {
    if (rest_.starts_with('Z') || rest_.starts_with('z')) {
      offset_ = std::chrono::minutes(0);
      rest_.remove_prefix(1);
      return true;
    }
    if (!rest_.starts_with('+') && !rest_.starts_with('-')) return false;
    const bool negative = rest_.front() == '-';
    rest_.remove_prefix(1);
    int hours = 0, minutes = 0;
    if (!number(2, hours) || !(rest_.starts_with(':') ? literal(':') : true) || !number(2, minutes)) return false;
    if (hours > 23 || minutes > 59) return false;
    offset_ = std::chrono::minutes((negative ? -1 : 1) * (60 * hours + minutes));
    return true;
  }

  bool read_month() {
    const auto month = read_name(kMonths);
    if (month) month_ = static_cast<int>(*month) + 1;
    return month.has_value();
  }

  template <std::size_t Count>
  std::optional<std::size_t> read_name(const std::array<std::string_view, Count>& names) {
    for (std::size_t i = 0; i < Count; ++i) {
      for (const std::string_view name : {names[i], names[i].substr(0, 3)}) {
        if (!equal_folded(rest_.substr(0, name.size()), name)) continue;
        rest_.remove_prefix(name.size());
        return i;
      }
    }
    return std::nullopt;
  }

  std::string_view rest_;
  int year_ = 1970, month_ = 1, day_ = 1, hour_ = 0, minute_ = 0, second_ = 0, millis_ = 0;
  bool afternoon_ = false;
  std::optional<std::chrono::minutes> offset_;
  std::optional<std::int64_t> seconds_;
};

struct SpanUnit {
  std::string_view name;
  std::int64_t months;
  std::int64_t days;
  std::int64_t millis;
};
constexpr std::array kSpanUnits = {
    SpanUnit{"y", 12, 0, 0},        SpanUnit{"mo", 1, 0, 0},     SpanUnit{"w", 0, 7, 0},     SpanUnit{"d", 0, 1, 0},
    SpanUnit{"h", 0, 0, 3'600'000}, SpanUnit{"m", 0, 0, 60'000}, SpanUnit{"s", 0, 0, 1'000}, SpanUnit{"ms", 0, 0, 1},
};

}  // namespace

Result<Instant> read_time(std::string_view text, std::string_view format, const date::time_zone& zone) {
  if (text.size() > kLongestTime) return tl::unexpected(too_long("the text of the time", kLongestTime, "bad_time"));
  if (format.size() > kLongestTimeFormat) {
    return tl::unexpected(too_long("the format", kLongestTimeFormat, bad_format().code));
  }
  if (format.find('%') == std::string_view::npos) return tl::unexpected(bad_format());
  TimeReader reader(text);
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      if (!reader.literal(format[i])) return tl::unexpected(bad_time("of this format"));
      continue;
    }
    if (format.substr(i + 1).starts_with(":z")) ++i;
    ++i;
    constexpr std::string_view kFields = "YymdeHIpMSLFRTBbAasz%";
    if (i >= format.size() || kFields.find(format[i]) == std::string_view::npos) return tl::unexpected(bad_format());
    if (!reader.read(format[i])) return tl::unexpected(bad_time("of this format"));
  }
  const auto instant = reader.at_end() ? reader.take(zone) : std::nullopt;
  if (!instant || !is_writable(*instant)) return tl::unexpected(bad_time("of this format"));
  return *instant;
}

Result<Instant> read_usual_time(std::string_view text, const date::time_zone& zone) {
  if (text.size() > kLongestTime) return tl::unexpected(too_long("the text of the time", kLongestTime, "bad_time"));
  if (const auto instant = parse_instant(text)) return *instant;
  for (const std::string_view format : {"%F", "%FT%R", "%FT%T", "%F %R", "%F %T", "%FT%T.%L", "%F %T.%L"}) {
    if (const auto instant = read_time(text, format, zone)) return *instant;
  }
  return tl::unexpected(bad_time("in RFC 3339"));
}

Result<CalendarSpan> parse_span(std::string_view text) {
  const Error wrong{ErrorKind::kInvalid, "the text is not a span of time",
                    "write numbers and units: 30s, 5m, -4h, 7d, 2w, 1mo, 1y or 1h30m", "bad_duration"};
  if (text.size() > kLongestTime) return tl::unexpected(too_long("the span of time", kLongestTime, wrong.code));
  const std::int64_t sign = text.starts_with('-') ? -1 : 1;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return tl::unexpected(wrong);
  CalendarSpan span;
  while (!text.empty()) {
    std::int64_t count = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    constexpr std::int64_t kMost = 1'000'000'000'000;  // times a week's days, and summed up, it is still a number
    if (failure != std::errc() || text.front() == '-' || count > kMost) return tl::unexpected(wrong);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::string_view name = text.substr(0, text.find_first_of("0123456789"));
    const auto unit = std::find_if(kSpanUnits.begin(), kSpanUnits.end(), [&](const SpanUnit& u) { return u.name == name; });
    if (unit == kSpanUnits.end()) return tl::unexpected(wrong);
    span.months += sign * count * unit->months;
    span.days += sign * count * unit->days;
    const std::int64_t most = std::numeric_limits<std::int64_t>::max() / 8 / std::max<std::int64_t>(unit->millis, 1);
    const std::int64_t millis = std::min(count, most);
    span.exact += Duration(sign * millis * unit->millis);
    if (span.exact > Duration(kMost * 1'000) || span.exact < Duration(-kMost * 1'000)) return tl::unexpected(wrong);
    text.remove_prefix(name.size());
  }
  return span;
}

}  // namespace ipaas::language
