#include "core/language/formatter/comments.h"

#include <algorithm>

#include "core/language/formatter/scalar_text.h"

namespace ipaas::language::formatter {
namespace {

using yaml::Piece;

/// A comment or a directive and where it is.
struct Found {
  std::size_t at;
  std::string text;
};

struct Findings {
  std::vector<Found> comments;
  std::vector<Found> directives;
};

std::string_view rest_of_line(std::string_view text, std::size_t at) {
  std::string_view line = text.substr(at, std::min(text.find('\n', at), text.size()) - at);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  return line;
}

/// Looks between the scalars, where a `#` always begins a comment.
Findings find_all(std::string_view text, Region region, const TakenApart& document) {
  Findings findings;
  for (const std::size_t at : document.header_comments)
    findings.comments.push_back({at, std::string(rest_of_line(text, at))});
  auto scalar = document.scalars.begin();
  for (std::size_t at = region.begin; at < region.end;) {
    while (scalar != document.scalars.end() && scalar->end <= at) ++scalar;
    if (scalar != document.scalars.end() && scalar->begin <= at) {
      at = std::max(scalar->end, at + 1);
    } else if (text[at] == '#') {
      findings.comments.push_back({at, std::string(rest_of_line(text, at))});
      at = std::min(text.find('\n', at), text.size());
    } else if (text[at] == '%' && (at == 0 || text[at - 1] == '\n')) {
      findings.directives.push_back({at, std::string(rest_of_line(text, at))});
      at = std::min(text.find('\n', at), text.size());
    } else {
      at = text[at] == '&' || text[at] == '*' ? yaml::end_of_anchor(text, at) : at + 1;
    }
  }
  std::ranges::sort(findings.comments, {}, &Found::at);
  return findings;
}

/// A part in the order of the text, with the way up.
struct Seat {
  Part* part;
  std::size_t parent;  ///< index of its seat; of the root its own
  std::size_t column;
};

class Attachment {
 public:
  Attachment(std::string_view text, const Lines& lines, TakenApart& document)
      : text_(text), lines_(lines), document_(document) {
    seat(document.root, 0);
  }

  void add(const Found& comment) {
    if (!lines_.begins_line(comment.at) || in_block_header(comment.at)) return add_trailing(comment);
    if (continues_trailing(comment)) return last_trailing_->push_back(comment.text);
    last_trailing_ = nullptr;
    add_own_line(comment);
  }

  /// An empty line is above this place, which begins its line.
  [[nodiscard]] bool blank_above(std::size_t at) const { return lines_.blank_above(at, end_of_scalar_before(at)); }

 private:
  void seat(Part& part, std::size_t parent) {
    const std::size_t own = seats_.size();
    seats_.push_back({&part, parent, lines_.column(part.start)});
    part.blank_before = blank_above(part.start);
    for (Part& child : part.parts) seat(child, own);
  }

  /// What ends with a line break that belongs to a value has no empty line of its own there.
  [[nodiscard]] std::size_t end_of_scalar_before(std::size_t at) const {
    const auto& scalars = document_.scalars;
    const auto after = std::ranges::lower_bound(scalars, at, {}, &Stretch::begin);
    return after == scalars.begin() ? 0 : std::prev(after)->end;
  }

  [[nodiscard]] bool in_block_header(std::size_t at) const {
    return std::ranges::binary_search(document_.header_comments, at);
  }

  /// The last part that begins in front of this place.
  [[nodiscard]] std::size_t last_before(std::size_t at) const {
    const auto after = std::ranges::upper_bound(seats_, at, {}, [](const Seat& one) { return one.part->start; });
    return after == seats_.begin() ? 0 : static_cast<std::size_t>(after - seats_.begin()) - 1;
  }

  [[nodiscard]] bool closed_flow(std::size_t seat, std::size_t at) const {
    const Piece& container = *seats_[seats_[seat].parent].part->value;
    return seat != 0 && container.flow && seats_[seats_[seat].parent].part->end <= at;
  }

  void add_trailing(const Found& comment) {
    std::size_t owner = last_before(comment.at);
    while (closed_flow(owner, comment.at)) owner = seats_[owner].parent;
    std::vector<std::string>& trailing = seats_[owner].part->trailing;
    if (!trailing.empty()) {
      seats_[owner].part->leading.push_back({comment.text, false});
      last_trailing_ = nullptr;
      return;
    }
    trailing.push_back(comment.text);
    last_trailing_ = in_block_header(comment.at) ? nullptr : &trailing;
    trailing_at_ = comment.at;
  }

