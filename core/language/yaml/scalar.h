// The types of plain scalars: YAML 1.2.2, section 10.3.2 (core schema).
#pragma once

#include "core/base/json.h"
#include "core/language/yaml/node.h"

namespace ipaas::language::yaml {

/// null, a boolean, a number or a text. Only a plain scalar is ever anything but a text; `on`, `NO`, `yes` and `07:30`
/// are texts. An integer beyond 64 bits becomes a double; `.inf` and `.nan` are doubles that JSON has no text for.
[[nodiscard]] Json resolve(const Node::Scalar& scalar);

}  // namespace ipaas::language::yaml
