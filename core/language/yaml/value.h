// What a node says, whatever its layout.
#pragma once

#include <string_view>
#include <unordered_map>

#include "core/base/json.h"
#include "core/language/yaml/node.h"

namespace ipaas::language::yaml {

/// The node as JSON, aliases expanded, scalars of their core schema's types.
[[nodiscard]] Json value_of(const Node& node);

/// Do they say the same? Comments, quotes that change no type, anchors and the order of keys do not count.
[[nodiscard]] bool same_value(const Node& a, const Node& b);

/// For many look-ups: Node::find reads the mapping from its start. Borrows the keys.
using Members = std::unordered_map<std::string_view, const Node*>;
[[nodiscard]] Members members_by_key(const Node::Entries& entries);

}  // namespace ipaas::language::yaml
