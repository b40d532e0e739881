// The daemon in one thread: what it does with events, facts and effects, and in which order it commits.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/base/ids.h"
#include "core/engine/group_claim.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/outside.h"

namespace ipaas::simulation {

/// One life of the daemon, as the crash rule of the architecture wants it lived. Everything in it is lost with it. What
/// could run at once on several threads is done in an order that the dice choose.
class Miniature {
 public:
  struct Parts {
    const Definitions& definitions;
    const Brain& brain;
    Witness& witness;
    Disk& disk;
    Receivers& receivers;
    Agenda& agenda;
    const WorldClock& clock;
    IdSource& ids;
    Dice& dice;
    Trace& trace;
    Adversity adversity;
    Mutation mutation;
    domain::BootId boot;
    /// A step has begun to wait for somebody.
    std::function<void(const domain::Execution&, const domain::Step&)> asks;
  };

  /// Something that starts an execution.
  struct Arrival {
    const Definition* definition = nullptr;
    domain::TriggerKind trigger = domain::TriggerKind::kManual;
    Json payload = Json::object();
    Json inputs = Json::object();
    std::optional<store::AcceptEvent::Dedupe> dedupe = {};
    std::optional<ExecutionId> end_of = {};
    std::optional<domain::Parent> parent = {};
    std::vector<std::string> held = {};
    int depth = 0;
    std::vector<WorkflowId> led_by = {};
  };
  using Accepted = std::function<void(const Result<store::Outcome>&, const ExecutionId&)>;
  using Decided = std::function<void()>;

  explicit Miniature(Parts parts);

  void accept(Arrival arrival, Accepted accepted = {});
  /// `decided` is called once the decision is committed, or where there is nothing to decide.
  void deliver(const ExecutionId& execution, engine::Fact fact, Decided decided = {});

  /// There is something to do without waiting.
  [[nodiscard]] bool is_busy() const;
  /// When effects are due that nobody has leased.
  [[nodiscard]] std::optional<Instant> due() const { return leasing_ ? std::nullopt : due_; }
  /// Does one thing. False: the process died of it.
  [[nodiscard]] bool work();

 private:
  /// What of a change has to be carried out once it is committed.
  struct Aftermath {
    std::vector<EffectId> finished;
    std::vector<domain::Effect> effects;
    Instant decided_at{};
    bool leased = false;
    std::int64_t revision = 0;
    domain::ExecutionStatus status{};
    bool ended = false;
  };
  struct Letter {
    engine::Fact fact;
    Decided decided;
    std::optional<Aftermath> unsure = {};  ///< the commit failed and may have happened: the next reading tells
  };
  /// A letter that was decided.
  struct Made {
    Letter letter;
    Aftermath aftermath = {};
    bool changes = true;
    std::optional<Result<store::Outcome>> outcome = {};
  };
  /// Decisions about one execution, each made upon the one before, on their way to the store.
  struct Chain {
    domain::ExecutionSnapshot snapshot;  ///< as it will be
    std::deque<Made> made = {};
    std::size_t settled = 0;
    std::size_t out = 0;
    bool complete = false;
    [[nodiscard]] const ExecutionId& execution() const { return snapshot.execution.id; }
  };
  using ChainPtr = std::shared_ptr<Chain>;
  struct Mailbox {
    std::deque<Letter> letters;
    bool busy = false;
    std::optional<domain::ExecutionSnapshot> snapshot;
    std::set<EffectId> calls;  ///< leased and not answered
  };
  using Completion = std::function<void(Result<store::Outcome>)>;

  // The threads: workers, writer, clockwork.
  void post(std::function<void()> task) { tasks_.push_back(std::move(task)); }
  void later(std::function<void()> task);
  void submit(Order order, Completion completion);
  [[nodiscard]] bool write();
  void lease_due();
  void wake_at(Instant due);

  // Intake.
  [[nodiscard]] domain::ExecutionSnapshot queued(Arrival& arrival, Instant now);
  void recover(const domain::ExecutionSnapshot& arrived, bool leased);
  void adopt(const domain::ExecutionSnapshot& snapshot, bool leased);

  // Decisions.
  void take_next(const ExecutionId& execution);
  void go_on(const ChainPtr& chain);
  void decide(const ChainPtr& chain, Letter letter);
  [[nodiscard]] bool add(const ChainPtr& chain, domain::ExecutionChange change, Letter letter, Cause cause);
  void take_outcome(Chain& chain, std::size_t number, Result<store::Outcome> outcome);
  void complete(Chain& chain);
  void finish(Chain& chain);
  void settle(const ExecutionId& execution, const Made& made);
  void committed(const ExecutionId& execution, const Aftermath& aftermath, const Letter& letter);
  [[nodiscard]] std::optional<Instant> look_again(const domain::Execution& execution, Instant now) const;
  void no_slot(const domain::Execution& execution, Letter letter, const store::Outcome& outcome);
  void put_back(const ExecutionId& execution, std::vector<Letter> letters, bool pause);
  void release(const ExecutionId& execution, std::optional<domain::ExecutionSnapshot> snapshot);
  [[nodiscard]] std::optional<domain::ExecutionSnapshot> read(const ExecutionId& execution);
  void announce_end(domain::ExecutionChange& change, Instant now) const;

  // Effects.
  void carry_out(const domain::Effect& effect, bool orphaned);
  void begin_call(const domain::Effect& effect);
  void send(const domain::Effect& effect);
  void answered(const domain::Effect& effect, engine::Fact fact);
  void start_child(const domain::Effect& effect);
  void child_accepted(const domain::Effect& effect, const Result<store::Outcome>& outcome, const ExecutionId& child);
  void cancel_child(const domain::Effect& effect);
  void report(const domain::Effect& effect);
  void announce(const domain::Effect& effect, std::size_t next);
  void finish(const domain::Effect& effect, Decided then = {});

  const Parts parts_;
  std::vector<std::function<void()>> tasks_;
  std::vector<std::pair<Order, Completion>> writes_;
  std::unordered_map<ExecutionId, Mailbox> mailboxes_;
  std::optional<Instant> due_ = Instant::min();  ///< what is in the store is not known yet
  bool leasing_ = false;
  bool lease_unsure_ = false;
  domain::BootId lease_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace ipaas::simulation
