// The engine, and what a mutation makes of it.
#pragma once

#include "core/engine/decide.h"
#include "tests/simulation/setting.h"

namespace ipaas::simulation {

/// Decides as the engine does, or with one defect. Immutable.
class Brain {
 public:
  explicit Brain(Mutation mutation) : mutation_(mutation) {}

  [[nodiscard]] std::optional<engine::Decision> decide(const language::Workflow& workflow,
                                                       const domain::ExecutionSnapshot& snapshot, engine::Fact fact,
                                                       Instant now) const;

 private:
  void spoil(const domain::ExecutionSnapshot& before, const engine::Fact& fact, domain::ExecutionChange& change) const;

  const Mutation mutation_;
};

}  // namespace ipaas::simulation
