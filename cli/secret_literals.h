// Secrets that somebody wrote into a workflow.
#pragma once

#include <string_view>
#include <vector>

#include "core/language/workflow_parser.h"
#include "core/security/masker.h"

namespace ipaas::cli {

/// By what the masker knows: tokens of providers, private keys, URLs with user info, and values of keys such as `password`.
/// Expressions in the text are left out.
[[nodiscard]] language::SecretTest secret_test();

/// For showing these texts of workflows: names of credentials stay, and what stands behind a secret key is hidden wherever
/// and however it is written.
[[nodiscard]] security::Masker workflow_masker(const std::vector<std::string_view>& texts);

}  // namespace ipaas::cli
