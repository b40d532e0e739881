// Credentials of no particular service, attached to a request.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/connectors/connector.h"
#include "core/connectors/url.h"

namespace ipaas::connectors {

/// The request names a credential exactly where one was handed over; otherwise `credential_missing`.
[[nodiscard]] Result<void> check_presence(const domain::CallRequest& request,
                                          const std::optional<CredentialFields>& credential);

/// The text of a field, or empty.
[[nodiscard]] std::string field_text(const CredentialFields& credential, std::string_view name);

/// Adds a header that holds a secret. Refused: control characters (`credential_refused`), and a header that the caller wrote
/// as well (`input_invalid`), since two programs could read either.
[[nodiscard]] Result<void> add_credential_header(HttpCall& call, const CredentialFields& credential,
                                                 const std::string& name, std::string value);

/// bearer, basic and api-key. Refused (`credential_refused`) where the type cannot be attached or `url` is not among the
/// hosts that the credential may go to.
[[nodiscard]] Result<void> attach_common_credential(HttpCall& call, const CredentialFields& credential, const Url& url);

}  // namespace ipaas::connectors
