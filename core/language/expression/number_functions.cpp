// add, sub, mul, div, mod, round, floor, ceil, min, max, sum, abs: IEEE 754 doubles, as everywhere in the language.
#include <algorithm>
#include <cmath>

#include "core/language/expression/function_table.h"
#include "core/language/expression/numbers.h"

namespace ipaas::language {
namespace {

Outcome with_number(const Call& call, double (*compute)(double)) { return Value::number(compute(call[0].to_number())); }

/// Calls `take` for each number among the arguments and in their arrays.
template <typename Take>
bool each_number(const Call& call, std::string_view function, Take take) {
  const auto one = [&](const Value& value) {
    if (!call.evaluation.spend(1) || !call.evaluation.spend_scan(value.text().size())) return false;
    const auto number = as_number(value);
    if (!number) {
      call.evaluation.fail_with("`" + std::string(function) + "` takes numbers, not " + std::string(type_name(value.kind())),
                                "what may be missing can be given a default, as in `map(list, x => coalesce(x.total, 0))`");
      return false;
    }
    take(*number);
    return true;
  };
  for (const Value& argument : call.arguments) {
    if (argument.kind() != Value::Kind::kArray) {
      if (!one(argument)) return false;
      continue;
    }
    for (std::size_t i = 0; i < argument.size(); ++i) {
      if (!one(argument.item(i))) return false;
    }
  }
  return true;
}

Outcome extreme(const Call& call, std::string_view name, bool greatest) {
  std::optional<double> found;
  const bool done = each_number(call, name, [&](double number) {
    const bool better = !found || std::isnan(number) || (greatest ? number > *found : number < *found);
    if (better && !(found && std::isnan(*found))) found = number;
  });
  if (!done) return std::nullopt;
  return found ? Value::number(*found) : Value();
}

// Halves go up, as in ECMAScript; adding a half would round 0.49999999999999994 up, too.
double round_half_up(double number) {
  const double below = std::floor(number);
  return number - below >= 0.5 ? below + 1 : below;
}

// Shifts the point in the number's decimal form, so that 1.005 with 2 digits is 1.01, which no multiplication gives.
double shifted(double number, std::int64_t digits) {
  const std::string text = exact_number_text(number);
  const std::size_t e = text.find('e');
  const std::int64_t exponent = e == std::string::npos ? 0 : std::stoll(text.substr(e + 1));
  return parse_number(text.substr(0, e) + "e" + std::to_string(exponent + digits));
}

}  // namespace

Outcome call_add(const Call& call) {
  double result = 0;
  for (const Value& argument : call.arguments) result += argument.to_number();
  return Value::number(result);
}

Outcome call_sub(const Call& call) { return Value::number(call[0].to_number() - call[1].to_number()); }

Outcome call_mul(const Call& call) {
  double result = 1;
  for (const Value& argument : call.arguments) result *= argument.to_number();
  return Value::number(result);
}

Outcome call_div(const Call& call) { return Value::number(call[0].to_number() / call[1].to_number()); }

Outcome call_mod(const Call& call) { return Value::number(std::fmod(call[0].to_number(), call[1].to_number())); }

Outcome call_round(const Call& call) {
  const double number = call[0].to_number();
  if (!std::isfinite(number)) return Value::number(number);
  if (!call.has(1)) return Value::number(round_half_up(number));
  const auto digits = whole_number(call, 1, "the digits of `round`");
  // Its decimal form is written and read twice.
  constexpr std::size_t kCost = 30;
  if (!digits || !call.evaluation.spend(kCost)) return std::nullopt;
  // Beyond these there is nothing to round, or nothing is left.
  constexpr std::int64_t kMost = 400;
  const std::int64_t places = std::clamp(*digits, -kMost, kMost);
  const double moved = shifted(number, places);
  if (!std::isfinite(moved)) return Value::number(number);
  return Value::number(shifted(round_half_up(moved), -places));
}

Outcome call_floor(const Call& call) { return with_number(call, std::floor); }

Outcome call_ceil(const Call& call) { return with_number(call, std::ceil); }

Outcome call_abs(const Call& call) { return with_number(call, std::fabs); }

Outcome call_min(const Call& call) { return extreme(call, "min", false); }

Outcome call_max(const Call& call) { return extreme(call, "max", true); }

Outcome call_sum(const Call& call) {
  double result = 0;
  if (!each_number(call, "sum", [&](double number) { result += number; })) return std::nullopt;
  return Value::number(result);
}

}  // namespace ipaas::language
