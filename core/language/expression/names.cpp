#include "core/language/expression/names.h"

#include <array>

#include "core/language/expression/folding.h"
#include "core/language/expression/functions.h"
#include "core/language/expression/lexer.h"
#include "core/language/suggest.h"

namespace ipaas::language {
namespace {

struct Replacement {
  std::string_view name;
  std::string_view instead;
};

// What GitHub Actions has and we have not, or have under another name.
constexpr std::array kContextsElsewhere = {
    Replacement{"secrets", "credentials never enter expressions: name one with `credential:` on the step"},
    Replacement{"github", "what happened is in `event` (`event.body` for `github.event`, `event.body.after` for a "
                          "push's `sha`), this run in `execution`"},
    Replacement{"env", "there are no environment variables: write `vars.<name>` for the tenant's, `inputs.<name>` for this run's"},
    Replacement{"needs", "a workflow has steps and no jobs: write `steps.<id>.outputs`"},
    Replacement{"jobs", "a workflow has steps and no jobs: write `steps.<id>.outputs`"},
    Replacement{"job", "a workflow has steps and no jobs: write `steps.<id>.outcome` or `execution.id`"},
    Replacement{"run", "there is no shell: call a connector with `uses:`"},
    Replacement{"runs-on", "there are no runners, every step runs in the daemon: leave `runs-on` out"},
    Replacement{"runner", "there are no runners, every step runs in the daemon: what there is of the run is in `execution`"},
    Replacement{"matrix", "there is no matrix: a loop's value is `item`"},
    Replacement{"strategy", "there is no matrix: a loop's value is `item`, its number `index`"},
    Replacement{"vars", "tenant variables are not available here: pass the value as an input"},
    Replacement{"item", "`item` exists only inside a loop"},
    Replacement{"index", "`index` exists only inside a loop"},
    Replacement{"failure", "`failure` exists only in `on-failure`"},
    Replacement{"wait", "`wait` exists only in the `notify` steps of a `wait-for`"},
    Replacement{"True", "write `true`"},
    Replacement{"False", "write `false`"},
    Replacement{"None", "write `null`"},
};

// What GitHub Actions has and we have not, and what people of other languages write first.
constexpr std::array kFunctionsElsewhere = {
    Replacement{"hashFiles", "a workflow has no files: `sha256(…)` is the digest of a string"},
    Replacement{"if", "write `case(condition, then, else)`"},
    Replacement{"iif", "write `case(condition, then, else)`"},
    Replacement{"concat", "write `format('{0}{1}', a, b)`, or `flatten(…)` for arrays"},
    Replacement{"toUpper", "write `upper(…)`"},
    Replacement{"toUpperCase", "write `upper(…)`"},
    Replacement{"toLower", "write `lower(…)`"},
    Replacement{"toLowerCase", "write `lower(…)`"},
    Replacement{"len", "write `length(…)`"},
    Replacement{"size", "write `length(…)`"},
    Replacement{"count", "write `length(…)`"},
    Replacement{"find", "write `first(filter(list, x => …))`"},
    Replacement{"includes", "write `contains(…)`"},
    Replacement{"toString", "write `format('{0}', x)`"},
    Replacement{"string", "write `format('{0}', x)`"},
    Replacement{"toNumber", "write `add(x, 0)`: a string that spells a number becomes one"},
    Replacement{"number", "write `add(x, 0)`: a string that spells a number becomes one"},
    Replacement{"date", "write `parseDate(…)` or `formatDate(…)`"},
};

std::string available(const ExpressionScope& scope) {
  if (scope.contexts.empty()) return "no contexts are available here";
  std::string list = "available here:";
  for (const std::string_view context : scope.contexts) list += " " + std::string(context);
  return list;
}

}  // namespace

Error unknown_context(std::string_view name, std::size_t offset, const ExpressionScope& scope) {
  std::string hint = did_you_mean(name, scope.contexts);
  if (hint.empty()) hint = available(scope);
  for (const Replacement& replacement : kContextsElsewhere) {
    if (equal_folded(replacement.name, name)) hint = replacement.instead;
  }
  const bool is_function = find_function(name) != nullptr || !find_status_function(name).empty();
  if (is_function) hint = "it is a function: call it with `(…)`";
  return expression_error(offset, "unknown_context", "there is no `" + std::string(name.substr(0, 64)) + "` here",
                          std::move(hint));
}

Error unknown_function(std::string_view name, std::size_t offset, const ExpressionScope& scope) {
  const std::string shown(name.substr(0, 64));
  if (!find_status_function(name).empty()) {
    return expression_error(offset, "unknown_function", "`" + shown + "()` cannot be asked here",
                            "it belongs into `if:`");
  }
  std::vector<std::string_view> known;
  for (const FunctionDoc& function : function_docs()) {
    if (scope.status_functions || find_status_function(function.name).empty()) known.push_back(function.name);
  }
  std::string hint = did_you_mean(name, known);
  for (const Replacement& replacement : kFunctionsElsewhere) {
    if (equal_folded(replacement.name, name)) hint = replacement.instead;
  }
  return expression_error(offset, "unknown_function", "there is no function `" + shown + "`", std::move(hint));
}

}  // namespace ipaas::language
