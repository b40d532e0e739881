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
    Replacement{"github", "what happened is in `event` (`event.body`, `event.headers`), this run in `execution`"},
    Replacement{"env", "there are no environment variables: pass values as `inputs.<name>` or from a `set` step"},
    Replacement{"needs", "a workflow has steps and no jobs: write `steps.<id>.outputs`"},
    Replacement{"jobs", "a workflow has steps and no jobs: write `steps.<id>.outputs`"},
    Replacement{"job", "a workflow has steps and no jobs: write `steps.<id>.outcome` or `execution.id`"},
    Replacement{"run", "there is no shell: call a connector with `uses:`"},
    Replacement{"runs-on", "there are no runners: every step runs in the daemon"},
    Replacement{"runner", "there are no runners: every step runs in the daemon"},
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
  for (const Function& function : functions()) known.push_back(function.name);
  if (scope.status_functions) known.insert(known.end(), {"success", "failure", "always", "cancelled"});
  std::string hint = did_you_mean(name, known);
  if (equal_folded(name, "hashFiles")) hint = "a workflow has no files";
  return expression_error(offset, "unknown_function", "there is no function `" + shown + "`", std::move(hint));
}

}  // namespace ipaas::language
