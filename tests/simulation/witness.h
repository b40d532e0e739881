// Sees every commit and everything that is carried out, and knows what must never be.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/store/store.h"
#include "tests/simulation/brain.h"
#include "tests/simulation/setting.h"

namespace ipaas::simulation {

/// What a change was decided on.
struct Cause {
  engine::Fact fact;
  Instant now{};
  bool decided = true;  ///< false: the execution was only put in the queue
  /// When the effects of the snapshot were due: the store moves that, for a start that is parked or an orphan.
  std::vector<std::pair<EffectId, Instant>> dues = {};
};

/// Keeps a model of its own of what is in the store. Every member throws Violation.
class Witness {
 public:
  Witness(const Definitions& definitions, const Brain& brain) : definitions_(definitions), brain_(brain) {}

  /// A write took place. `base` is what a new execution was before its first decision.
  void committed(const store::Write& write, const Cause* cause, const domain::ExecutionSnapshot* base,
                 const store::Outcome& outcome);
  /// A write took place, and whoever made it was told that it may not have.
  void left_in_doubt(const store::Write& write);
  /// The daemon decides on what is committed, and has nothing in doubt.
  void knows_all_of(const ExecutionId& execution);
  /// Everything that was in memory is lost.
  void restarted();
  /// An effect leaves the house: a call is sent, a child started, somebody told. Of an `orphaned` call nothing is sent.
  void carried_out(const domain::Effect& effect, bool orphaned);
  /// The receiver's answer has reached the daemon.
  void answered(const EffectId& effect, const engine::Fact& fact);

  /// Nobody reads a log line twice, out of order, or misses one.
  void follow_log(store::Reader& reader);
  /// The store holds what was committed, and the engine decides all of it once more in the same way.
  void compare(store::Reader& reader);
  /// Nothing more will happen.
  void at_rest();

  [[nodiscard]] std::vector<ExecutionId> live() const;
  [[nodiscard]] std::size_t decisions() const { return decisions_; }
  [[nodiscard]] std::size_t executions() const { return records_.size(); }
  [[nodiscard]] std::size_t calls() const { return calls_; }

 private:
  struct Decided {
    Cause cause;
    std::string change;  ///< as canonical text, but for what the dispatcher adds
    std::optional<domain::ExecutionChange> given;  ///< where it was no decision
  };
  /// Every try of a step's call that has left the house.
  struct Sends {
    std::string key;
    std::string inputs;
    int count = 0;
    int deferred = 0;
    EffectId last;
    /// What became of the last one, as far as anybody can know; nothing as long as its answer is out.
    std::optional<engine::FailureClass> failure;
    bool succeeded = false;
  };
  struct Record {
    const Definition* definition = nullptr;
    domain::ExecutionSnapshot base;
    domain::ExecutionSnapshot now;
    std::vector<Decided> decisions;
    std::map<std::string, Sends> sends;  ///< by step path
    std::set<EffectId> effects;          ///< every one that was ever decided
    std::size_t children = 0;
    std::size_t told = 0;  ///< ends of children that were decided upon
    /// A decision was committed of which the daemon does not know yet: it may send what it knows of.
    bool in_doubt = false;
  };

  void accepted(const store::AcceptEvent& write, const Cause* cause, const domain::ExecutionSnapshot* base);
  void advanced(const store::AdvanceExecution& write, const Cause* cause);
  void take(Record& record, const domain::ExecutionChange& change, const Cause* cause);
  void check_called_again(const domain::Parent& parent) const;
  [[nodiscard]] bool may_be_called_twice(const domain::Parent& parent) const;
  [[nodiscard]] std::string doubt_of(const ExecutionId& execution) const;
  void check_steps(const Record& record, const domain::ExecutionChange& change) const;
  void check_effects(const Record& record, const domain::ExecutionChange& change) const;
  void check_head(const Record& record, const domain::ExecutionChange& change) const;
  void check_slots(const std::string& group) const;
  void note_lease(const std::vector<domain::Effect>& effects);
  void check_call(Record& record, const domain::Effect& effect);
  void check_repeat(const Record& record, const domain::Effect& effect, const Sends& sends) const;
  void replay(const Record& record) const;
  [[noreturn]] void broken(const ExecutionId& execution, const std::string& what) const;

  const Definitions& definitions_;
  const Brain& brain_;
  std::map<ExecutionId, Record> records_;
  std::map<EffectId, ExecutionId> started_by_;  ///< children, by the effect that started them
  std::set<EffectId> leased_;                   ///< to the present life, and not carried out yet
  std::unordered_map<std::string, std::string> owner_of_key_;
  std::vector<std::pair<ExecutionId, std::string>> log_;  ///< as it has to be read
  domain::LogSequence followed_ = 0;
  std::size_t calls_ = 0;
  std::size_t decisions_ = 0;
};

}  // namespace ipaas::simulation
