// Thousands of worlds, each of its own seed; says which of them broke a promise, and plays one again.
#include <CLI/CLI.hpp>
#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>

#include "tests/simulation/world.h"

namespace ipaas::simulation {
namespace {

struct Options {
  std::uint64_t first = 1;
  std::uint64_t seeds = 1000;
  std::optional<std::uint64_t> seed;
  unsigned threads = 1;
  int sqlite_share = 20;  ///< one of so many seeds runs on SQLite; 0: none
  Mutation mutation = Mutation::kNone;
  bool shown = false;
  bool shrunk = true;
};

Plan plan_of(const Options& options, std::uint64_t seed) {
  Plan plan{.seed = seed, .mutation = options.mutation};
  plan.sqlite = options.sqlite_share > 0 && seed % static_cast<std::uint64_t>(options.sqlite_share) == 0;
  return plan;
}

std::string list(const Adversity& adversity) {
  std::string text = std::to_string(adversity.arrivals) + " arrivals at most";
  if (adversity.crashes) text += ", crashes";
  if (adversity.disk_faults) text += ", disk faults";
  if (adversity.clock_steps) text += ", clock steps";
  if (adversity.cancels) text += ", cancels";
  if (adversity.stray_answers) text += ", stray answers";
  if (adversity.bad_answers) text += ", bad answers";
  return text;
}

void print_failure(Plan plan, bool shrunk) {
  if (shrunk) plan = shrink(plan);
  plan.traced = true;
  const Report report = simulate(plan);
  std::cout << report.workflows << "--- trace\n";
  for (const std::string& line : report.trace) std::cout << line << '\n';
  std::cout << "--- with " << list(plan.adversity) << "\nseed " << plan.seed << ": "
            << report.violation.value_or("every promise was kept") << "\nagain: simulation --seed " << plan.seed << std::endl;
}

/// Adds up what the threads did.
struct Tally {
  std::mutex mutex;  ///< guards what follows
  std::size_t decisions = 0;
  std::size_t executions = 0;
  std::size_t calls = 0;
  std::size_t lives = 0;
  std::vector<std::uint64_t> failed;
};

void run_range(const Options& options, std::atomic<std::uint64_t>& next, Tally& tally) {
  const std::uint64_t end = options.first + options.seeds;
  for (std::uint64_t seed = next++; seed < end; seed = next++) {
    const Report report = simulate(plan_of(options, seed));
    const std::lock_guard lock(tally.mutex);
    tally.decisions += report.decisions;
    tally.executions += report.executions;
    tally.calls += report.calls;
    tally.lives += report.lives;
    if (!report.violation) continue;
    tally.failed.push_back(seed);
    std::cout << "seed " << seed << ": " << *report.violation << std::endl;
    constexpr std::size_t kEnough = 20;
    if (tally.failed.size() >= kEnough) next = end;
  }
}

int run(const Options& options) {
  if (options.seed) {
    const Plan plan = plan_of(options, *options.seed);
    const Report report = simulate(plan);
    if (report.violation || options.shown) print_failure(plan, options.shrunk && report.violation);
    if (!report.violation) std::cout << "seed " << *options.seed << ": every promise was kept\n";
    return report.violation ? 1 : 0;
  }
  std::atomic<std::uint64_t> next = options.first;
  Tally tally;
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < options.threads; ++i) threads.emplace_back([&] { run_range(options, next, tally); });
  }
  if (!tally.failed.empty()) print_failure(plan_of(options, tally.failed.front()), options.shrunk);
  std::cout << options.seeds << " seeds from " << options.first << ": " << tally.executions << " executions, " << tally.decisions
            << " decisions, " << tally.calls << " calls, " << tally.lives << " lives; " << tally.failed.size() << " seeds failed\n";
  return tally.failed.empty() ? 0 : 1;
}

}  // namespace
}  // namespace ipaas::simulation

int main(int argc, char** argv) {
  using namespace ipaas::simulation;
  Options options;
  std::string mutation;
  std::vector<std::string> names;
  for (const MutationRow& row : kMutations) names.emplace_back(row.name);
  CLI::App app{"Runs the engine and the stores through seeded worlds of crashes, faults and bad answers"};
  app.add_option("--first", options.first, "the first seed");
  app.add_option("--seeds", options.seeds, "how many seeds");
  app.add_option("--seed", options.seed, "this one only, with its workflows and what happened if it fails");
  app.add_option("--threads", options.threads, "how many at once")->check(CLI::Range(1, 256));
  app.add_option("--sqlite", options.sqlite_share, "one of so many seeds runs on SQLite; 0: none")->check(CLI::Range(0, 1'000'000));
  app.add_option("--mutation", mutation, "puts a defect in")->check(CLI::IsMember(names));
  app.add_flag("--show", options.shown, "what happened, also where nothing is wrong");
  app.add_flag("!--whole", options.shrunk, "do not leave out what a failing seed does not need");
  CLI11_PARSE(app, argc, argv);
  for (const MutationRow& row : kMutations) {
    if (row.name == mutation) options.mutation = row.mutation;
  }
  return run(options);
}