  /// Directly below a trailing comment and as far in as that.
  bool continues_trailing(const Found& comment) {
    if (last_trailing_ == nullptr) return false;
    const bool next_line = lines_.number(comment.at) == lines_.number(trailing_at_) + 1;
    const bool aligned = next_line && characters_before(comment.at) == characters_before(trailing_at_);
    if (aligned) trailing_at_ = comment.at;
    return aligned;
  }

  [[nodiscard]] std::size_t characters_before(std::size_t at) const {
    return width_of(text_.substr(lines_.start(at), lines_.column(at)));
  }

  void add_own_line(const Found& comment) {
    const CommentLine line{comment.text, blank_above(comment.at)};
    const std::size_t last = last_before(comment.at);
    Part& part = *seats_[last].part;
    // Between a key and its value there is no place for it.
    const bool has_value = part.value->kind != Piece::Kind::kNull || part.value->written;
    const bool value_follows = has_value && !part.is_block_collection() && part.value->content > comment.at;
    if (value_follows) return part.leading.push_back(line);

    const std::size_t next = last + 1;
    if (const auto flow = open_flow(last, comment.at)) {
      const bool inside = next < seats_.size() && seats_[next].part->start < seats_[*flow].part->end;
      return (inside ? seats_[next].part->leading : seats_[*flow].part->footer).push_back(line);
    }
    const std::size_t column = lines_.column(comment.at);
    if (const auto ending = ending_at(last, next, column)) return seats_[*ending].part->footer.push_back(line);
    if (next < seats_.size()) return seats_[next].part->leading.push_back(line);
    document_.root.footer.push_back(line);
  }

  /// The innermost list or mapping in brackets that is open at this place.
  [[nodiscard]] std::optional<std::size_t> open_flow(std::size_t seat, std::size_t at) const {
    while (true) {
      const Part& part = *seats_[seat].part;
      if (part.value->is_collection() && part.value->flow && part.value->content < at && at < part.end) return seat;
      if (seat == 0) return std::nullopt;
      seat = seats_[seat].parent;
    }
  }

  /// Of the collections that end above the next part, the one that a comment at this column belongs to.
  [[nodiscard]] std::optional<std::size_t> ending_at(std::size_t last, std::size_t next, std::size_t column) const {
    const bool more = next < seats_.size();
    if (more && column <= seats_[next].column) return std::nullopt;
    const std::size_t next_owner = more ? seats_[next].parent : seats_.size();
    std::optional<std::size_t> best;
    std::size_t best_column = 0;
    const bool empty = seats_[last].part->value->kind == Piece::Kind::kNull;
    if (empty && last != 0 && column > seats_[last].column) return last;
    for (std::size_t seat = last; seat != next_owner; seat = seats_[seat].parent) {
      const Part& part = *seats_[seat].part;
      if (part.is_block_collection() && !part.parts.empty()) {
        const std::size_t own = lines_.column(part.parts.front().start);
        const bool fits = own <= column && (!best || own >= best_column);
        if (fits) best = seat;
        if (fits) best_column = own;
      }
      if (seat == 0) break;
    }
    return best;
  }

  std::string_view text_;
  const Lines& lines_;
  TakenApart& document_;
  std::vector<Seat> seats_;
  std::vector<std::string>* last_trailing_ = nullptr;
  std::size_t trailing_at_ = 0;
};

}  // namespace

Surroundings attach_comments(std::string_view text, const Lines& lines, Region region, TakenApart& document,
                             std::vector<std::string>& next_directives) {
  const Findings findings = find_all(text, region, document);
  Attachment attachment(text, lines, document);
  Surroundings around;
  const Piece& root = *document.root.value;
  const bool empty = root.kind == Piece::Kind::kNull && !root.written && root.anchor_id == 0;
  const std::size_t first = empty ? region.end : root.begin;
  std::size_t marker = 0;
  for (const Found& directive : findings.directives) {
    (directive.at < first && region.begin == 0 ? around.directives : next_directives).push_back(directive.text);
    if (directive.at < first && region.begin == 0) marker = directive.at;
  }
  for (const Found& comment : findings.comments) {
    const CommentLine line{comment.text, attachment.blank_above(comment.at)};
    if (comment.at < marker) {
      around.before_marker.push_back(line);
    } else if (comment.at < first) {
      around.header.push_back(line);
    } else {
      attachment.add(comment);
    }
  }
  if (!empty) around.blank_after_header = attachment.blank_above(first);
  return around;
}

std::vector<std::string> list_comments(std::string_view text, Region region, const TakenApart& document) {
  std::vector<std::string> comments;
  for (const Found& comment : find_all(text, region, document).comments) comments.push_back(comment.text);
  return comments;
}

}  // namespace ipaas::language::formatter
