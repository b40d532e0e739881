#include "cli/output/function_list.h"

#include <cstdio>

#include "core/language/expression/function_docs.h"

namespace ipaas::cli {
namespace {

using language::function_docs;
using language::FunctionDoc;

/// Calls `begin` with each group before `each` with its functions.
template <typename Begin, typename Each>
void walk(Begin begin, Each each) {
  std::string_view group;
  for (const FunctionDoc& function : function_docs()) {
    if (function.group != group) begin(function.group);
    group = function.group;
    each(function);
  }
}

Json types_of(std::uint16_t accepts) { return language::types_text(accepts); }

/// One code point off the front of valid UTF-8.
char32_t take(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t c = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) c = (c << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(length);
  return c;
}

// Text of a manual page: a backslash begins an escape, and what is beyond ASCII has one of its own.
std::string for_manual(std::string_view text) {
  std::string out = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
  while (!text.empty()) {
    const char32_t c = take(text);
    if (c == '\\') {
      out += "\\e";
    } else if (c == '"') {
      out += "\\(dq";
    } else if (c < 0x80) {
      out += static_cast<char>(c);
    } else {
      char escape[16];
      std::snprintf(escape, sizeof escape, "\\[u%04X]", static_cast<unsigned>(c));
      out += escape;
    }
  }
  return out;
}

std::string sentence(std::string_view text) { return std::string(text) + "."; }

}  // namespace

std::string function_list(const Style& style) {
  std::string out =
      "pattern: a regular expression of RE2. time: a string in RFC 3339, or a number of Unix seconds. A name with ? may be\n"
      "left out, one with ... be repeated. Where a string is wanted, numbers, booleans and null become one; where a number\n"
      "is, a string that spells one does. Positions and lengths count characters (code points).\n"
      "Formats of times: %Y %m %d %H %M %S %L (milliseconds) %y %e %j %I %p %F %T %R %B %b %A %a %u %w %G %V %s %z %:z %Z.\n";
  walk([&](std::string_view group) { out += "\n" + style.paint(Colour::kBold, group) + "\n"; },
       [&](const FunctionDoc& function) {
         out += "  " + style.paint(Colour::kCyan, language::signature_of(function)) + "\n";
         out += "      " + sentence(function.summary) + "\n";
         if (!function.errors.empty()) out += "      Fails on: " + sentence(function.errors) + "\n";
         const std::string example = std::string(function.example) + "  gives  " + std::string(function.result);
         out += "      " + style.paint(Colour::kDim, example) + "\n";
       });
  return out;
}

Json function_list_json() {
  Json list = Json::array();
  for (const FunctionDoc& function : function_docs()) {
    Json parameters = Json::array();
    for (const language::Parameter& parameter : language::parameters_of(function)) {
      parameters.push_back({{"name", parameter.name},
                            {"types", types_of(parameter.accepts)},
                            {"optional", parameter.optional},
                            {"repeated", parameter.repeated}});
    }
    list.push_back({{"group", function.group},
                    {"name", function.name},
                    {"signature", language::signature_of(function)},
                    {"parameters", std::move(parameters)},
                    {"returns", function.returns},
                    {"summary", function.summary},
                    {"errors", function.errors},
                    {"example", function.example},
                    {"result", function.result}});
  }
  return list;
}

std::string function_names() {
  constexpr std::size_t kWidth = 100;
  std::string out;
  std::size_t column = 0;
  walk(
      [&](std::string_view group) {
        out += (out.empty() ? "  " : "\n  ") + std::string(group) + ":";
        column = group.size() + 3;
      },
      [&](const FunctionDoc& function) {
        if (column + function.name.size() + 1 > kWidth) {
          out += "\n   ";
          column = 3;
        }
        out += " " + std::string(function.name);
        column += function.name.size() + 1;
      });
  return out;
}

std::string function_manual() {
  std::string out;
  bool open = false;
  walk(
      [&](std::string_view group) {
        if (open) out += ".El\n";
        out += ".Ss Functions: " + for_manual(group) + "\n.Bl -tag -width Ds\n";
        open = true;
      },
      [&](const FunctionDoc& function) {
        out += ".It Li \"" + for_manual(language::signature_of(function)) + "\"\n";
        out += for_manual(sentence(function.summary)) + "\n";
        if (!function.errors.empty()) out += "Fails on: " + for_manual(sentence(function.errors)) + "\n";
        out += ".br\n.Li \"" + for_manual(function.example) + "\"\ngives\n.Li \"" + for_manual(function.result) + "\"\n";
      });
  return out + ".El\n";
}

}  // namespace ipaas::cli
