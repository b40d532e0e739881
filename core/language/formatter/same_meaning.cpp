#include "core/language/formatter/same_meaning.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/language/yaml/scalar.h"

namespace ipaas::language::formatter {
namespace {

using yaml::Piece;

/// NaN, which no value equals, is written in the same letters.
bool same_value(const Piece& a, const Piece& b) {
  if (a.plain && b.plain && a.text == b.text) return true;
  return yaml::resolve({a.text, a.plain}) == yaml::resolve({b.text, b.plain});
}

class Comparison {
 public:
  bool run(const Piece& a, const Piece& b) { return same(a, b) && same_aliases(); }

 private:
  using Pair = std::pair<const Piece*, const Piece*>;

  bool same(const Piece& a, const Piece& b) {
    if (a.kind != b.kind || a.anchor != b.anchor || a.children.size() != b.children.size()) return false;
    if (a.kind == Piece::Kind::kAlias) {
      aliases_.emplace_back(&a, &b);
      return true;
    }
    if (a.anchor_id != 0) anchors_[a.anchor_id] = b.anchor_id;
    if (a.kind == Piece::Kind::kScalar) return same_value(a, b);
    if (a.kind == Piece::Kind::kMapping) return same_entries(a, b);
    for (std::size_t i = 0; i < a.children.size(); ++i) {
      if (!same(a.children[i], b.children[i])) return false;
    }
    return true;
  }

  bool same_entries(const Piece& a, const Piece& b) {
    const std::vector<Pair> left = sorted(a);
    const std::vector<Pair> right = sorted(b);
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (!same(*left[i].first, *right[i].first) || !same(*left[i].second, *right[i].second)) return false;
    }
    return true;
  }

  static std::vector<Pair> sorted(const Piece& mapping) {
    std::vector<Pair> entries;
    for (std::size_t i = 0; i + 1 < mapping.children.size(); i += 2) {
      entries.emplace_back(&mapping.children[i], &mapping.children[i + 1]);
    }
    std::ranges::stable_sort(entries, {},
                             [](const Pair& entry) { return std::tie(entry.first->text, entry.first->anchor); });
    return entries;
  }

  /// Only now are all anchors known.
  bool same_aliases() {
    return std::ranges::all_of(aliases_, [&](const Pair& alias) {
      const auto found = anchors_.find(alias.first->anchor_id);
      return found != anchors_.end() && found->second == alias.second->anchor_id;
    });
  }

  std::unordered_map<std::size_t, std::size_t> anchors_;  ///< ids of a and of b
  std::vector<Pair> aliases_;
};

}  // namespace

bool same_meaning(const std::vector<yaml::LaidOutDocument>& a, const std::vector<yaml::LaidOutDocument>& b) {
  return std::ranges::equal(
      a, b, [](const auto& left, const auto& right) { return Comparison().run(left.root, right.root); });
}

}  // namespace ipaas::language::formatter
