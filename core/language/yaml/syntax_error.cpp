#include "core/language/yaml/syntax_error.h"

#include <array>

namespace ipaas::language::yaml {
namespace {

struct Saying {
  std::string_view library;  ///< the beginning of yaml-cpp's message
  std::string_view message;
  std::string_view hint;
};

constexpr std::string_view kQuote = "quote the text";
constexpr std::string_view kIndent = "check the indentation: keys of one mapping, and items of one list, stand in one column";

constexpr std::array<Saying, 19> kSayings = {{
    {"illegal map value", "a `:` cannot be here", "quote the text if the colon belongs to it, else check the indentation"},
    {"illegal map key", "a key cannot be here", kIndent},
    {"illegal block entry", "a list item cannot be here", "begin the list on a line of its own"},
    {"end of map flow", "expected `,` or `}` here", "separate entries with commas, and quote a text that holds { } [ ] or ,"},
    {"end of sequence flow", "expected `,` or `]` here", "separate items with commas, and quote a text that holds { } [ ] or ,"},
    {"end of map", "this does not belong to the mapping above it", kIndent},
    {"end of sequence", "this does not belong to the list above it", kIndent},
    {"illegal tab", "a tab cannot indent", "use spaces"},
    {"illegal flow end", "nothing is open that this could close", "remove it, or quote the text"},
    {"illegal EOF", "the quoted text is not closed", "write the closing quote"},
    {"illegal document indicator", "the quoted text is not closed before the document ends", "write the closing quote"},
    {"unknown escape character", "this escape does not exist", "write \\\\ for a backslash, or use single quotes"},
    {"bad character found while scanning hex", "this escape is not complete", "write it as \\x41 or \\u0041"},
    {"invalid unicode", "this escape is no character", "write a character outside the surrogates"},
    {"the referenced anchor", "this alias names an anchor that is not above it", "a text that begins with `*` must be quoted"},
    {"alias not found", "a text cannot begin with `*`", kQuote},
    {"illegal character found while scanning alias", "a text cannot begin with `*`", kQuote},
    {"anchor not found", "a text cannot begin with `&`", kQuote},
    {"illegal character found while scanning anchor", "a text cannot begin with `&`", kQuote},
}};

Error syntax_error(SourcePosition position, std::string message, std::string hint) {
  Error error;
  error.kind = ErrorKind::kInvalid;
  error.code = "yaml_syntax";
  error.position = position;
  error.message = std::move(message);
  error.hint = std::move(hint);
  return error;
}

std::string_view line_around(std::string_view text, std::size_t at) {
  const std::size_t before = text.substr(0, at).rfind('\n');
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return text.substr(begin, text.find('\n', begin) - begin);
}

bool begins_with_tab(std::string_view line) {
  const std::size_t first = line.find_first_not_of(' ');
  return first != std::string_view::npos && line[first] == '\t';
}

bool is_bare_expression(std::string_view text, std::size_t at) {
  return at > 0 && at < text.size() && text[at] == '{' && text[at - 1] == '$';
}

}  // namespace

Error explain_syntax_error(std::string_view what, std::string_view text, std::size_t at, SourcePosition position,
                           const FlowOpening& innermost) {
  if (is_bare_expression(text, at)) {
    --position.column;
    return syntax_error(position, "a `${{` inside { } or [ ] must be quoted", "quote it: \"${{ … }}\"");
  }
  const bool flow = what.starts_with("end of map flow") || what.starts_with("end of sequence flow");
  if (flow && innermost.bracket != 0 && text.find_first_not_of(" \t\r\n", at) == std::string_view::npos) {
    return syntax_error(innermost.position, std::string("this `") + innermost.bracket + "` is not closed",
                        innermost.bracket == '{' ? "write the closing `}`" : "write the closing `]`");
  }
  if (what.starts_with("unknown token") && at < text.size() && (text[at] == '@' || text[at] == '`' || text[at] == '%')) {
    return syntax_error(position, std::string("a text cannot begin with `") + text[at] + "`", std::string(kQuote));
  }
  if (begins_with_tab(line_around(text, at))) return syntax_error(position, "a tab cannot indent", "use spaces");
  if (what.starts_with("illegal map value") && line_around(text, at).find("${{") != std::string_view::npos) {
    return syntax_error(position, "a `: ` inside an expression that is not quoted", "quote it: \"${{ … }}\"");
  }
  for (const Saying& saying : kSayings) {
    if (what.starts_with(saying.library)) {
      return syntax_error(position, std::string(saying.message), std::string(saying.hint));
    }
  }
  return syntax_error(position, "this is not YAML", "check the line, and quote texts that hold special characters");
}

}  // namespace ipaas::language::yaml
