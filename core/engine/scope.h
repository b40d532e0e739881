// What the expressions of a workflow see while it runs.
#pragma once

#include <string_view>

#include "core/domain/execution.h"
#include "core/language/expression/expression.h"

namespace ipaas::engine {

/// The contexts `event`, `inputs`, `steps` and `execution`, and the status functions, over one execution. Borrows the
/// execution's data; each step is entered once, when it has ended. For one thread.
class Scope final : public language::EvalContext {
 public:
  /// `now` is when an execution starts that has not started yet.
  Scope(const domain::ExecutionSnapshot& snapshot, Instant now);

  /// Makes an ended step visible as `steps.<path>`.
  void enter(const domain::Step& step);

  [[nodiscard]] bool failed() const { return failed_; }

  [[nodiscard]] const Json* context(std::string_view name) const override;
  [[nodiscard]] bool status_function(std::string_view name) const override;

 private:
  [[nodiscard]] const Json& execution() const;

  const domain::ExecutionSnapshot& snapshot_;
  Instant now_;
  Json steps_ = Json::object();
  mutable Json execution_;  ///< made when it is first asked for, which is seldom
  bool failed_ = false;  ///< a step failed and was not softened
};

}  // namespace ipaas::engine
