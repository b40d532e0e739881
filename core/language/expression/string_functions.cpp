// lower, upper, trim, replace, split, substring, padStart. Positions and lengths count code points.
#include <algorithm>
#include <cstring>

#include "core/language/expression/folding.h"
#include "core/language/expression/function_table.h"

namespace ipaas::language {
namespace {

// A letter and its other case may differ by a byte or two.
constexpr std::size_t kCaseGrowth = 3;

Outcome with_case(const Call& call, std::string (*change)(std::string_view)) {
  const std::string_view text = call[0].text();
  if (!call.evaluation.spend_scan(kCaseGrowth * text.size()) || !call.evaluation.has_room(kCaseGrowth * text.size())) {
    return std::nullopt;
  }
  std::string changed = change(text);
  if (!call.evaluation.reserve(changed.size())) return std::nullopt;
  return call.evaluation.keep(std::move(changed));
}

// memmem is linear whatever the texts are; string_view::find is not.
std::size_t find_from(std::string_view text, std::string_view sought, std::size_t from) {
  const void* found = memmem(text.data() + from, text.size() - from, sought.data(), sought.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

/// Calls `part` for each piece between two separators; false once that is.
template <typename Part>
bool each_part(std::string_view text, std::string_view separator, Part part) {
  std::size_t at = 0;
  for (std::size_t found = find_from(text, separator, 0); found != std::string_view::npos;
       found = find_from(text, separator, at)) {
    if (!part(text.substr(at, found - at), false)) return false;
    at = found + separator.size();
  }
  return part(text.substr(at), true);
}

bool split_to_code_points(std::string_view text, ListMaker& parts) {
  while (!text.empty()) {
    const std::size_t length = code_point_offset(text, 1);
    if (!parts.add(Value::text(text.substr(0, length)))) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

Outcome call_lower(const Call& call) { return with_case(call, to_lower); }

Outcome call_upper(const Call& call) { return with_case(call, to_upper); }

Outcome call_trim(const Call& call) {
  if (!call.evaluation.spend_scan(call[0].text().size())) return std::nullopt;
  return Value::text(trim_space(call[0].text()));
}

Outcome call_replace(const Call& call) {
  Evaluation& evaluation = call.evaluation;
  const std::string_view text = call[0].text();
  const std::string_view sought = call[1].text();
  const std::string_view replacement = call[2].text();
  if (sought.empty()) return evaluation.fail_with("`replace` was given an empty string to look for");
  if (!evaluation.spend_scan(text.size())) return std::nullopt;
  std::string replaced;
  const bool done = each_part(text, sought, [&](std::string_view part, bool last) {
    const std::string_view after = last ? std::string_view() : replacement;
    const std::size_t size = part.size() + after.size();
    if (!evaluation.spend(1) || !evaluation.spend_scan(size + sought.size()) || !evaluation.reserve(size)) return false;
    replaced.append(part).append(after);
    return true;
  });
  if (!done) return std::nullopt;
  return evaluation.keep(std::move(replaced));
}

Outcome call_split(const Call& call) {
  const std::string_view text = call[0].text();
  const std::string_view separator = call[1].text();
  if (!call.evaluation.spend_scan(text.size())) return std::nullopt;
  ListMaker parts(call.evaluation);
  const auto add = [&](std::string_view part, bool) {
    return call.evaluation.spend_scan(separator.size()) && parts.add(Value::text(part));
  };
  const bool done = separator.empty() ? split_to_code_points(text, parts) : each_part(text, separator, add);
  if (!done) return std::nullopt;
  return parts.take();
}

Outcome call_substring(const Call& call) {
  const std::string_view text = call[0].text();
  if (!call.evaluation.spend_scan(text.size())) return std::nullopt;
  const auto start = whole_number(call, 1, "the start of `substring`");
  const auto end = call.has(2) ? whole_number(call, 2, "the end of `substring`")
                               : std::optional(static_cast<std::int64_t>(text.size()));
  if (!start || !end) return std::nullopt;
  const std::size_t first = code_point_offset(text, static_cast<std::size_t>(std::max<std::int64_t>(*start, 0)));
  const std::size_t last = code_point_offset(text, static_cast<std::size_t>(std::max<std::int64_t>(*end, 0)));
  return Value::text(first < last ? text.substr(first, last - first) : std::string_view());
}

Outcome call_pad_start(const Call& call) {
  Evaluation& evaluation = call.evaluation;
  const std::string_view text = call[0].text();
  const std::string_view fill = call.has(2) ? call[2].text() : " ";
  const auto wanted = whole_number(call, 1, "the length of `padStart`");
  if (!wanted || !evaluation.spend_scan(text.size() + fill.size())) return std::nullopt;
  if (fill.empty()) return evaluation.fail_with("`padStart` was given an empty string to fill with");
  const auto length = static_cast<std::int64_t>(count_code_points(text));
  if (*wanted <= length) return call[0];
  const auto missing = static_cast<std::size_t>(*wanted - length);
  const std::size_t fill_length = count_code_points(fill);
  const std::size_t times = missing / fill_length;
  const std::string_view rest = fill.substr(0, code_point_offset(fill, missing % fill_length));
  // Divided, since the product of a huge length and a long text may not be a number any more.
  if (!evaluation.spend(1 + times / 8) || !evaluation.has_room(times)) return std::nullopt;
  if (!evaluation.reserve(times * fill.size() + rest.size() + text.size())) return std::nullopt;
  std::string padded;
  padded.reserve(times * fill.size() + rest.size() + text.size());
  for (std::size_t i = 0; i < times; ++i) padded += fill;
  return evaluation.keep(padded.append(rest).append(text));
}

}  // namespace ipaas::language
