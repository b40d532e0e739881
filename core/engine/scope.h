// What the expressions of a workflow see while it runs.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/decide.h"
#include "core/engine/draft.h"
#include "core/engine/route.h"
#include "core/language/expression/expression.h"

namespace ipaas::engine {

/// The contexts of one place of one execution, the status functions, the decision's time and what `uuid()` and `mask()`
/// need. Borrows everything; what it made stays valid until it is turned elsewhere. For one thread.
class Scope final : public language::EvalContext {
 public:
  /// `now` is the time of the decision, and when an execution starts that has not started yet.
  Scope(const language::Workflow& workflow, const Draft& draft, const Route& route, Instant now, const WaitLinks* links)
      : workflow_(workflow), draft_(draft), route_(route), now_(now), links_(links) {}

  /// What is evaluated next belongs to this step, or to the output of this name: `uuid()` gives others there.
  void turn_to(std::string_view path);

  [[nodiscard]] const Json* context(std::string_view name) const override;
  [[nodiscard]] std::optional<const Json*> property(std::string_view context, std::string_view key,
                                                    std::string_view property) const override;
  [[nodiscard]] bool status_function(std::string_view name) const override;
  [[nodiscard]] std::optional<Instant> now() const override { return now_; }
  /// From the execution's stored seed, so that deciding once more gives the same ids.
  [[nodiscard]] std::optional<std::string> uuid_seed() const override;
  [[nodiscard]] bool mask(std::string_view text) const override;
  void spent(std::size_t operations) const override { spent_ += operations; }

  /// Has a step in front of this place failed, in its own list?
  [[nodiscard]] bool failed_before(const Place& place) const;

  /// What `mask()` was given, in order.
  [[nodiscard]] std::vector<std::string> take_masked() { return std::move(masked_); }
  /// Operations of all expressions so far.
  [[nodiscard]] std::size_t operations() const { return spent_; }

 private:
  /// Keeps a value until the scope is turned elsewhere.
  const Json* keep(Json value) const { return &made_.emplace_back(std::move(value)); }
  /// A step that has ended, as it is seen from here.
  [[nodiscard]] const domain::Step* seen(std::string_view id) const;
  [[nodiscard]] const domain::Step* ended(std::string_view id) const;
  [[nodiscard]] const Json* part(const domain::Step& step, std::string_view property) const;
  /// The innermost place around whose step is of this kind.
  template <typename Kind>
  [[nodiscard]] const Place* around() const;
  [[nodiscard]] const Json* item() const;
  [[nodiscard]] const Json* index() const;
  [[nodiscard]] const Json* wait() const;
  [[nodiscard]] Json all_steps() const;
  [[nodiscard]] Json execution() const;
  [[nodiscard]] Json failure() const;

  const language::Workflow& workflow_;
  const Draft& draft_;
  const Route& route_;
  const Instant now_;
  const WaitLinks* const links_;
  std::string path_;
  mutable std::vector<std::string> masked_;  ///< grows while an expression is evaluated
  mutable std::deque<Json> made_;
  mutable std::size_t spent_ = 0;
};

}  // namespace ipaas::engine
