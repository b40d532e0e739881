// Does a text of a workflow look like a secret?
#pragma once

#include "core/language/workflow_parser.h"

namespace ipaas::cli {

/// By what the masker knows: tokens of providers, private keys, URLs with user info, and values of keys such as `password`.
/// Expressions in the text are left out.
[[nodiscard]] language::SecretTest secret_test();

}  // namespace ipaas::cli
