// How fast the language is, beside the floors that it promises. Exits with 1 when one is not met; needs a Release build.
// Measured is processor time of the one thread there is, which neighbours on the machine do not change much.
//
//   language_bench [WORKFLOW]      (default: an example of this project)
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <vector>

#include "core/connectors/catalog.h"
#include "core/language/cron.h"
#include "core/language/expression/expression.h"
#include "core/language/workflow_parser.h"

namespace ipaas::test {
namespace {

constexpr int kRounds = 9;

double cpu_micros() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return 1e6 * static_cast<double>(time.tv_sec) + 1e-3 * static_cast<double>(time.tv_nsec);
}

/// The median time of one of `times` runs, in microseconds.
template <typename Run>
double measure(int times, Run run) {
  std::vector<double> rounds;
  for (int round = 0; round < kRounds; ++round) {
    const double before = cpu_micros();
    for (int i = 0; i < times; ++i) run();
    rounds.push_back((cpu_micros() - before) / times);
  }
  std::nth_element(rounds.begin(), rounds.begin() + kRounds / 2, rounds.end());
  return rounds[kRounds / 2];
}

/// Prints a figure beside its floor; false when it is not met.
bool report(const char* what, double micros, double floor) {
  const bool met = micros < floor;
  std::printf("%-62s %12.3f us   floor %9.0f us   %s\n", what, micros, floor, met ? "ok" : "TOO SLOW");
  return met;
}

[[noreturn]] void give_up(const Error& error) {
  std::fprintf(stderr, "error: %s\n", to_string(error).c_str());
  std::exit(2);
}

template <typename T>
T value_of(Result<T> result) {
  if (!result) give_up(result.error());
  return std::move(*result);
}

double evaluation(const char* source, const Json& contexts, int times) {
  const auto expression = value_of(language::Expression::parse(source, {{"steps", "event"}}));
  const language::JsonContext context(contexts);
  return measure(times, [&] {
    if (!expression.evaluate(context)) give_up(expression.evaluate(context).error());
  });
}

/// A step's outputs among those of others, as a workflow of some size has them.
Json step_contexts() {
  Json steps = Json::object();
  for (const char* id : {"first", "second", "third", "a"}) {
    steps[id] = {{"outputs", {{"status", 200}, {"b", {{"id", 7}, {"c", "x"}}}}}, {"outcome", "success"}, {"attempts", 1}};
  }
  Json items = Json::array();
  for (int i = 0; i < 1000; ++i) items.push_back({{"id", i}, {"total", i % 300}, {"customer", "c-" + std::to_string(i % 7)}});
  return {{"steps", std::move(steps)}, {"event", {{"items", std::move(items)}}}};
}

bool measure_expressions() {
  const Json contexts = step_contexts();
  bool met = report("steps.a.outputs.b.c == 'x'", evaluation("steps.a.outputs.b.c == 'x'", contexts, 100'000), 1);
  met &= report("map(event.items, o => o.total), 1,000 items",
                evaluation("map(event.items, o => o.total)", contexts, 200), 1'000);
  met &= report("map(filter(event.items, o => o.total > 100), o => pick(o, …))",
                evaluation("map(filter(event.items, o => o.total > 100), o => pick(o, 'id', 'total'))", contexts, 200), 1'000);
  met &= report("groupBy(event.items, o => o.customer), 1,000 items",
                evaluation("groupBy(event.items, o => o.customer)", contexts, 200), 1'000);
  return met;
}

bool measure_cron() {
  const auto zone = value_of(find_time_zone("Europe/Berlin"));
  const auto schedule = value_of(language::CronSchedule::parse("30 7 * * MON-FRI"));
  constexpr int kInstants = 10'000;
  const double micros = measure(1, [&] {
    Instant at = from_millis(1'767'225'600'000);
    for (int i = 0; i < kInstants; ++i) at = schedule.next(at, *zone).value();
  });
  return report("10,000 next instants of `30 7 * * MON-FRI` in Europe/Berlin", micros, 50'000);
}

bool measure_workflow(const char* path) {
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto catalog = value_of(connectors::Catalog::built_in());
  const double micros = measure(200, [&] {
    const auto parsed = language::parse_workflows(text, path, catalog);
    if (!parsed) give_up(parsed.error().front());
  });
  return report("parse and validate an example workflow", micros, 1'000);
}

}  // namespace
}  // namespace ipaas::test

int main(int count, char** arguments) {
  const char* workflow = count > 1 ? arguments[1] : IPAAS_SOURCE_DIR "/workflows-examples/github-push-to-slack.yaml";
  bool met = ipaas::test::measure_expressions();
  met &= ipaas::test::measure_cron();
  met &= ipaas::test::measure_workflow(workflow);
  return met ? 0 : 1;
}
