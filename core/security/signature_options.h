// The keys of `verify` beside scheme and credential, as text: from a workflow, or from flags.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/security/signature.h"

namespace ipaas::security {

/// `hmac` and `jwt` have some, the others none. In the order in which they are documented.
[[nodiscard]] std::span<const std::string_view> option_keys(Scheme scheme);

/// Sets the member that the key stands for. Code `verify_rule`: a key that is none of the scheme's, or a duration that is
/// none. Whether the values make sense together is for check() to say.
[[nodiscard]] Result<void> set_option(VerifyRule& rule, std::string_view key, const std::string& value);

}  // namespace ipaas::security
