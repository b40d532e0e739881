#include "core/language/formatter/writer.h"

#include <algorithm>

#include "core/language/formatter/one_line.h"

namespace ipaas::language::formatter {
namespace {

using yaml::Piece;

constexpr std::size_t kWidth = 100;
constexpr std::size_t kLevel = 2;
/// A key without a `?` in front may have 1,024 characters.
constexpr std::size_t kLongestKey = 1000;

std::string spaces(std::size_t count) {
  return std::string(count, ' ');
}

/// The value on the part's first line; nothing where it needs lines of its own.
std::optional<std::string> value_on_line(const Part& part, std::string_view line) {
  const std::size_t used = width_of(line) + 1;
  return one_line(part, kWidth - std::min(used, kWidth));
}

/// An item whose first part is behind its dash.
bool continues_dash(const Part& item, std::size_t indent) {
  return item.key == nullptr && item.value->is_collection() && item.value->anchor_id == 0 &&
         !value_on_line(item, spaces(indent) + "-");
}

/// What is above a part: all comments of what shares its first line.
struct Head {
  std::vector<CommentLine> comments;
  bool blank_before = false;  ///< between the comments and the part
};

Head head_of(const Part& part, std::size_t indent) {
  Head head{part.leading, part.blank_before};
  const auto add = [&](const std::string& comment) {
    head.comments.push_back({comment, head.blank_before});
    head.blank_before = false;
  };
  if (part.value->is_collection() && part.parts.empty()) {
    for (const CommentLine& inside : part.footer) add(inside.text);
  }
  // Behind the `|` of a block there is room for one.
  for (std::size_t i = 1; part.block && i < part.trailing.size(); ++i) add(part.trailing[i]);
  if (!continues_dash(part, indent)) return head;
  for (const std::string& comment : part.trailing) add(comment);
  Head inner = head_of(part.parts.front(), indent + kLevel);
  if (inner.comments.empty()) return head;
  inner.comments.front().blank_before = head.blank_before;
  head.comments.insert(head.comments.end(), inner.comments.begin(), inner.comments.end());
  head.blank_before = inner.blank_before;
  return head;
}

/// `|` or `>` with what says how deep its lines are and how it ends.
std::string block_header(const BlockText& block, const std::string& value, std::size_t breaks) {
  std::string header(1, block.style);
  for (const std::string& line : block.lines) {
    if (line.starts_with(' ')) header += std::to_string(kLevel);
    if (!line.empty()) break;
  }
  if (breaks == 0) return header + "-";
  const bool keep = breaks > 1 || (block.keep && !value.empty());
  return keep ? header + "+" : header;
}

}  // namespace

void Writer::write(const Part& root, const Surroundings& around) {
  const Piece& value = *root.value;
  const bool empty = value.kind == Piece::Kind::kNull && !value.written && value.anchor_id == 0;
  begin_document(around, empty);
  first_ = false;
  write_comments(around.header, 0);
  if (!around.header.empty() && around.blank_after_header && !empty) blank_line();
  if (empty) return write_comments(root.footer, 0);
  write_comments(root.leading, 0);
  if (value.is_collection() && root.parts.empty()) write_comments(root.footer, 0);
  write_value(root, "", 0);
}

void Writer::begin_document(const Surroundings& around, bool empty) {
  if (!around.directives.empty() && !first_) end_line("...");
  write_comments(around.before_marker, 0);
  for (const std::string& directive : around.directives) end_line(directive);
  if (!first_ || empty || !around.directives.empty()) end_line("---");
}

void Writer::write_parts(const std::vector<Part>& parts, const std::string& lead, std::size_t indent) {
  for (const Part& part : parts) {
    const bool first = &part == &parts.front();
    // The comments of what continues a line are above that line already.
    if (first && !lead.empty()) {
      write_part(part, lead, indent);
      continue;
    }
    Head head = head_of(part, indent);
    if (first) (head.comments.empty() ? head.blank_before : head.comments.front().blank_before) = false;
    write_comments(head.comments, indent);
    if (head.blank_before) blank_line();
    write_part(part, spaces(indent), indent);
  }
}

void Writer::write_part(const Part& part, std::string line, std::size_t indent) {
  if (part.key == nullptr) {
    line += "-";
    if (!continues_dash(part, indent)) return write_value(part, std::move(line), indent + kLevel);
    write_parts(part.parts, line + " ", indent + kLevel);
    return write_comments(part.footer, indent + kLevel);
  }
  const std::string key = key_text(*part.key, Style::kBlock);
  if (key.size() > kLongestKey) {
    end_line(line + "? " + key);
    line = spaces(indent);
  } else {
    line += key;
  }
  write_value(part, line + ":", indent + kLevel);
}

void Writer::write_value(const Part& part, std::string line, std::size_t indent) {
  if (part.value->kind != Piece::Kind::kAlias) append_word(line, anchor_of(*part.value));
  if (part.block) return write_block(part, std::move(line), indent);
  if (const auto value = value_on_line(part, line)) {
    append_word(line, *value);
    end_line(line, part.trailing);
    const bool inside = part.value->is_collection() && part.parts.empty();
    if (!inside) write_comments(part.footer, indent);
    return;
  }
  if (!line.empty() || !part.trailing.empty()) end_line(line, part.trailing);
  write_parts(part.parts, "", indent);
  write_comments(part.footer, indent);
}

void Writer::write_block(const Part& part, std::string line, std::size_t indent) {
  const std::string& value = part.value->text;
  const std::size_t breaks = value.size() - (value.find_last_not_of('\n') + 1);
  const std::string header = block_header(*part.block, value, breaks);
  append_word(line, header);
  end_line(line, part.trailing.empty() ? part.trailing : std::vector{part.trailing.front()});
  const std::size_t content = std::max(indent, kLevel);
  for (const std::string& text : part.block->lines) end_line(text.empty() ? "" : spaces(content) + text);
  for (std::size_t i = 1; i < breaks; ++i) end_line("");
  keeps_breaks_ = header.ends_with('+');
  write_comments(part.footer, 0);
}

void Writer::write_comments(const std::vector<CommentLine>& comments, std::size_t indent) {
  for (const CommentLine& comment : comments) {
    if (comment.blank_before) blank_line();
    end_line(spaces(indent) + comment.text);
  }
}

void Writer::end_line(const std::string& line, const std::vector<std::string>& trailing) {
  out_ += line;
  const std::size_t column = line.empty() ? 0 : width_of(line) + 2;
  for (const std::string& comment : trailing) {
    const bool below = &comment != &trailing.front();
    if (below) out_ += '\n';
    out_ += spaces(below ? column : column - width_of(line)) + comment;
  }
  out_ += '\n';
  keeps_breaks_ = false;
}

void Writer::blank_line() {
  if (!out_.empty() && !keeps_breaks_) out_ += '\n';
}

}  // namespace ipaas::language::formatter
