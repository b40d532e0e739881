// What two texts of a workflow say differently, told by paths that a person can follow.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"

namespace ipaas::language {

struct Change {
  enum class Kind { kAdded, kRemoved, kChanged, kMoved };
  Kind kind = Kind::kChanged;
  /// `steps.notify.with.text`, `on.schedule["0 9 * * *"].timezone`, `on.webhook.allow-from[2]`. A step without an id is
  /// `step-N` as in its executions; another item that has no id, name or cron is told by its place, from 1.
  std::string path;
  std::string key;  ///< the last key of the path: what the value is called
  /// null where there was none; of what was moved, its places in the list, from 1.
  Json before = nullptr;
  Json after = nullptr;
};

/// The changes from one YAML document to another, in the order of the second, at each level after what it has no more;
/// an empty text has nothing in it. Comments, layout, quotes that change no type, anchors and the order of keys are
/// none. Steps are matched by id; other items by name or cron, else by what they hold. Nothing where a text cannot be
/// read. The time grows with the texts and their depth, not with the square of either.
[[nodiscard]] std::optional<std::vector<Change>> difference(std::string_view before, std::string_view after);

/// added, removed, changed or moved.
[[nodiscard]] std::string_view change_name(Change::Kind kind);

}  // namespace ipaas::language
