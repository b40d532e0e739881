// The value that belongs to a secret name, in the notations that logs and payloads use.
#pragma once

#include <string_view>

#include "core/security/masking/span.h"

namespace ipaas::security::masking {

/// `at` lies in what may be a secret name. Where it is one, adds the spans of its value: JSON (escaped any number of
/// times), YAML (a line, a block), `name=value`, `name => value`, query strings, XML elements, command line flags, headers. A
/// bare true, false or null is no secret, an object decides by its own names, an array is masked string by string.
void find_value(std::string_view text, std::size_t at, Spans& spans);

}  // namespace ipaas::security::masking
