#include "core/connectors/http_date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "core/connectors/http_text.h"

namespace ipaas::connectors {
namespace {

constexpr Duration kLongestWait = std::chrono::hours(24 * 7);

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};

struct Parts {
  std::string_view day, month, year, time;
};

std::optional<int> number(std::string_view text, std::size_t shortest, std::size_t longest) {
  if (text.size() < shortest || text.size() > longest) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<std::string_view> words_of(std::string_view text, char separator) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

/// The form is told by its words: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`,
/// `Sun Nov  6 08:49:37 1994`.
std::optional<Parts> split_date(std::string_view text) {
  const auto words = words_of(text, ' ');
  if (words.size() == 6 && words[0].ends_with(',') && words[5] == "GMT") {
    return Parts{words[1], words[2], words[3], words[4]};
  }
  if (words.size() == 4 && words[0].ends_with(',') && words[3] == "GMT") {
    const auto date = words_of(words[1], '-');
    if (date.size() != 3 || date[2].size() != 2) return std::nullopt;
    return Parts{date[0], date[1], date[2], words[2]};
  }
  if (words.size() == 5) return Parts{words[2], words[1], words[4], words[3]};
  return std::nullopt;
}

std::optional<std::chrono::seconds> time_of_day(std::string_view text) {
  const auto parts = words_of(text, ':');
  if (parts.size() != 3) return std::nullopt;
  const auto hour = number(parts[0], 2, 2);
  const auto minute = number(parts[1], 2, 2);
  const auto second = number(parts[2], 2, 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

int full_year(int two_digits, Instant now) {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  const int this_year = static_cast<int>(today.year());
  const int year = this_year / 100 * 100 + two_digits;
  return year > this_year + 50 ? year - 100 : year;
}

}  // namespace

std::optional<Instant> parse_http_date(std::string_view text, Instant now) {
  const auto parts = split_date(trim(text));
  if (!parts) return std::nullopt;
  const auto day = number(parts->day, 1, 2);
  const auto year = parts->year.size() == 2 ? number(parts->year, 2, 2) : number(parts->year, 4, 4);
  const auto month = std::find(kMonths.begin(), kMonths.end(), lower_case(parts->month));
  const auto time = time_of_day(parts->time);
  if (!day || !year || month == kMonths.end() || !time) return std::nullopt;
  const std::chrono::year_month_day date(
      std::chrono::year(parts->year.size() == 2 ? full_year(*year, now) : *year),
      std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
      std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return Instant(std::chrono::sys_days(date)) + *time;
}

std::optional<Duration> bounded_wait(double seconds) {
  if (std::isnan(seconds)) return std::nullopt;
  const double longest = std::chrono::duration<double>(kLongestWait).count();
  // Rounded up: to come back a moment early would be refused again.
  return Duration(static_cast<Duration::rep>(std::ceil(std::clamp(seconds, 0.0, longest) * 1000)));
}

std::optional<Duration> parse_retry_after(std::string_view text, Instant now) {
  text = trim(text);
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits) {
    const auto seconds = number(text, 1, 9);
    return seconds ? bounded_wait(*seconds) : kLongestWait;
  }
  const auto date = parse_http_date(text, now);
  if (!date) return std::nullopt;
  return std::clamp(*date - now, Duration::zero(), kLongestWait);
}

}  // namespace ipaas::connectors
