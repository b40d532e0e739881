// now, parseDate, formatDate, dateAdd, dateDiff.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/time_text.h"
#include "core/language/expression/function_table.h"
#include "core/language/expression/time_format.h"

namespace ipaas::language {
namespace {

constexpr std::size_t kCostOfTime = 20;
/// A zone is looked up by its name, and its changes are searched for the one that holds.
constexpr std::size_t kCostOfZone = 100;

template <typename Found>
std::optional<Found> found_or_fail(Evaluation& evaluation, std::string_view function, Result<Found> result) {
  if (result) return std::move(*result);
  evaluation.fail_with("`" + std::string(function) + "`: " + result.error().message, result.error().hint);
  return std::nullopt;
}

Outcome keep_text(Evaluation& evaluation, std::string text) {
  if (!evaluation.reserve(text.size())) return std::nullopt;
  return evaluation.keep(std::move(text));
}

Outcome keep_instant(Evaluation& evaluation, Instant instant) { return keep_text(evaluation, format_instant(instant)); }

/// UTC where none is given. nullptr after a failure.
const date::time_zone* zone_of(const Call& call, std::size_t index, std::string_view function) {
  const std::string_view name = call.has(index) ? call[index].text() : "UTC";
  if (!call.evaluation.spend(call.has(index) ? kCostOfZone : kCostOfTime)) return nullptr;
  const auto zone = find_time_zone(name);
  if (zone) return *zone;
  call.evaluation.fail_with("`" + std::string(function) + "`: there is no such time zone",
                            "use an IANA name such as `Europe/Berlin` or `UTC`");
  return nullptr;
}

std::optional<Instant> from_unix(double seconds) {
  constexpr double kMost = 1e12;
  if (!(std::abs(seconds) < kMost)) return std::nullopt;
  const Instant instant = from_millis(static_cast<std::int64_t>(std::round(seconds * 1'000)));
  return is_writable(instant) ? std::optional(instant) : std::nullopt;
}

/// A text in RFC 3339 or one of its shorter forms, or a number of Unix seconds. Empty after a failure.
std::optional<Instant> time_of(const Call& call, std::size_t index, std::string_view function, const date::time_zone& zone) {
  if (!call.evaluation.spend(kCostOfTime)) return std::nullopt;
  if (call[index].kind() == Value::Kind::kText) {
    return found_or_fail(call.evaluation, function, read_usual_time(call[index].text(), zone));
  }
  const auto instant = from_unix(call[index].to_number());
  if (!instant) {
    call.evaluation.fail_with("`" + std::string(function) + "`: the number is no time between the years 0 and 9999",
                              "give Unix seconds; divide milliseconds by 1000");
  }
  return instant;
}

struct Unit {
  std::string_view name;
  double millis;
};
constexpr std::array kUnits = {Unit{"ms", 1},    Unit{"s", 1e3},     Unit{"m", 6e4},
                               Unit{"h", 3.6e6}, Unit{"d", 8.64e7}, Unit{"w", 6.048e8}};

}  // namespace

Outcome call_now(const Call& call) {
  const auto now = call.evaluation.context().now();
  if (!now) return call.evaluation.fail_with("`now` cannot be asked here", "take the time from the event or the execution");
  return keep_instant(call.evaluation, *now);
}

Outcome call_parse_date(const Call& call) {
  const auto* zone = zone_of(call, 2, "parseDate");
  if (zone == nullptr) return std::nullopt;
  if (!call.has(1) || call[0].kind() == Value::Kind::kNumber) {
    const auto instant = time_of(call, 0, "parseDate", *zone);
    return instant ? keep_instant(call.evaluation, *instant) : std::nullopt;
  }
  if (!call.evaluation.spend(kCostOfTime + std::min(call[1].text().size(), kLongestTimeFormat))) return std::nullopt;
  const auto instant =
      found_or_fail(call.evaluation, "parseDate", read_time(call[0].text(), call[1].text(), *zone));
  return instant ? keep_instant(call.evaluation, *instant) : std::nullopt;
}

Outcome call_format_date(const Call& call) {
  const auto* zone = zone_of(call, 2, "formatDate");
  if (zone == nullptr) return std::nullopt;
  const auto instant = time_of(call, 0, "formatDate", *zone);
  // A field of two letters becomes 25 at most: the name of a zone aside, a day, a point and a time.
  const std::size_t size = 16 * call[1].text().size();
  if (!instant || !call.evaluation.spend(size / 8) || !call.evaluation.has_room(size)) return std::nullopt;
  auto text = found_or_fail(call.evaluation, "formatDate", format_time(*instant, call[1].text(), *zone));
  return text ? keep_text(call.evaluation, std::move(*text)) : std::nullopt;
}

Outcome call_date_add(const Call& call) {
  const auto* zone = zone_of(call, 2, "dateAdd");
  if (zone == nullptr) return std::nullopt;
  const auto instant = time_of(call, 0, "dateAdd", *zone);
  if (!instant || !call.evaluation.spend_scan(call[1].text().size())) return std::nullopt;
  const auto span = found_or_fail(call.evaluation, "dateAdd", parse_span(call[1].text()));
  if (!span) return std::nullopt;
  const auto moved = add_span(*instant, *span, *zone);
  if (!moved) return call.evaluation.fail_with("`dateAdd` leaves the years 0 to 9999");
  return keep_instant(call.evaluation, *moved);
}

Outcome call_date_diff(const Call& call) {
  const std::string_view name = call.has(2) ? call[2].text() : "s";
  const auto* unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& known) { return known.name == name; });
  if (unit == kUnits.end()) return call.evaluation.fail_with("the unit of `dateDiff` is none of ms, s, m, h, d and w");
  const auto* zone = zone_of(call, 3, "dateDiff");
  if (zone == nullptr) return std::nullopt;
  const auto from = time_of(call, 0, "dateDiff", *zone);
  if (!from) return std::nullopt;
  const auto to = time_of(call, 1, "dateDiff", *zone);
  if (!to) return std::nullopt;
  return Value::number(static_cast<double>((*to - *from).count()) / unit->millis);
}

}  // namespace ipaas::language
