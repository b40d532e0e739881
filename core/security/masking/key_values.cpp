#include "core/security/masking/key_values.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "core/base/letter_case.h"
#include "core/security/masking/key_names.h"

namespace ipaas::security::masking {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::string_view kNone = {};

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_space(char c) { return is_blank(c) || c == '\n' || c == '\r'; }
bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_byte(char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; }

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view other) {
    return equal_letters(word, other);
  });
}

/// Reads the text forward from one place.
class Reader {
 public:
  Reader(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip(std::size_t count) { at_ = std::min(at_ + count, text_.size()); }
  template <typename Matches>
  void skip_while(Matches matches) {
    while (at_ < text_.size() && matches(text_[at_])) ++at_;
  }
  bool take(std::string_view word) {
    if (!rest().starts_with(word)) return false;
    skip(word.size());
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_;
};

/// A quotation mark as it stands in JSON that was put into a JSON string `slashes` deep.
struct Quote {
  char mark = '"';
  std::size_t slashes = 0;
};

std::optional<Quote> take_quote(Reader& reader) {
  Reader ahead = reader;
  ahead.skip_while([](char c) { return c == '\\'; });
  const Quote quote{ahead.peek(), ahead.at() - reader.at()};
  if (quote.mark != '"' && quote.mark != '\'') return std::nullopt;
  ahead.skip(1);
  reader = ahead;
  return quote;
}

/// Where the quoted text ends that begins at `begin`. An escaped mark inside has another number of backslashes before it:
/// n deep, a backslash of the text is 2(n+1) of them. Without an end it is the line.
std::size_t end_of_quoted(std::string_view text, std::size_t begin, Quote quote) {
  std::size_t slashes = 0;
  for (std::size_t at = begin; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++slashes;
      continue;
    }
    // YAML doubles the mark inside '…'.
    if (quote.mark == '\'' && at > begin && text.substr(at, 2) == "''") {
      ++at;
      continue;
    }
    if (text[at] == quote.mark && slashes % (2 * (quote.slashes + 1)) == quote.slashes) return at - quote.slashes;
    slashes = 0;
  }
  return std::min(text.find('\n', begin), text.size());
}

/// A name, and what stood around it.
struct Name {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view text = kNone;
  bool quoted = false;
  bool flag = false;   ///< `--name`
  bool query = false;  ///< after `?` or `&`
  char before = '\0';
};

std::optional<Name> name_around(std::string_view text, std::size_t at) {
  Name name{at, at, {}, false, false, false, '\0'};
  while (name.begin > 0 && at - name.begin < kLongestName && is_name_byte(text[name.begin - 1])) --name.begin;
  while (name.end < text.size() && name.end - at < kLongestName && is_name_byte(text[name.end])) ++name.end;
  // Longer than any name, and no separator in reach.
  if (name.end < text.size() && is_name_byte(text[name.end])) return std::nullopt;
  name.flag = text.substr(name.begin).starts_with("--");
  while (name.begin < name.end && text[name.begin] == '-') ++name.begin;
  name.text = text.substr(name.begin, name.end - name.begin);
  name.before = name.begin > 0 ? text[name.begin - 1] : '\0';
  name.query = name.before == '?' || name.before == '&' || text.substr(0, name.begin).ends_with("&amp;") ||
               text.substr(0, name.begin).ends_with("\\u0026");
  if (is_secret_name(name.text) || (name.query && is_secret_query_name(name.text))) return name;
  // "API key: …" in prose.
  const std::string_view words = text.substr(0, name.begin);
  const std::string_view word = words.substr(words.size() - std::min<std::size_t>(4, words.size()));
  if (is_one_of(name.text, {"key"}) && is_one_of(word, {"api ", "api_"})) return name;
  return std::nullopt;
}

enum class Separator { kNothing, kColon, kEquals, kElement, kBlank, kPercent };

Separator take_separator(Reader& reader, Name& name) {
  if (name.before == '<' && reader.take(">")) return Separator::kElement;
  if (name.flag && is_blank(reader.peek())) {
    reader.skip_while(is_blank);
    return reader.peek() == '-' ? Separator::kNothing : Separator::kBlank;
  }
  if (reader.take("%3D") || reader.take("%3d")) return Separator::kPercent;
  name.quoted = take_quote(reader).has_value();
  reader.skip_while(name.quoted ? is_space : is_blank);
  if (reader.rest().starts_with("==")) return Separator::kNothing;
  if (reader.take("=>") || reader.take(":=") || reader.take("=")) return Separator::kEquals;
  return reader.take(":") ? Separator::kColon : Separator::kNothing;
}

/// Is there nothing before the name on its line but what YAML and headers put there?
bool opens_line(std::string_view text, std::size_t begin) {
  while (begin > 0 && (is_blank(text[begin - 1]) || text[begin - 1] == '-')) --begin;
  return begin == 0 || text[begin - 1] == '\n';
}

bool ends_bare(std::string_view text, std::size_t at) {
  const char c = text[at];
  const char next = at + 1 < text.size() ? text[at + 1] : '\0';
  if (is_space(c) || c == ',' || c == ';' || c == '&' || c == '<' || c == '>' || c == '"') return true;
  if (c == '\'' || c == '`') return !is_alnum(next);
  if (c == '\\') return next == '"' || next == '\'' || next == 'n' || next == 'r' || next == 't' || next == 'u' || next == '\\';
  return false;
}

std::size_t end_of_bare(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && !ends_bare(text, end)) ++end;
  // `f(password=x)`: the bracket is the sentence's.
  while (end > begin && (text[end - 1] == ')' || text[end - 1] == ']' || text[end - 1] == '}')) --end;
  return end;
}

