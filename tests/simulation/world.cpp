#include "tests/simulation/world.h"

#include "core/store/memory_store.h"
#include "core/store/sqlite/sqlite_store.h"
#include "tests/simulation/generator.h"
#include "tests/simulation/miniature.h"
#include "tests/support/fake_sealer.h"
#include "tests/support/store_fixtures.h"

namespace ipaas::simulation {
namespace {

constexpr int kMostSteps = 60'000;
constexpr int kMostCrashes = 6;

std::unique_ptr<store::Store> open_store(bool sqlite, const std::optional<test::TemporaryFolder>& folder, test::FakeSealer& sealer) {
  if (!sqlite) return store::make_memory_store();
  auto opened = store::open_sqlite(folder->path() / "store.db", sealer);
  if (!opened) throw std::logic_error(to_string(opened.error()));
  return *std::move(opened);
}

/// Each kind of chance has dice of its own, so that leaving one kind out disturbs the others little.
Dice dice_for(const Plan& plan, std::uint64_t purpose) { return Dice(plan.seed * 16 + purpose); }

class World {
 public:
  explicit World(const Plan& plan)
      : plan_(plan),
        text_([&] {
          Dice dice = dice_for(plan, 0);
          return generate_workflows(dice);
        }()),
        definitions_(text_),
        disk_(open_store(plan.sqlite, folder_, sealer_), witness_, dice_for(plan, 1), plan.adversity.disk_faults, plan.mutation) {
    apply();
    plan_arrivals();
    if (plan_.adversity.clock_steps) plan_clock_steps();
    live_on();
  }

  void run() {
    int steps = 0;
    while (true) {
      if (++steps > kMostSteps) throw Violation("it does not come to rest");
      if (crashes()) {
        live_on();
      } else if (miniature_->is_busy()) {
        if (!miniature_->work()) live_on();
      } else if (!pass_time()) {
        break;
      }
    }
    witness_.at_rest();
    witness_.follow_log(disk_.witness_reader());
    witness_.compare(disk_.witness_reader());
  }

  void tell(Report& report) const {
    report.workflows = text_;
    report.trace = trace_.lines();
    report.decisions = witness_.decisions();
    report.executions = witness_.executions();
    report.calls = witness_.calls();
    report.lives = static_cast<std::size_t>(lives_);
  }

 private:
  void apply() {
    store::SaveWorkflows save = test::save_workflows({});
    for (const Definition& definition : definitions_.all()) {
      save.items.push_back({.id = definition.id, .name = definition.workflow->name, .description = "", .source = definition.workflow->source, .digest = definition.workflow->name, .triggers = {domain::TriggerKind::kManual}, .schedules = {}});
    }
    const auto outcome = disk_.prepare({std::move(save)});
    if (!outcome) throw std::logic_error(to_string(outcome.error()));
  }

  /// The last process is gone with all that it had in mind; the next one finds what is committed.
  void live_on() {
    if (lives_ > 0) {
      trace_.add([] { return std::string("crash"); });
      ++crashes_;
      witness_.restarted();
      witness_.follow_log(disk_.witness_reader());
    }
    miniature_.reset();
    ++lives_;
    miniature_.emplace(Miniature::Parts{
        .definitions = definitions_, .brain = brain_, .witness = witness_, .disk = disk_, .receivers = receivers_, .agenda = agenda_,
        .clock = clock_, .ids = ids_, .dice = dice_, .trace = trace_, .adversity = plan_.adversity, .mutation = plan_.mutation,
        .boot = lives_ * 1'000'000, .asks = [this](const auto& execution, const auto& step) { ask(execution, step); }});
  }

  bool crashes() {
    return plan_.adversity.crashes && crashes_ < kMostCrashes && crash_dice_.permille(miniature_->is_busy() ? 8 : 20);
  }

  /// False where nothing is still to come.
  bool pass_time() {
    const auto due = miniature_->due();
    if (agenda_.empty() && !due) return false;
    const Duration until_due = due ? std::max(*due - clock_.now(), Duration(0)) : Duration::max();
    if (!agenda_.empty() && (until_due == Duration::max() || agenda_.next() <= clock_.passed() + until_due)) {
      clock_.pass_to(agenda_.next());
      agenda_.take()();
    } else {
      clock_.pass_to(clock_.passed() + until_due);
    }
    return true;
  }

