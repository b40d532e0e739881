// In which order a formatter writes the keys of a mapping.
#pragma once

#include "core/language/formatter/parts.h"

namespace ipaas::language::formatter {

/// Puts the parts of a workflow into the order of the language: `x-…` keys, the keys that it knows, others, each as
/// they were among themselves. What belongs to the user stays as it is, as does a mapping in which an alias would come
/// before its anchor, and a document that is no workflow, such as a file of tests.
void arrange(Part& root);

}  // namespace ipaas::language::formatter
