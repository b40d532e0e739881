// A call, built from a manifest's templates.
#pragma once

#include <optional>
#include <string>

#include "core/connectors/connector.h"
#include "core/connectors/manifest.h"

namespace ipaas::connectors {

/// The template's value for these contexts, without the members that the manifest wrote and that came out as null, and
/// without the mappings that became empty so. What came from an input whole is left as it is.
[[nodiscard]] Result<Json> evaluate_sparse(const SparseTemplate& sparse, const Json& contexts);

/// `inputs` are bound. Fails as Connector::prepare does.
[[nodiscard]] Result<HttpCall> build_manifest_call(const Manifest& manifest, const ManifestAction& action,
                                                   const Json& inputs,
                                                   const std::optional<CredentialFields>& credential,
                                                   const std::string& idempotency_key);

}  // namespace ipaas::connectors