std::size_t end_of_line(std::string_view text, std::size_t begin, char until) {
  std::size_t end = begin;
  while (end < text.size() && text[end] != '\n' && text[end] != until) ++end;
  while (end > begin && is_space(text[end - 1])) --end;
  return end;
}

void add(std::size_t begin, std::size_t end, Spans& spans) {
  if (begin < end) spans.push_back({begin, end});
}

std::size_t indentation(std::string_view text, std::size_t line) {
  std::size_t count = 0;
  while (line + count < text.size() && text[line + count] == ' ') ++count;
  return count;
}

/// `|` or `>` and the lines below that are indented deeper than the name's.
bool add_block(std::string_view text, const Name& name, std::size_t begin, Spans& spans) {
  const std::size_t line_end = std::min(text.find('\n', begin), text.size());
  const std::string_view header = text.substr(begin, end_of_line(text, begin, '\n') - begin);
  if (header.empty() || (header[0] != '|' && header[0] != '>') || header.size() > 3) return false;
  const std::size_t newline = name.begin == 0 ? std::string_view::npos : text.rfind('\n', name.begin - 1);
  const std::size_t indent = indentation(text, newline == std::string_view::npos ? 0 : newline + 1);
  std::size_t first = std::string_view::npos;
  std::size_t end = line_end;
  for (std::size_t line = line_end + 1; line < text.size();) {
    const std::size_t depth = indentation(text, line);
    const std::size_t next = std::min(text.find('\n', line), text.size());
    const bool empty = line + depth >= next;
    if (!empty && depth <= indent) break;
    if (!empty) {
      first = std::min(first, line + depth);
      end = next;
    }
    line = next + 1;
  }
  if (first != std::string_view::npos) add(first, end, spans);
  return true;
}

void add_array(std::string_view text, Reader reader, Spans& spans) {
  while (reader.at() < text.size()) {
    reader.skip_while([](char c) { return is_space(c) || c == ','; });
    const char next = reader.peek();
    if (next == ']' || next == '[' || next == '{' || next == '\0') return;
    const std::optional<Quote> quote = take_quote(reader);
    const std::size_t end = quote ? end_of_quoted(text, reader.at(), *quote) : end_of_bare(text, reader.at());
    add(reader.at(), end, spans);
    if (!quote && end == reader.at()) return;
    reader.skip(end - reader.at() + (quote ? quote->slashes + 1 : 0));
  }
}

/// `Bearer x` after a name: the word is kept, what follows is the secret.
void add_bare(std::string_view text, std::size_t begin, Spans& spans) {
  std::size_t end = end_of_bare(text, begin);
  if (is_one_of(text.substr(begin, end - begin), {"bearer", "basic", "token", "digest", "negotiate"}) && end < text.size() &&
      text[end] == ' ') {
    begin = std::min(text.find_first_not_of(' ', end), text.size());
    end = end_of_bare(text, begin);
  }
  if (!is_one_of(text.substr(begin, end - begin), {"true", "false", "null", "none", "nil", "undefined", "~"})) {
    add(begin, end, spans);
  }
}

void add_line(std::string_view text, const Name& name, std::size_t begin, Spans& spans) {
  // `-H "Authorization: …"`: the quotation mark before the name ends the value.
  const char until = name.before == '"' || name.before == '\'' ? name.before : '\n';
  const std::size_t end = end_of_line(text, begin, until);
  if (text.substr(begin, end - begin).find(' ') == std::string_view::npos) return add_bare(text, begin, spans);
  const std::size_t word = text.find(' ', begin);
  const bool scheme = is_one_of(text.substr(begin, word - begin), {"bearer", "basic", "token", "digest", "negotiate"});
  add(scheme ? word + 1 : begin, end, spans);
}

bool takes_line(std::string_view text, const Name& name) {
  const bool header = is_one_of(name.text, {"authorization", "proxy-authorization", "cookie", "set-cookie"});
  return opens_line(text, name.begin) || (header && !name.quoted);
}

}  // namespace

void find_value(std::string_view text, std::size_t at, Spans& spans) {
  std::optional<Name> name = name_around(text, at);
  if (!name) return;
  Reader reader(text, name->end);
  const Separator separator = take_separator(reader, *name);
  if (separator == Separator::kNothing) return;
  if (separator == Separator::kElement) return add(reader.at(), std::min(text.find('<', reader.at()), text.size()), spans);
  if (separator == Separator::kPercent) {
    const std::size_t end = end_of_bare(text, reader.at());
    return add(reader.at(), std::min(text.find("%26", reader.at()), end), spans);
  }
  const bool line = separator == Separator::kColon && !name->quoted && takes_line(text, *name);
  reader.skip_while(name->quoted ? is_space : is_blank);
  if (const std::optional<Quote> quote = take_quote(reader)) {
    return add(reader.at(), end_of_quoted(text, reader.at(), *quote), spans);
  }
  const char first = reader.peek();
  if (first == '{') return;
  if (first == '[') {
    reader.skip(1);
    return add_array(text, reader, spans);
  }
  if (line && add_block(text, *name, reader.at(), spans)) return;
  if (line) return add_line(text, *name, reader.at(), spans);
  add_bare(text, reader.at(), spans);
}

}  // namespace ipaas::security::masking
