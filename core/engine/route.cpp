#include "core/engine/route.h"

#include <algorithm>
#include <charconv>

namespace ipaas::engine {
namespace {

bool descend(const language::Steps& block, std::string_view id, Route& route, bool branches = false) {
  for (std::size_t i = 0; i < block.size(); ++i) {
    route.push_back({&block, i, {}, branches});
    if (block[i].id == id) return true;
    const bool parallel = std::holds_alternative<language::ParallelStep>(block[i].action);
    for (const language::Steps* inner : block[i].blocks()) {
      if (descend(*inner, id, route, parallel)) return true;
    }
    route.pop_back();
  }
  return false;
}

/// Reads the rounds off the path; false where they are not those of the loops on the way.
bool take_rounds(std::string_view path, Route& route) {
  std::string prefix;
  for (Place& place : route) {
    place.prefix = prefix;
    if (&place == &route.back()) break;
    if (!std::holds_alternative<language::ForEachStep>(place.step().action)) continue;
    const std::string loop = place.path() + "[";
    if (!path.starts_with(loop)) return false;
    const std::size_t end = path.find("].", loop.size());
    if (end == std::string_view::npos) return false;
    prefix = std::string(path.substr(0, end + 2));
  }
  return route.back().path() == path;
}

bool holds(const language::Step& container, std::string_view id) {
  const auto blocks = container.blocks();
  return std::any_of(blocks.begin(), blocks.end(), [id](const language::Steps* block) {
    return std::any_of(block->begin(), block->end(),
                       [id](const language::Step& step) { return step.id == id || holds(step, id); });
  });
}

}  // namespace

std::string_view id_of_path(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

/// Ids are unique in a workflow, so a path leads to at most one step: its last id says which, and what stands before it
/// says which rounds of the loops around.
std::optional<Route> find_route(const language::Workflow& workflow, std::string_view path) {
  const std::string_view id = id_of_path(path);
  for (const language::Steps* block : {&workflow.steps, &workflow.on_failure, &workflow.finally}) {
    Route route;
    if (descend(*block, id, route)) return take_rounds(path, route) ? std::optional(std::move(route)) : std::nullopt;
  }
  return std::nullopt;
}

std::string round_prefix(std::string_view loop, std::size_t round) {
  return std::string(loop) + "[" + std::to_string(round) + "].";
}

std::size_t round_of(std::string_view prefix) {
  const std::size_t open = prefix.rfind('[');
  std::size_t round = 0;
  if (open != std::string_view::npos) {
    std::from_chars(prefix.data() + open + 1, prefix.data() + prefix.size(), round);
  }
  return round;
}

bool lies_within(std::string_view path, std::string_view prefix, const language::Step& container) {
  if (!path.starts_with(prefix)) return false;
  const std::string_view rest = path.substr(prefix.size());
  const std::string_view id = rest.substr(0, rest.find_first_of("[."));
  // A loop's rounds begin with its own id.
  return holds(container, id) || (id == container.id && id.size() < rest.size());
}

}  // namespace ipaas::engine
