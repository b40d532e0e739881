// Which item of one list is which of another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/language/yaml/node.h"

namespace ipaas::language {

/// What tells an item from its neighbours.
struct Identity {
  std::string_view key;  ///< id, name or cron
  std::string text;
};
[[nodiscard]] std::optional<Identity> identity_of(const yaml::Node& item);

struct ItemPair {
  std::size_t before = 0;
  std::size_t after = 0;
  bool moved = false;  ///< relative to the others: as few as possible are
};

/// In the order of `after`; each index at most once. Items belong together by their identity; else if they hold the
/// same; else if they hold the same under another identity (a new id); else by their order among items of their sort,
/// such as steps of one action, neighbours first.
[[nodiscard]] std::vector<ItemPair> pair_items(const yaml::Node::Items& before, const yaml::Node::Items& after);

}  // namespace ipaas::language
