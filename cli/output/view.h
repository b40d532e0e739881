// How a resource looks in a table and by name.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/json.h"

namespace ipaas::cli {

struct Column {
  std::string title;
  std::function<std::string(const Json&)> cell;
  bool wide = false;  ///< only under -o wide
};

struct View {
  std::string noun;  ///< of `-o name`: workflow, execution …
  std::string key;   ///< the member that names it
  std::vector<Column> columns;
};

/// A member as text.
[[nodiscard]] Column field(std::string title, std::string key);
/// How long ago a time was.
[[nodiscard]] Column age_field(std::string title, std::string key, Instant now);
[[nodiscard]] Column wide_field(std::string title, std::string key);

}  // namespace ipaas::cli
