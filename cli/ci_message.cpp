#include "cli/ci_message.h"

#include <string_view>
#include <vector>

namespace ipaas::cli {
namespace {

/// The variables of one system: `run` is an address in which `$NAME` stands for a variable. Sources: each one's
/// documentation of its predefined variables.
struct System {
  const char* commit;
  const char* run;
};

const std::vector<System>& systems() {
  static const std::vector<System> kSystems = {
      {"CI_COMMIT_SHA", "$CI_JOB_URL"},       // GitLab
      {"CI_COMMIT_SHA", "$CI_PIPELINE_URL"},  // Woodpecker, and GitLab outside of a job
      {"CI_COMMIT_SHA", "$CI_BUILD_LINK"},    // Woodpecker before 1.0
      {"BUILDKITE_COMMIT", "$BUILDKITE_BUILD_URL"},
      {"CIRCLE_SHA1", "$CIRCLE_BUILD_URL"},
      {"BUILD_SOURCEVERSION",
       "$SYSTEM_COLLECTIONURI$SYSTEM_TEAMPROJECT/_build/results?buildId=$BUILD_BUILDID"},  // Azure
      {"BITBUCKET_COMMIT", "https://bitbucket.org/$BITBUCKET_REPO_FULL_NAME/pipelines/results/$BITBUCKET_BUILD_NUMBER"},
      {"DRONE_COMMIT_SHA", "$DRONE_BUILD_LINK"},
      {"TRAVIS_COMMIT", "$TRAVIS_BUILD_WEB_URL"},
      {"SEMAPHORE_GIT_SHA", "$SEMAPHORE_ORGANIZATION_URL/workflows/$SEMAPHORE_WORKFLOW_ID"},
      {"CODEBUILD_RESOLVED_SOURCE_VERSION", "$CODEBUILD_BUILD_URL"},
      {"GIT_COMMIT", "$BUILD_URL"},  // Jenkins
  };
  return kSystems;
}

constexpr std::string_view kNameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

/// Empty where a variable is.
std::string filled(const World& world, std::string_view form) {
  std::string out;
  while (!form.empty()) {
    const std::size_t variable = form.find('$');
    out += form.substr(0, variable);
    if (variable == std::string_view::npos) break;
    form.remove_prefix(variable + 1);
    const std::size_t end = std::min(form.find_first_not_of(kNameCharacters), form.size());
    const std::string value = world.variable(std::string(form.substr(0, end)));
    if (value.empty()) return {};
    out += value;
    form.remove_prefix(end);
  }
  // A team project may have a name with spaces.
  for (std::size_t space = out.find(' '); space != std::string::npos; space = out.find(' ', space)) {
    out.replace(space, 1, "%20");
  }
  return out;
}

std::string github_run(const World& world) {
  const std::string run = filled(world, "/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID");
  const std::string server = world.variable("GITHUB_SERVER_URL");
  return run.empty() ? run : (server.empty() ? "https://github.com" : server) + run;
}

std::string say(const std::string& commit, const std::string& run) {
  return "commit " + commit + (run.empty() ? "" : " (" + run + ")");
}

}  // namespace

std::string ci_message(const World& world) {
  if (const std::string commit = world.variable("GITHUB_SHA"); !commit.empty()) return say(commit, github_run(world));
  for (const System& system : systems()) {
    const std::string commit = world.variable(system.commit);
    const std::string run = filled(world, system.run);
    // A lone GIT_COMMIT may be anybody's variable; with the address of a run it is a CI system's.
    if (!commit.empty() && !run.empty()) return say(commit, run);
  }
  return {};
}

}  // namespace ipaas::cli
