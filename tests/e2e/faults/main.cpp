// Puts a real ipaasd under load and lets everything around it fail, and counts what was promised, done and delivered.
//
//   fault_test --bin DIR --shim FILE [--long] [--scenario NAME…] [--workload NAME…] [--seed N] [--keep]
//
// Prints one table with a row a scenario; exits 0 when nothing was lost or doubled in any.
#include <stdlib.h>  // mkdtemp is not in <cstdlib>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <random>

#include "tests/e2e/faults/scenarios.h"

namespace ipaas::test {

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> kScenarios = {
      {"kill-at-write", "SIGKILL in the midst of the Nth write", kill_at_writes},
      {"kill-at-sync", "SIGKILL at the Nth fdatasync", kill_at_syncs},
      {"write-eio", "EIO at the Nth write", fail_writes},
      {"write-enospc", "ENOSPC at the Nth write", refuse_space},
      {"sync-eio", "EIO at the Nth fdatasync", fail_syncs},
      {"full-disk", "a full tmpfs that gets space again", fill_disk},
      {"descriptors", "more connections than descriptors", use_up_descriptors},
      {"clock-steps", "the clock steps back and forth", step_clock},
      {"receiver", "an API that never answers, resets, drips", misbehave_as_receiver},
  };
  return kScenarios;
}

namespace {

struct Row {
  const Scenario* scenario = nullptr;
  Outcome result;
};

Row play(const Scenario& scenario, const Course& course, bool keep) {
  std::string directory = (std::filesystem::temp_directory_path() / "ipaas-faults.XXXXXX").string();
  if (::mkdtemp(directory.data()) == nullptr) throw std::runtime_error("no temporary directory");
  std::printf("- %s: %s\n", std::string(scenario.name).c_str(), std::string(scenario.what).c_str());
  Row row{&scenario, scenario.play(course, directory)};
  const bool good = row.result.verdict.problems.empty();
  if (!good) print(row.result.verdict);
  if (good && !keep) {
    std::filesystem::remove_all(directory);
  } else {
    std::printf("what is left is in %s\n", directory.c_str());
  }
  return row;
}

/// True when nothing was lost or doubled.
bool print(const std::vector<Row>& rows) {
  std::printf("%-14s %7s %8s %8s %8s %8s %8s %9s %8s %8s %5s %7s\n", "scenario", "faults", "sent", "accepted",
              "refused", "executed", "effects", "delivered", "unknown", "repeated", "lost", "doubled");
  bool good = true;
  for (const Row& row : rows) {
    const std::string name(row.scenario->name);
    if (!row.result.skipped.empty()) {
      std::printf("%-14s skipped: %s\n", name.c_str(), row.result.skipped.c_str());
      continue;
    }
    const Tally all = total(row.result.verdict);
    std::printf("%-14s %7lu %8lu %8lu %8lu %8lu %8lu %9lu %8lu %8lu %5lu %7lu\n", name.c_str(), row.result.faults,
                all.sent, all.accepted, row.result.verdict.refused, all.executed, all.effects, all.delivered,
                all.unknown, all.repeated, all.lost, all.doubled);
    good = good && row.result.verdict.problems.empty();
  }
  return good;
}

bool run(const Course& course, const std::vector<std::string>& names, bool keep) {
  std::vector<Row> rows;
  for (const Scenario& scenario : scenarios()) {
    if (!names.empty() && std::find(names.begin(), names.end(), scenario.name) == names.end()) continue;
    rows.push_back(play(scenario, course, keep));
  }
  std::printf("seed %lu\n", course.load.seed);
  return !rows.empty() && print(rows);
}

}  // namespace
}  // namespace ipaas::test

int main(int argc, char** argv) {
  CLI::App parser("Lets what is around ipaasd fail, and counts what is lost or doubled.", "fault_test");
  ipaas::test::Course course;
  course.load.seed = std::random_device()();
  bool keep = false;
  std::vector<std::string> names, kinds = {"set", "post", "put"};
  parser.add_option("--bin", course.load.bin, "directory that holds ipaasd and ipaas")->required();
  parser.add_option("--shim", course.shim, "libfault_shim.so")->required();
  parser.add_option("--scenario", names, "only these");
  parser.add_option("--workload", kinds, "what the webhooks start: set, post, put, loop, sleep, child");
  parser.add_option("--seed", course.load.seed, "of the moments of the faults");
  parser.add_flag("--long", course.lengthy, "many more faults");
  parser.add_flag("--keep", keep, "keep the data directories");
  CLI11_PARSE(parser, argc, argv);
  ::setvbuf(stdout, nullptr, _IOLBF, 0);
  try {
    for (const std::string& kind : kinds) course.load.kinds.push_back(ipaas::test::workload(kind).kind);
    return ipaas::test::run(course, names, keep) ? 0 : 1;
  } catch (const std::exception& error) {
    std::printf("error: %s\n", error.what());
    return 2;
  }
}
