#include "core/language/formatter/scalar_source.h"

#include <algorithm>

namespace ipaas::language::formatter {
namespace {

constexpr std::string_view kSpace = " \t\n";

std::optional<std::size_t> end_of_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      const bool doubled = quote == '\'' && at + 1 < text.size() && text[at + 1] == quote;
      if (!doubled) return at + 1;
      ++at;
    }
  }
  return std::nullopt;
}

/// Follows the value through the text: a line break is a space in the value, each further one a line break.
std::optional<std::size_t> end_of_plain(std::string_view text, std::size_t at, std::string_view value) {
  while (!value.empty()) {
    const std::size_t space_end = std::min(text.find_first_not_of(kSpace, at), text.size());
    const std::string_view space = text.substr(at, space_end - at);
    const auto breaks = static_cast<std::size_t>(std::count(space.begin(), space.end(), '\n'));
    std::size_t taken = 1;
    if (breaks > 0) {
      const std::string folded = breaks == 1 ? " " : std::string(breaks - 1, '\n');
      if (!value.starts_with(folded)) return std::nullopt;
      taken = folded.size();
      at = space_end;
    } else {
      if (at >= text.size() || text[at] != value.front()) return std::nullopt;
      ++at;
    }
    value.remove_prefix(taken);
  }
  return at;
}

std::size_t indentation(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

std::string_view line_at(std::string_view text, std::size_t at) {
  return text.substr(at, std::min(text.find('\n', at), text.size()) - at);
}

/// Of the content, from the first line that is not blank: how far the source is further in than the value.
std::optional<std::size_t> content_indentation(std::string_view text, std::size_t at, std::string_view value) {
  const std::size_t first = value.find_first_not_of(" \n");
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t line = value.rfind('\n', first) + 1;  // npos + 1 is 0
  const std::size_t inner = first - line;
  while (at < text.size()) {
    const std::string_view source = line_at(text, at);
    const std::size_t outer = indentation(source);
    if (outer < source.size()) return outer >= inner ? std::optional(outer - inner) : std::nullopt;
    at += source.size() + 1;
  }
  return std::nullopt;
}

/// The end of a document, where its root is a block that is not indented.
bool is_marker(std::string_view line) {
  const bool marked = line.starts_with("---") || line.starts_with("...");
  return marked && (line.size() == 3 || line[3] == ' ' || line[3] == '\t');
}

std::optional<ScalarSource> find_block(std::string_view text, const yaml::Piece& scalar) {
  const std::string_view header = line_at(text, scalar.content);
  ScalarSource source;
  BlockText block;
  block.style = header.front();
  const std::size_t hash = header.find('#');
  if (hash != std::string_view::npos) source.header_comment = scalar.content + hash;
  block.keep = header.substr(0, hash).find('+') != std::string_view::npos;
  std::size_t at = std::min(scalar.content + header.size() + 1, text.size());
  source.end = std::min(scalar.content + header.size(), text.size());
  const auto indent = content_indentation(text, at, scalar.text);
  if (!indent) {
    // Nothing but line breaks, which with a `+` are its own.
    while (block.keep && at < text.size() && indentation(line_at(text, at)) == line_at(text, at).size()) {
      at += line_at(text, at).size() + 1;
      source.end = std::min(at, text.size());
    }
    return source;
  }
  std::size_t used = 0;
  while (at < text.size()) {
    const std::string_view line = line_at(text, at);
    const std::size_t spaces = indentation(line);
    if (spaces < *indent && spaces < line.size()) break;
    if (is_marker(line)) break;
    block.lines.emplace_back(line.substr(std::min(*indent, line.size())));
    at += line.size() + 1;
    if (!block.lines.back().empty()) used = block.lines.size();
    if (used == block.lines.size() || block.keep) source.end = std::min(at, text.size());
  }
  block.lines.resize(used);
  // Of spaces at the end of the text yaml-cpp folds one into the value, which no block could be made to end with.
  const std::string_view value = std::string_view(scalar.text).substr(0, scalar.text.find_last_not_of('\n') + 1);
  if (!block.lines.empty() && value.ends_with(block.lines.back())) source.block = std::move(block);
  return source;
}

}  // namespace

std::optional<ScalarSource> find_scalar(std::string_view text, const yaml::Piece& scalar) {
  if (scalar.content >= text.size()) return std::nullopt;
  const char first = text[scalar.content];
  if (!scalar.plain && (first == '|' || first == '>')) return find_block(text, scalar);
  std::optional<std::size_t> end;
  if (!scalar.plain && (first == '"' || first == '\'')) end = end_of_quoted(text, scalar.content);
  if (scalar.plain) end = end_of_plain(text, scalar.content, scalar.text);
  if (!end) return std::nullopt;
  return ScalarSource{*end, std::nullopt, std::nullopt};
}

}  // namespace ipaas::language::formatter
