// From a workflow's `verify` and a credential to what checks signatures.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/language/workflow.h"
#include "core/security/signature.h"

namespace ipaas::service {

[[nodiscard]] security::VerifyRule verify_rule(const language::WebhookOn& on);

/// The keys of a credential: what is in force first, then `previous`, which is accepted while a rotation is under way.
/// A credential of type `basic` is user:password. Fields that are empty are left out, and so is a `public_key` where the
/// rule would take it for a shared secret.
[[nodiscard]] std::vector<Secret> verify_secrets(const security::VerifyRule& rule, const Json& fields);

/// Would a delivery ever be accepted? kInvalid, with the code `credential_empty` when there is no key, and
/// `credential_unfit` when it is none of the scheme's.
[[nodiscard]] Result<void> check_verification(const language::WebhookOn& on, const Json& fields);

/// With which a subscription by GET is confirmed (`hub.verify_token`); empty when the credential has none.
[[nodiscard]] Secret subscription_token(const Json& fields);

}  // namespace ipaas::service
