// What brought a version about, when a CI system runs `ipaas apply`.
#pragma once

#include <string>

#include "cli/world.h"

namespace ipaas::cli {

/// `commit 1a2b3c (https://…/runs/42)` on GitHub (also Gitea and Forgejo), GitLab, Azure Pipelines, Bitbucket,
/// Buildkite, CircleCI, Drone, Woodpecker, Travis, Semaphore, AWS CodeBuild and Jenkins; empty elsewhere.
[[nodiscard]] std::string ci_message(const World& world);

}  // namespace ipaas::cli