  void plan_arrivals() {
    const int arrivals = dice_.between(1, std::max(plan_.adversity.arrivals, 1));
    for (int i = 0; i < arrivals; ++i) {
      const std::size_t which = people_.below(definitions_.all().size());
      const std::string key = people_.percent(30) ? "delivery " + std::to_string(people_.below(3)) : "";
      const Json inputs{{"n", people_.between(1, 2)}};
      const Duration when = people_.percent(60) ? people_.millis(0, 2000) : people_.seconds(0, 600);
      agenda_.after(when, [this, which, key, inputs] { arrive(which, key, inputs, 3); });
    }
    if (!plan_.adversity.cancels) return;
    for (int i = people_.between(0, 3); i > 0; --i) {
      agenda_.after(people_.percent(60) ? people_.millis(0, 3000) : people_.seconds(0, 7200), [this] { cancel_somebody(); });
    }
  }

  /// A sender repeats what was not accepted.
  void arrive(std::size_t which, const std::string& key, const Json& inputs, int tries) {
    Miniature::Arrival arrival{.definition = &definitions_.all()[which], .trigger = domain::TriggerKind::kWebhook};
    arrival.payload = {{"body", {{"n", 1}}}};
    arrival.inputs = inputs;
    if (!key.empty()) arrival.dedupe = store::AcceptEvent::Dedupe{.key = key};
    miniature_->accept(std::move(arrival), [this, which, key, inputs, tries](const Result<store::Outcome>& outcome, const ExecutionId&) {
      if (!outcome && tries > 0) agenda_.after(people_.millis(100, 5000), [this, which, key, inputs, tries] { arrive(which, key, inputs, tries - 1); });
    });
  }

  void cancel_somebody() {
    const std::vector<ExecutionId> live = witness_.live();
    if (!live.empty()) miniature_->deliver(people_.pick(live), engine::Cancel{"a person"});
  }

  void plan_clock_steps() {
    for (int i = people_.between(0, 3); i > 0; --i) {
      const Duration by = people_.percent(80) ? people_.seconds(-120, 120) : people_.seconds(-200'000, 200'000);
      agenda_.after(people_.seconds(0, 900), [this, by] {
        trace_.add([&] { return "the clock is set by " + std::to_string(by.count()) + " ms"; });
        clock_.set_wrong(by);
      });
    }
  }

  /// Somebody answers, or several do, or nobody, or not what was asked.
  void ask(const domain::Execution& execution, const domain::Step& step) {
    if (step.kind != "wait-for" || !asked_.emplace(execution.id, step.path).second) return;
    for (int i = people_.between(0, 2); i > 0; --i) {
      const auto kind = static_cast<engine::Signal::Kind>(people_.below(3));
      const engine::Signal signal{.path = step.path, .kind = kind, .by = "somebody", .comment = "", .payload = {{"said", i}}};
      agenda_.after(people_.percent(70) ? people_.millis(0, 20'000) : people_.seconds(0, 20'000),
                    [this, id = execution.id, signal] { miniature_->deliver(id, signal); });
    }
  }

  const Plan plan_;
  const std::string text_;
  const Definitions definitions_;
  const Brain brain_{plan_.mutation};
  Witness witness_{definitions_, brain_};
  Trace trace_{plan_.traced};
  WorldClock clock_;
  Agenda agenda_{clock_};
  Dice dice_ = dice_for(plan_, 2);
  Dice crash_dice_ = dice_for(plan_, 3);
  Dice people_ = dice_for(plan_, 4);
  Dice id_dice_ = dice_for(plan_, 5);
  IdSource ids_{clock_, id_dice_};
  Receivers receivers_{dice_for(plan_, 6), plan_.adversity.bad_answers};
  std::optional<test::TemporaryFolder> folder_ = plan_.sqlite ? std::make_optional<test::TemporaryFolder>() : std::nullopt;
  test::FakeSealer sealer_;
  Disk disk_;
  std::set<std::pair<ExecutionId, std::string>> asked_;
  int lives_ = 0;
  int crashes_ = 0;
  std::optional<Miniature> miniature_;
};

}  // namespace

Report simulate(const Plan& plan) {
  Report report;
  World world(plan);
  try {
    world.run();
  } catch (const Violation& violation) {
    report.violation = violation.what();
  }
  world.tell(report);
  return report;
}

Plan shrink(Plan failing) {
  const auto still_fails = [&](const Adversity& milder) {
    Plan plan = failing;
    plan.adversity = milder;
    return simulate(plan).violation.has_value();
  };
  for (bool Adversity::*kind : {&Adversity::crashes, &Adversity::disk_faults, &Adversity::clock_steps, &Adversity::cancels,
                                &Adversity::stray_answers, &Adversity::bad_answers}) {
    Adversity milder = failing.adversity;
    milder.*kind = false;
    if (still_fails(milder)) failing.adversity = milder;
  }
  for (int arrivals = 1; arrivals < failing.adversity.arrivals; ++arrivals) {
    Adversity milder = failing.adversity;
    milder.arrivals = arrivals;
    if (still_fails(milder)) failing.adversity = milder;
  }
  return failing;
}

}  // namespace ipaas::simulation
