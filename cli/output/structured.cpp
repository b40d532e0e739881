#include "cli/output/structured.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>

#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

/// escape_control spells code points up to U+00FF as `\xNN`, which JSON does not know.
std::string escape_for_json(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte != 0x7F && !c1) {
      out += text[i];
      continue;
    }
    const unsigned code = c1 ? static_cast<unsigned char>(text[++i]) : byte;
    out += "\\u00";
    out += "0123456789abcdef"[code >> 4U];
    out += "0123456789abcdef"[code & 15U];
  }
  return escape_control(out, Newlines::kKeep);
}

constexpr int kIndent = 2;

std::string dump(const Json& value, int indent) {
  return escape_for_json(value.dump(indent, ' ', false, Json::error_handler_t::replace)) + "\n";
}

// Words that YAML 1.1 or 1.2 resolves to something that is not a text.
constexpr std::array<std::string_view, 12> kReserved = {"true", "false", "null", "yes",  "no",   "on",
                                                        "off",  "y",     "n",    ".nan", ".inf", "~"};

bool is_plain(const std::string& text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '/'; };
  const auto inner = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ' ' || c == '+' || c == '@' || c == ',';
  };
  if (text.empty() || !letter(text.front()) || text.back() == ' ' || !std::ranges::all_of(text, inner)) return false;
  std::string lower = text;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::ranges::find(kReserved, lower) == kReserved.end();
}

/// A block that is shown as it is: several lines, none of which needs an escape.
bool is_block(const std::string& text) {
  return text.find('\n') != std::string::npos && text.front() != '\n' && text.front() != ' ' && text.back() == '\n' &&
         !text.ends_with("\n\n") && escape_control(text, Newlines::kKeep) == text;
}

void emit(YAML::Emitter& out, const Json& value);

void emit_text(YAML::Emitter& out, const std::string& text) {
  if (is_block(text)) {
    // The block style itself ends the text with a newline.
    out << YAML::Literal << text.substr(0, text.size() - 1);
  } else if (is_plain(text)) {
    out << text;
  } else {
    out << YAML::DoubleQuoted << text;
  }
}

void emit_object(YAML::Emitter& out, const Json& object) {
  if (object.empty()) out << YAML::Flow;
  out << YAML::BeginMap;
  for (const auto& [key, member] : object.items()) {
    out << YAML::Key;
    if (is_plain(key)) {
      out << key;
    } else {
      out << YAML::DoubleQuoted << key;
    }
    out << YAML::Value;
    emit(out, member);
  }
  out << YAML::EndMap;
}

void emit(YAML::Emitter& out, const Json& value) {
  if (value.is_object()) {
    emit_object(out, value);
  } else if (value.is_array()) {
    if (value.empty()) out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const Json& item : value) emit(out, item);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    emit_text(out, value.get_ref<const std::string&>());
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    // Numbers and booleans are written in JSON as in YAML's core schema.
    out << dump_json(value);
  }
}

}  // namespace

std::string json_text(const Json& value) {
  return dump(value, kIndent);
}

std::string json_line(const Json& value) {
  return dump(value, -1);
}

std::string yaml_text(const Json& value) {
  YAML::Emitter out;
  emit(out, value);
  return escape_control(out.c_str(), Newlines::kKeep) + "\n";
}

}  // namespace ipaas::cli
