// From the text of a cron expression to its fields.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/letter_case.h"
#include "core/language/cron.h"
#include "core/language/suggest.h"

namespace ipaas::language {
namespace {

struct Field {
  std::string_view name;
  int first;
  int last;
  std::string_view allowed;
  std::span<const std::string_view> names;  ///< of the values from `first` on
  bool makes_interval;                      ///< `*`, a range or a step makes the schedule follow the clock
};

constexpr std::array<std::string_view, 12> kMonthNames = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                          "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kWeekdayNames = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

constexpr Field kSecond{"second", 0, 59, "0-59", {}, true};
constexpr Field kMinute{"minute", 0, 59, "0-59", {}, true};
constexpr Field kHour{"hour", 0, 23, "0-23", {}, true};
constexpr Field kDayOfMonth{"day of month", 1, 31, "1-31, `L`, `L-3`, `15W`, `LW`", {}, false};
constexpr Field kMonth{"month", 1, 12, "1-12 or JAN-DEC", kMonthNames, false};
// Sunday is 0 and 7.
constexpr Field kDayOfWeek{"day of week", 0, 7, "0-7 or SUN-SAT, `5L`, `5#3`", kWeekdayNames, false};

struct Macro {
  std::string_view name;
  std::string_view fields;
};

constexpr std::array kMacros = {
    Macro{"@yearly", "0 0 1 1 *"}, Macro{"@annually", "0 0 1 1 *"}, Macro{"@monthly", "0 0 1 * *"},
    Macro{"@weekly", "0 0 * * 0"}, Macro{"@daily", "0 0 * * *"},    Macro{"@midnight", "0 0 * * *"},
    Macro{"@hourly", "0 * * * *"}, Macro{"@every_minute", "* * * * *"}, Macro{"@every_second", "* * * * * *"},
};

tl::unexpected<Error> bad(std::string message, std::string hint) {
  return fail(ErrorKind::kInvalid, std::move(message), std::move(hint), "bad_cron");
}

tl::unexpected<Error> bad_field(const Field& field, std::string_view text, std::string_view why = "is not understood") {
  return bad("the " + std::string(field.name) + " `" + std::string(text.substr(0, 40)) + "` " + std::string(why),
             "allowed: " + std::string(field.allowed) + ", with `*` `,` `-` `/`");
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> words_of(std::string_view text) {
  auto words = split(text, " \t");
  std::erase_if(words, [](std::string_view word) { return word.empty(); });
  return words;
}

// At most three digits: no field has more.
std::optional<int> number_of(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size() && text.size() <= 3;
  return whole && value >= 0 ? std::optional(value) : std::nullopt;
}

std::optional<int> value_of(const Field& field, std::string_view text) {
  const auto name = std::find(field.names.begin(), field.names.end(), text);
  if (name != field.names.end()) return field.first + static_cast<int>(name - field.names.begin());
  const auto number = number_of(text);
  return number && *number >= field.first && *number <= field.last ? number : std::nullopt;
}

struct Bits {
  std::uint64_t bits = 0;
  bool interval = false;
};

Result<Bits> parse_range(const Field& field, std::string_view text) {
  const auto step_parts = split(text, "/");
  if (step_parts.size() > 2) return bad_field(field, text);
  const auto ends = split(step_parts[0], "-");
  const bool star = step_parts[0] == "*";
  if (ends.size() > 2 || (star && ends.size() > 1)) return bad_field(field, text);
  const auto first = star ? std::optional(field.first) : value_of(field, ends[0]);
  // A step without an end goes to the field's end: `5/10` is `5-59/10`.
  const bool open_ended = star || (ends.size() == 1 && step_parts.size() == 2);
  auto last = ends.size() == 2 ? value_of(field, ends[1]) : open_ended ? std::optional(field.last) : first;
  if (!first || !last) return bad_field(field, text, "is out of range");
  // A range may end with Sunday, but Sunday alone is no week.
  if (field.names.data() == kWeekdayNames.data() && *first > 0 && *last == 0) last = 7;
  if (*last < *first) return bad_field(field, text, "runs backwards: write it as two ranges");
  const auto step = step_parts.size() == 2 ? number_of(step_parts[1]) : std::optional(1);
  if (!step || *step < 1 || *step > field.last) return bad_field(field, text, "has a step that is out of range");
  Bits result;
  for (int value = *first; value <= *last; value += *step) {
    result.bits |= std::uint64_t{1} << static_cast<unsigned>(value);
  }
  result.interval = field.makes_interval && (star || ends.size() == 2 || step_parts.size() == 2);
  return result;
}

Result<Bits> parse_list(const Field& field, std::string_view text) {
  Bits result;
  for (const std::string_view item : split(text, ",")) {
    if (item == "?" || item == "H") return bad_field(field, text, "is of another dialect: write `*` or a number");
    const auto range = parse_range(field, item);
    if (!range) return range;
    result.bits |= range->bits;
    result.interval |= range->interval;
  }
  return result;
}

// `L`, `L-3`, `15W`, `LW`, `L-3W`; false when the field is none of these.
bool parse_special_day(std::string_view text, CronDays& days) {
  std::string_view rest = text;
  days.nearest_weekday = rest.ends_with('W');
  if (days.nearest_weekday) rest.remove_suffix(1);
  days.last_day = rest.starts_with('L');
  if (days.last_day) {
    const auto before = rest.size() > 2 && rest[1] == '-' ? number_of(rest.substr(2)) : std::nullopt;
    days.before_last = before.value_or(0);
    return rest == "L" || (before && *before <= 30);
  }
  const auto day = value_of(kDayOfMonth, rest);
  if (days.nearest_weekday && day) days.nearest_to = *day;
  return days.nearest_weekday && day;
}

Result<void> parse_day_of_month(std::string_view text, CronDays& days) {
  days.any_day_of_month = text == "*";
  if (text.find_first_of("LW") != std::string_view::npos) {
    if (parse_special_day(text, days)) return {};
    return bad_field(kDayOfMonth, text);
  }
  const auto list = parse_list(kDayOfMonth, text);
  if (!list) return tl::unexpected(list.error());
  days.days_of_month = static_cast<std::uint32_t>(list->bits);
  return {};
}

// `5L`, `FRI#3`; false when the field is none of these.
bool parse_special_weekday(std::string_view text, CronDays& days) {
  const std::size_t hash = text.find('#');
  const bool last = hash == std::string_view::npos;
  const auto weekday = value_of(kDayOfWeek, last ? text.substr(0, text.size() - 1) : text.substr(0, hash));
  if (!weekday) return false;
  days.days_of_week = static_cast<std::uint8_t>(1U << static_cast<unsigned>(*weekday % 7));
  days.last_of_weekday = last;
  if (last) return true;
  days.nth = number_of(text.substr(hash + 1)).value_or(0);
  return days.nth >= 1 && days.nth <= 5;
}

Result<void> parse_day_of_week(std::string_view text, CronDays& days) {
  days.any_day_of_week = text == "*";
  if (text.ends_with('L') || text.find('#') != std::string_view::npos) {
    if (parse_special_weekday(text, days)) return {};
    return bad_field(kDayOfWeek, text);
  }
  const auto list = parse_list(kDayOfWeek, text);
  if (!list) return tl::unexpected(list.error());
  days.days_of_week = static_cast<std::uint8_t>((list->bits | list->bits >> 7U) & 0x7FU);
  return {};
}

Result<std::string> without_macro(std::string_view expression) {
  constexpr std::size_t kMaxLength = 256;
  if (expression.size() > kMaxLength) return bad("the cron expression is longer than 256 bytes", "list fewer values");
  std::string text = upper_case(expression);
  const auto words = words_of(text);
  if (words.size() != 1 || !words[0].starts_with('@')) return text;
  std::vector<std::string_view> names;
  for (const Macro& macro : kMacros) {
    if (upper_case(macro.name) == words[0]) return std::string(macro.fields);
    names.push_back(macro.name);
  }
  std::string hint = did_you_mean(words[0], names);
  if (hint.empty()) hint = "known are @yearly @monthly @weekly @daily @hourly";
  return bad("there is no schedule of that name", std::move(hint));
}

}  // namespace

/// Fills a CronSchedule field by field.
struct CronParser {
  CronSchedule schedule;

