// Every defect that is put in is found: what cannot fail proves nothing.
#include <CLI/CLI.hpp>
#include <iostream>

#include "tests/simulation/world.h"

namespace ipaas::simulation {
namespace {

/// The first seed that finds the defect; nothing where none does.
std::optional<std::uint64_t> find(Mutation mutation, std::uint64_t seeds, std::string& how) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const Report report = simulate({.seed = seed, .mutation = mutation});
    if (!report.violation) continue;
    how = report.violation->substr(0, report.violation->find('\n'));
    return seed;
  }
  return std::nullopt;
}

}  // namespace
}  // namespace ipaas::simulation

int main(int argc, char** argv) {
  using namespace ipaas::simulation;
  std::uint64_t seeds = 2000;
  CLI::App app{"Puts one defect after the other into the simulation and says which seed finds it"};
  app.add_option("--seeds", seeds, "how many seeds each has to be found in");
  CLI11_PARSE(app, argc, argv);
  int missed = 0;
  for (const MutationRow& row : kMutations) {
    std::string how;
    const auto seed = find(row.mutation, seeds, how);
    std::cout << row.name << ": " << (seed ? "seed " + std::to_string(*seed) + ": " + how : std::string("NOT FOUND")) << std::endl;
    if (!seed) ++missed;
  }
  return missed == 0 ? 0 : 1;
}
