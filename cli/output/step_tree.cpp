#include "cli/output/step_tree.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "cli/output/fields.h"

namespace ipaas::cli {
namespace {

/// `notify[3].send`: the step `send` of round 3 of `notify`.
struct Place {
  std::string loop;  ///< path; empty at the top
  long round = 0;
  std::string id;
};

Place place_of(const std::string& path) {
  const std::size_t dot = path.rfind("].");
  const std::size_t open = dot == std::string::npos ? dot : path.rfind('[', dot);
  if (open == std::string::npos) return {{}, 0, path};
  Place place{path.substr(0, open), 0, path.substr(dot + 2)};
  const auto [end, error] = std::from_chars(path.data() + open + 1, path.data() + dot, place.round);
  if (error != std::errc() || end != path.data() + dot) return {{}, 0, path};
  return place;
}

class Tree {
 public:
  explicit Tree(const Json& steps) {
    std::map<std::string, bool> known;
    for (const Json& step : steps) known[text_of(step, "path")] = true;
    for (const Json& step : steps) {
      const std::string path = text_of(step, "path");
      Place place = place_of(path);
      // What stands below nothing stands at the top, under its whole path.
      if (!known.contains(place.loop)) place = {{}, 0, path};
      below_[place.loop].push_back({place, path, &step});
    }
    for (auto& [loop, inner] : below_) {
      std::ranges::stable_sort(inner, {}, [](const Node& node) { return node.place.round; });
    }
  }

  [[nodiscard]] std::vector<StepRow> rows() && {
    add("", 0);
    return std::move(rows_);
  }

 private:
  struct Node {
    Place place;
    std::string path;
    const Json* step;
  };

  void add(const std::string& loop, std::size_t depth) {
    const auto found = below_.find(loop);
    if (found == below_.end()) return;
    for (const Node& node : found->second) {
      const bool nested = !node.place.loop.empty();
      const std::string round = nested ? "[" + std::to_string(node.place.round) + "] " : "";
      rows_.push_back({std::string(2 * depth, ' ') + round + node.place.id, node.step, nested});
      if (!node.path.empty()) add(node.path, depth + 1);
    }
  }

  std::map<std::string, std::vector<Node>> below_;  ///< by the path of the loop
  std::vector<StepRow> rows_;
};

bool ended_well(const StepRow& row) {
  const std::string status = text_of(*row.step, "status");
  return status == "succeeded" || status == "skipped";
}

}  // namespace

std::vector<StepRow> step_rows(const Json& steps) { return Tree(steps).rows(); }

std::size_t fit_rows(std::vector<StepRow>& rows, std::size_t room) {
  const std::size_t all = rows.size();
  const auto drop = [&](const auto& may_go) {
    std::size_t too_many = rows.size() > room ? rows.size() - room : 0;
    std::erase_if(rows, [&](const StepRow& row) {
      if (too_many == 0 || !may_go(row)) return false;
      --too_many;
      return true;
    });
  };
  drop([](const StepRow& row) { return row.nested && ended_well(row); });
  drop(ended_well);
  if (rows.size() > room) rows.resize(room);
  return all - rows.size();
}

}  // namespace ipaas::cli
