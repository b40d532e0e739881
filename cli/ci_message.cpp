#include "cli/ci_message.h"

#include <array>

namespace ipaas::cli {
namespace {

/// The variables of one system. Sources: each one's documentation of its predefined variables.
struct System {
  const char* commit;
  const char* run;
};
constexpr std::array<System, 5> kSystems = {{
    {"CI_COMMIT_SHA", "CI_JOB_URL"},  // GitLab
    {"BUILDKITE_COMMIT", "BUILDKITE_BUILD_URL"},
    {"CIRCLE_SHA1", "CIRCLE_BUILD_URL"},
    {"BITBUCKET_COMMIT", "BITBUCKET_GIT_HTTP_ORIGIN"},
    {"GIT_COMMIT", "BUILD_URL"},  // Jenkins
}};

std::string github_run(const World& world) {
  const std::string repository = world.variable("GITHUB_REPOSITORY");
  const std::string run = world.variable("GITHUB_RUN_ID");
  if (repository.empty() || run.empty()) return {};
  const std::string server = world.variable("GITHUB_SERVER_URL");
  return (server.empty() ? "https://github.com" : server) + "/" + repository + "/actions/runs/" + run;
}

std::string say(const std::string& commit, const std::string& run) {
  return "commit " + commit + (run.empty() ? "" : " (" + run + ")");
}

}  // namespace

std::string ci_message(const World& world) {
  if (const std::string commit = world.variable("GITHUB_SHA"); !commit.empty()) return say(commit, github_run(world));
  for (const System& system : kSystems) {
    const std::string commit = world.variable(system.commit);
    const std::string run = world.variable(system.run);
    // A lone GIT_COMMIT may be anybody's variable; with the address of a run it is a CI system's.
    if (!commit.empty() && !run.empty()) return say(commit, run);
  }
  return {};
}

}  // namespace ipaas::cli
