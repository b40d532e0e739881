// Taking secrets out of a JSON value, which stays JSON.
#pragma once

#include "core/base/json.h"
#include "core/security/masker.h"

namespace ipaas::security {

/// Every text is masked, and every text or number under a secret name (`password`, `apiKey` …) is replaced whole. Texts
/// in member names are masked too. Thread-safe.
[[nodiscard]] Json mask_json(const Masker& masker, const Json& value);

}  // namespace ipaas::security
