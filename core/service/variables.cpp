#include "core/service/variables.h"

#include <algorithm>

#include "core/base/letter_case.h"

namespace ipaas::service {
namespace {

constexpr std::size_t kLongestName = 100;

/// As an expression can write it behind `vars.`.
bool is_name(const std::string& text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto more = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= kLongestName && letter(text.front()) && std::all_of(text.begin(), text.end(), more);
}

Result<void> check(const std::string& name, const Json& value) {
  if (!is_name(name)) {
    return fail(ErrorKind::kInvalid, "'" + name.substr(0, 40) + "' is not a name for a variable",
                "begin with a letter or an underscore, go on with letters, digits, - and _, at most " +
                    std::to_string(kLongestName),
                "bad_name");
  }
  if (dump_json(value).size() > kLongestVariable) {
    return fail(ErrorKind::kTooLarge, "the value of '" + name + "' is longer than 64 KiB",
                "split it, or have the workflow fetch it where it is");
  }
  return {};
}

}  // namespace

Result<std::vector<domain::Variable>> list_variables(const Context& context) {
  return require(context.caller, security::Permission::kWorkflowRead).and_then([&] {
    return context.reader.variables(context.caller.tenant);
  });
}

Result<domain::Variable> set_variable(const Context& context, const std::string& name, const Json& value) {
  if (auto allowed = require(context.caller, security::Permission::kVariableWrite); !allowed) {
    return tl::unexpected(allowed.error());
  }
  if (auto good = check(name, value); !good) return tl::unexpected(good.error());
  const auto known = context.reader.variables(context.caller.tenant);
  if (!known) return tl::unexpected(known.error());
  const std::string key = lower_case(name);
  const auto same = std::find_if(known->begin(), known->end(), [&](const auto& v) { return lower_case(v.name) == key; });
  if (same == known->end() && known->size() >= kMostVariables) {
    return fail(ErrorKind::kTooLarge, "the tenant has " + std::to_string(kMostVariables) + " variables already",
                "delete some, or put what belongs together into one object");
  }
  domain::Variable variable{context.caller.tenant, same == known->end() ? name : same->name, value, context.clock.now()};
  auto outcome = store::write_and_wait(
      context.writer, store::SetVariable{context.caller.tenant, variable, audit(context, "variable.set", variable.name)});
  if (!outcome) return tl::unexpected(outcome.error());
  context.runtime.variables_changed();
  return variable;
}

Result<void> delete_variable(const Context& context, const std::string& name) {
  if (auto allowed = require(context.caller, security::Permission::kVariableWrite); !allowed) return allowed;
  auto outcome = store::write_and_wait(
      context.writer, store::DeleteVariable{context.caller.tenant, name, audit(context, "variable.delete", name)});
  if (!outcome) return tl::unexpected(outcome.error());
  context.runtime.variables_changed();
  return {};
}

}  // namespace ipaas::service
