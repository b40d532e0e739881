// What is different between what a test expects and what came about.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/engine/testing/placed_value.h"

namespace ipaas::engine::testing {

struct Difference {
  SourcePosition position;  ///< of the expectation
  std::string path;         ///< `steps.tell.outputs.ts`, `calls[0].with`; empty where the message says it all
  std::string message;      ///< in the place of the two values, or beside them
  std::string hint = {};
  std::optional<Json> expected = {};
  std::optional<Json> actual = {};  ///< nothing where it is missing
};

/// Which objects may have members that are not expected.
enum class Exact {
  kNowhere,
  kData,        ///< not what is below `outputs` and `with`
  kEverywhere,  ///< none
};

/// Of an object only the members that are expected are looked at, as far as `exact` allows; null is also expected of a
/// member that may be missing. Lists have the same length, their items compared by the same rule; everything else is
/// equal, numbers by value. Appends to `differences`.
void compare(const std::string& path, const PlacedValue& expected, const Json* actual, Exact exact,
             std::vector<Difference>& differences);

/// `path.key`, or `path['a key']` where it is no plain word.
[[nodiscard]] std::string member_path(const std::string& path, const std::string& key);

}  // namespace ipaas::engine::testing
