#include "cli/output/step_tree.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "cli/output/fields.h"

namespace ipaas::cli {
namespace {

/// `notify[3].send`: the step `send` of round 3 of `notify`.
struct Place {
  std::string above;  ///< path, or title; empty at the top
  long round = -1;    ///< of a loop
  std::string id;
};

Place place_of(const std::string& path) {
  const std::size_t dot = path.rfind("].");
  const std::size_t open = dot == std::string::npos ? dot : path.rfind('[', dot);
  if (open == std::string::npos) return {{}, -1, path};
  Place place{path.substr(0, open), 0, path.substr(dot + 2)};
  const auto [end, error] = std::from_chars(path.data() + open + 1, path.data() + dot, place.round);
  if (error != std::errc() || end != path.data() + dot) return {{}, -1, path};
  return place;
}

/// No path begins with a blank.
std::string title_key(const std::string& handler) { return " " + handler; }

class Tree {
 public:
  explicit Tree(const Json& steps) {
    std::map<std::string, bool> known;
    for (const Json& step : steps) known[text_of(step, "path")] = true;
    for (const Json& step : steps) {
      const std::string path = text_of(step, "path");
      Place place = place_of(path);
      if (const std::string within = text_of(step, "within"); !within.empty() && known.contains(within) && within != path) {
        place = {within, -1, place.id};
      } else if (!known.contains(place.above)) {
        place = {{}, -1, path};  // what stands below nothing stands at the top, under its whole path
      }
      if (const std::string handler = text_of(step, "handler"); place.above.empty() && !handler.empty()) {
        place.above = title_key(handler);
        if (!below_.contains(place.above)) below_[""].push_back({{{}, -1, handler}, place.above, nullptr});
      }
      below_[place.above].push_back({place, path, &step});
    }
    for (auto& [above, inner] : below_) {
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

  void add(const std::string& above, std::size_t depth) {
    const auto found = below_.find(above);
    if (found == below_.end()) return;
    for (const Node& node : found->second) {
      const bool round = node.place.round >= 0;
      const std::string number = round ? "[" + std::to_string(node.place.round) + "] " : "";
      rows_.push_back({std::string(2 * depth, ' ') + number + node.place.id, node.step, round});
      if (!node.path.empty()) add(node.path, depth + 1);
    }
  }

  std::map<std::string, std::vector<Node>> below_;  ///< by what they stand below
  std::vector<StepRow> rows_;
};

/// The lower, the sooner it may go.
int weight_of(const StepRow& row) {
  if (row.step == nullptr) return 1;
  const std::string status = text_of(*row.step, "status");
  if (status == "succeeded" || status == "skipped") return row.nested ? 0 : 1;
  if (status == "waiting") return 2;
  return status == "running" ? 3 : 4;
}

std::string mark(const StepRow& first, std::size_t count) {
  const std::size_t indent = std::min(first.label.find_first_not_of(' '), first.label.size());
  return first.label.substr(0, indent) + "… " + std::to_string(count) + " more";
}

/// Which rows stay, so that these and one mark for each gap are no more than fit.
std::vector<bool> kept(const std::vector<StepRow>& rows, std::size_t room) {
  std::vector<std::size_t> order(rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return weight_of(rows[i]); });
  std::vector<bool> stays(rows.size(), true);
  std::size_t lines = rows.size();
  for (std::size_t i : order) {
    if (lines <= room) break;
    const bool gap_before = i > 0 && !stays[i - 1];
    const bool gap_after = i + 1 < rows.size() && !stays[i + 1];
    stays[i] = false;
    // The first of a gap makes room for its mark only; one between two gaps makes them one.
    lines -= static_cast<std::size_t>(gap_before) + static_cast<std::size_t>(gap_after);
  }
  return stays;
}

}  // namespace

std::vector<StepRow> step_rows(const Json& steps) { return Tree(steps).rows(); }

void fit_rows(std::vector<StepRow>& rows, std::size_t room) {
  if (rows.size() <= room) return;
  const std::vector<bool> stays = kept(rows, room);
  std::vector<StepRow> fitting;
  for (std::size_t i = 0; i < rows.size();) {
    if (stays[i]) {
      fitting.push_back(std::move(rows[i++]));
      continue;
    }
    const std::size_t begin = i;
    while (i < rows.size() && !stays[i]) ++i;
    fitting.push_back({mark(rows[begin], i - begin), nullptr, false});
  }
  rows = std::move(fitting);
}

}  // namespace ipaas::cli
