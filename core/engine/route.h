// Where a step stands among the lists of steps around it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/language/workflow.h"

namespace ipaas::engine {

/// One step of one list of steps. In a loop the same list is run once a round, each under a prefix of its own.
struct Place {
  const language::Steps* block = nullptr;
  std::size_t index = 0;
  std::string prefix = {};  ///< of the paths in this block: empty, or `notify[3].`
  /// A branch of `parallel`: what else stands in the list runs beside it, and not in front of it.
  bool alone = false;
  /// A step in front of this one failed and was not softened; found out when it is needed.
  std::optional<bool> failed = {};

  [[nodiscard]] const language::Step& step() const { return (*block)[index]; }
  [[nodiscard]] std::string path() const { return prefix + step().id; }
};

/// The places around a step, outermost first, its own last.
using Route = std::vector<Place>;

/// Where the step of a path stands; nothing where the workflow has none like it.
[[nodiscard]] std::optional<Route> find_route(const language::Workflow& workflow, std::string_view path);

/// The id at the end of a path: of `notify[3].send` it is `send`.
[[nodiscard]] std::string_view id_of_path(std::string_view path);

/// The prefix of a round's paths: `notify[3].`.
[[nodiscard]] std::string round_prefix(std::string_view loop, std::size_t round);

/// The round that a prefix ends with.
[[nodiscard]] std::size_t round_of(std::string_view prefix);

/// Is the path that of a step inside of the container whose own path is `prefix` + its id?
[[nodiscard]] bool lies_within(std::string_view path, std::string_view prefix, const language::Step& container);

}  // namespace ipaas::engine
