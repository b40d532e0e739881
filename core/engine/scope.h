// What the expressions of a workflow see while it runs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/execution.h"
#include "core/language/expression/expression.h"

namespace ipaas::engine {

/// The contexts `event`, `inputs`, `steps` and `execution`, the status functions, the decision's time and what `uuid()`
/// and `mask()` need, over one execution. Borrows the execution's data; each step is entered once, when it has ended.
/// For one thread.
class Scope final : public language::EvalContext {
 public:
  /// `now` is the time of the decision, and when an execution starts that has not started yet.
  Scope(const domain::ExecutionSnapshot& snapshot, Instant now);

  /// Makes an ended step visible as `steps.<path>`.
  void enter(const domain::Step& step);

  [[nodiscard]] bool failed() const { return failed_; }

  /// What is evaluated next belongs to this step, or to the output of this name: `uuid()` gives others there.
  void turn_to(std::string_view path) { path_ = path; }

  [[nodiscard]] const Json* context(std::string_view name) const override;
  [[nodiscard]] bool status_function(std::string_view name) const override;
  [[nodiscard]] std::optional<Instant> now() const override { return now_; }
  /// From the execution's stored seed, so that deciding once more gives the same ids.
  [[nodiscard]] std::optional<std::string> uuid_seed() const override;
  [[nodiscard]] bool mask(std::string_view text) const override;

  /// What `mask()` was given, in order.
  [[nodiscard]] std::vector<std::string> take_masked() { return std::move(masked_); }

 private:
  [[nodiscard]] const Json& execution() const;

  const domain::ExecutionSnapshot& snapshot_;
  Instant now_;
  std::string path_;
  mutable std::vector<std::string> masked_;  ///< grows while an expression is evaluated
  Json steps_ = Json::object();
  mutable Json execution_;  ///< made when it is first asked for, which is seldom
  bool failed_ = false;  ///< a step failed and was not softened
};

}  // namespace ipaas::engine