  template <typename Target>
  Result<void> read(const Field& field, std::string_view text, Target& target) {
    const auto list = parse_list(field, text);
    if (!list) return tl::unexpected(list.error());
    target = static_cast<Target>(list->bits);
    schedule.interval_ |= list->interval;
    return {};
  }

  Result<void> read_fields(std::span<const std::string_view> words) {
    const std::size_t minute = words.size() - 5;
    if (minute == 1) {
      if (auto read_second = read(kSecond, words[0], schedule.seconds_); !read_second) return read_second;
    }
    if (auto done = read(kMinute, words[minute], schedule.minutes_); !done) return done;
    if (auto done = read(kHour, words[minute + 1], schedule.hours_); !done) return done;
    if (auto done = parse_day_of_month(words[minute + 2], schedule.days_); !done) return done;
    if (auto done = read(kMonth, words[minute + 3], schedule.months_); !done) return done;
    return parse_day_of_week(words[minute + 4], schedule.days_);
  }
};

Result<CronSchedule> CronSchedule::parse(std::string_view expression) {
  const auto text = without_macro(expression);
  if (!text) return tl::unexpected(text.error());
  const auto words = words_of(*text);
  if (words.size() != 5 && words.size() != 6) {
    return bad("a cron expression has 5 fields, or 6 with seconds first; this has " + std::to_string(words.size()),
               "write minute, hour, day of month, month, day of week, as in `30 7 * * MON-FRI`");
  }
  CronParser parser;
  if (const auto done = parser.read_fields(words); !done) return tl::unexpected(done.error());
  if (!parser.schedule.ever_matches()) {
    return bad("the cron expression names a date that never comes", "check the day of month against the months");
  }
  return parser.schedule;
}

}  // namespace ipaas::language
