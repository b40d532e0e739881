// length, first, last, slice, range, flatten, unique.
#include <algorithm>
#include <cmath>
#include <set>

#include "core/language/expression/folding.h"
#include "core/language/expression/function_table.h"

namespace ipaas::language {
namespace {

/// A position that may count from the end, within 0 … size.
std::int64_t from_start(std::int64_t position, std::int64_t size) {
  return std::clamp<std::int64_t>(position < 0 ? position + size : position, 0, size);
}

bool flatten_into(Evaluation& evaluation, const Value& list, std::int64_t levels, ListMaker& flat) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Value item = list.item(i);
    const bool open = item.kind() == Value::Kind::kArray && levels > 0;
    if (open ? !evaluation.spend(1) || !flatten_into(evaluation, item, levels - 1, flat) : !flat.add(item)) return false;
  }
  return true;
}

}  // namespace

Outcome call_length(const Call& call) {
  const Value& value = call[0];
  if (value.kind() != Value::Kind::kText) return Value::number(static_cast<double>(value.size()));
  if (!call.evaluation.spend_scan(value.text().size())) return std::nullopt;
  return Value::number(static_cast<double>(count_code_points(value.text())));
}

Outcome call_first(const Call& call) { return call[0].size() == 0 ? Value() : call[0].item(0); }

Outcome call_last(const Call& call) { return call[0].size() == 0 ? Value() : call[0].item(call[0].size() - 1); }

Outcome call_slice(const Call& call) {
  const Value& value = call[0];
  const bool is_text = value.kind() == Value::Kind::kText;
  if (!call.evaluation.spend_scan(value.text().size())) return std::nullopt;
  const auto size = static_cast<std::int64_t>(is_text ? count_code_points(value.text()) : value.size());
  const auto start = whole_number(call, 1, "the start of `slice`");
  const auto end = call.has(2) ? whole_number(call, 2, "the end of `slice`") : std::optional(size);
  if (!start || !end) return std::nullopt;
  const auto first = static_cast<std::size_t>(from_start(*start, size));
  const auto last = static_cast<std::size_t>(std::max(from_start(*end, size), from_start(*start, size)));
  if (is_text) {
    const std::size_t from = code_point_offset(value.text(), first);
    return Value::text(value.text().substr(from, code_point_offset(value.text(), last) - from));
  }
  ListMaker items(call.evaluation);
  for (std::size_t i = first; i < last; ++i) {
    if (!items.add(value.item(i))) return std::nullopt;
  }
  return items.take();
}

Outcome call_range(const Call& call) {
  Evaluation& evaluation = call.evaluation;
  const double start = call.has(1) ? call[0].to_number() : 0;
  const double end = call[call.has(1) ? 1 : 0].to_number();
  const double step = call.has(2) ? call[2].to_number() : 1;
  if (!std::isfinite(start) || !std::isfinite(end) || !std::isfinite(step) || step == 0) {
    return evaluation.fail_with("`range` takes finite numbers and a step that is not 0");
  }
  const double count = std::max(0.0, std::ceil((end - start) / step));
  constexpr double kMost = 1e9;
  const auto items = static_cast<std::size_t>(std::min(count, kMost));
  if (!evaluation.spend(items) || !evaluation.reserve(items * sizeof(Value))) return std::nullopt;
  Value::List list;
  list.reserve(items);
  for (std::size_t i = 0; i < items; ++i) list.push_back(Value::number(start + static_cast<double>(i) * step));
  return evaluation.keep_list(std::move(list));
}

Outcome call_flatten(const Call& call) {
  const auto levels = call.has(1) ? whole_number(call, 1, "the depth of `flatten`") : std::optional<std::int64_t>(1);
  if (!levels) return std::nullopt;
  ListMaker flat(call.evaluation);
  if (!flatten_into(call.evaluation, call[0], *levels, flat)) return std::nullopt;
  return flat.take();
}

Outcome call_unique(const Call& call) {
  Evaluation& evaluation = call.evaluation;
  std::set<std::string> seen;
  ListMaker kept(evaluation);
  for (std::size_t i = 0; i < call[0].size(); ++i) {
    const Value item = call[0].item(i);
    const Outcome key = call.lambda == nullptr
                            ? item
                            : evaluation.call(*call.lambda, {item, Value::number(static_cast<double>(i))});
    if (!key) return std::nullopt;
    auto identity = identity_text(evaluation, *key);
    constexpr std::size_t kNode = 96;
    if (!identity || !evaluation.reserve(kNode)) return std::nullopt;
    if (seen.insert(std::move(*identity)).second && !kept.add(item)) return std::nullopt;
  }
  return kept.take();
}

}  // namespace ipaas::language
