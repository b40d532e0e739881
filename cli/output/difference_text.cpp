#include "cli/output/difference_text.h"

#include <algorithm>

#include "cli/output/structured.h"
#include "cli/unified_diff.h"
#include "core/security/json_masking.h"

namespace ipaas::cli {
namespace {

using language::Change;

constexpr std::size_t kShort = 60;     ///< bytes of a value beside another on one line
constexpr std::size_t kLongest = 300;  ///< bytes of any line
constexpr std::size_t kBlock = 40;     ///< lines of a value

std::string cut(std::string text) {
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  const std::string rest = std::to_string(text.size() - end);
  text.resize(end);
  return text + "... (" + rest + " bytes more)";
}

/// A value on one line, or nothing where it takes several.
std::optional<std::string> on_one_line(const Json& value) {
  if (value.is_structured() && !value.empty()) return std::nullopt;
  if (value.is_string() && value.get_ref<const std::string&>().find('\n') != std::string::npos) return std::nullopt;
  return dump_json(value);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    lines.emplace_back(line);
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return lines;
}

class Lines {
 public:
  explicit Lines(ChangeLayout layout) : layout_(layout) {}

  void add(const Change& change) {
    switch (change.kind) {
      case Change::Kind::kAdded:
        return value('+', change.path, change.after);
      case Change::Kind::kRemoved:
        return value('-', change.path, change.before);
      case Change::Kind::kMoved:
        return line(about(),
                    change.path + ": moved from place " + dump_json(change.before) + " to " + dump_json(change.after));
      case Change::Kind::kChanged:
        return changed(change);
    }
  }
  [[nodiscard]] std::vector<DifferenceLine> take() { return std::move(lines_); }

 private:
  /// Before a line that tells instead of showing; GitHub colours `!` in a diff.
  [[nodiscard]] char about() const { return layout_ == ChangeLayout::kOneLine ? '~' : '!'; }

  void line(char mark, std::string text) { lines_.push_back({mark, cut(std::move(text))}); }

  void value(char mark, const std::string& path, const Json& value) {
    if (auto text = on_one_line(value)) return line(mark, path + ": " + *std::move(text));
    line(mark, path + ":");
    block(value.is_string() ? lines_of(value.get_ref<const std::string&>()) : lines_of(yaml_text(value)),
          [&](const std::string& text) { line(mark, "  " + text); });
  }

  void changed(const Change& change) {
    const auto before = on_one_line(change.before);
    const auto after = on_one_line(change.after);
    if (change.before == change.after) return line(about(), change.path + ": is another secret");
    if (change.before.is_string() && change.after.is_string() && !(before && after)) return lines(change);
    const bool is_short = before && after && before->size() <= kShort && after->size() <= kShort;
    if (is_short && layout_ == ChangeLayout::kOneLine) {
      return line('~', change.path + ": " + *before + " -> " + *after);
    }
    value('-', change.path, change.before);
    value('+', change.path, change.after);
  }

  /// The lines of a text that differ, with a few around them.
  void lines(const Change& change) {
    line(about(), change.path + ":");
    const std::string diff =
        unified_diff(change.before.get_ref<const std::string&>(), change.after.get_ref<const std::string&>());
    block(lines_of(diff), [&](const std::string& text) {
      const char mark = text.starts_with('+') || text.starts_with('-') ? text.front() : ' ';
      const bool marked = mark != ' ' || text.starts_with(' ');
      if (text.starts_with("@@") || text.starts_with('\\')) return;
      line(mark, "  " + (marked ? text.substr(1) : text));
    });
  }

  template <typename Show>
  void block(const std::vector<std::string>& lines, const Show& show) {
    const std::size_t shown = lines.size() <= kBlock + 1 ? lines.size() : kBlock;
    for (std::size_t i = 0; i < shown; ++i) show(lines[i]);
    if (shown < lines.size()) line(' ', "  ... " + std::to_string(lines.size() - shown) + " more lines");
  }

  ChangeLayout layout_;
  std::vector<DifferenceLine> lines_;
};

}  // namespace

Change masked(const Change& change, const security::Masker& masker) {
  Change safe = change;
  safe.path = masker.mask(change.path);
  if (change.kind == Change::Kind::kMoved) return safe;
  // A value alone does not tell that it is a password; together with its key it does.
  for (Json* value : {&safe.before, &safe.after}) {
    if (value->is_null()) continue;
    *value = security::mask_json(masker, Json{{change.key, *value}}).front();
  }
  return safe;
}

std::vector<DifferenceLine> difference_lines(const std::vector<Change>& changes, const security::Masker& masker,
                                             ChangeLayout layout) {
  Lines lines(layout);
  for (const Change& change : changes) lines.add(masked(change, masker));
  return lines.take();
}

}  // namespace ipaas::cli
