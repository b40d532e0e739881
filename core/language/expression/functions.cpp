#include "core/language/expression/functions.h"

#include <array>

#include "core/language/expression/folding.h"

namespace ipaas::language {
namespace {

constexpr std::size_t kManyArguments = 255;

constexpr std::array kFunctions = {
    Function{"contains", 2, 2, call_contains},
    Function{"startsWith", 2, 2, call_starts_with},
    Function{"endsWith", 2, 2, call_ends_with},
    Function{"format", 1, kManyArguments, call_format},
    Function{"join", 1, 2, call_join},
    Function{"toJSON", 1, 1, call_to_json},
    Function{"fromJSON", 1, 1, call_from_json},
    Function{"case", 3, kManyArguments, nullptr, call_case, true},
};

constexpr std::array<std::string_view, 4> kStatusFunctions = {"success", "failure", "always", "cancelled"};

}  // namespace

std::span<const Function> functions() { return kFunctions; }

const Function* find_function(std::string_view name) {
  for (const Function& function : kFunctions) {
    if (equal_folded(function.name, name)) return &function;
  }
  return nullptr;
}

std::string_view find_status_function(std::string_view name) {
  for (const std::string_view known : kStatusFunctions) {
    if (equal_folded(known, name)) return known;
  }
  return {};
}

Outcome call_case(Evaluation& evaluation, std::span<const NodePtr> arguments) {
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    const Outcome predicate = evaluation.evaluate(*arguments[i]);
    if (!predicate) return std::nullopt;
    if (predicate->kind() != Value::Kind::kBoolean) {
      return evaluation.fail_with("a predicate of `case` is not a boolean",
                                  "compare it, as in `case(x == 'a', …)`, or write `!!x`");
    }
    if (predicate->boolean()) return evaluation.evaluate(*arguments[i + 1]);
  }
  return evaluation.evaluate(*arguments.back());
}

}  // namespace ipaas::language
