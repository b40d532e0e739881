// Kills ipaasd with SIGKILL under load and proves that every webhook answered 202 was executed and its effect
// delivered, never twice where that is not allowed.
//
//   crash_test --bin DIR [--kills 50] [--drains 3] [--seed N] [--connections 8] [--rate 600] [--workload NAME…]
//   [--keep]
//
// Prints one table; exits 0 when nothing was lost or doubled.
#include <stdlib.h>  // mkdtemp is not in <cstdlib>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "tests/e2e/crash/crash_run.h"

int main(int argc, char** argv) {
  CLI::App parser("Kills ipaasd under load and counts what is lost or doubled.", "crash_test");
  ipaas::test::Plan plan;
  plan.load.seed = std::random_device()();
  bool keep = false;
  std::vector<std::string> kinds = {"set", "post", "put"};
  parser.add_option("--bin", plan.load.bin, "directory that holds ipaasd and ipaas")->required();
  parser.add_option("--kills", plan.kills, "SIGKILLs at random moments");
  parser.add_option("--drains", plan.drains, "SIGTERMs under load, after the kills");
  parser.add_option("--seed", plan.load.seed, "of the moments and the sink's delays");
  parser.add_option("--connections", plan.load.connections, "senders")->check(CLI::Range(1, 1000));
  parser.add_option("--rate", plan.load.per_second, "webhooks a second")->check(CLI::Range(1, 1'000'000));
  parser.add_option("--workload", kinds, "what the webhooks start: set, post, put, loop, sleep, child");
  parser.add_flag("--keep", keep, "keep the data directory");
  CLI11_PARSE(parser, argc, argv);
  for (const std::string& kind : kinds) plan.load.kinds.push_back(ipaas::test::workload(kind).kind);

  ::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::string directory = (std::filesystem::temp_directory_path() / "ipaas-crash.XXXXXX").string();
  if (::mkdtemp(directory.data()) == nullptr) {
    std::perror("mkdtemp");
    return 1;
  }
  const bool good = ipaas::test::run(plan, directory);
  if (good && !keep) {
    std::filesystem::remove_all(directory);
  } else {
    std::printf("what is left is in %s\n", directory.c_str());
  }
  return good ? 0 : 1;
}
