#include "core/security/masking/encoded_forms.h"

#include <array>
#include <cstdint>

#include "core/base/encoding.h"
#include "core/security/masking/value_forms.h"

namespace ipaas::security::masking {
namespace {

constexpr std::string_view kLowerHex = "0123456789abcdef";
constexpr std::string_view kUpperHex = "0123456789ABCDEF";

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string percent_encoded(std::string_view text, std::string_view kept, std::string_view digits, bool plus) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (plus && c == ' ') {
      out += '+';
    } else if (is_alnum(c) || kept.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
  return out;
}

struct JsonStyle {
  bool slash = false;        ///< `\/`
  bool ascii = false;        ///< `\u` for what is not ASCII
  bool del = false;          ///< `\u007f`, which some call ASCII and some do not
  bool html = false;         ///< `\u003c` for < > & '
  bool short_names = true;   ///< `\n`, not `\u000a`
  std::string_view digits = kLowerHex;
};

void add_unit(std::string& out, std::uint32_t unit, std::string_view digits) {
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out += digits[unit >> shift & 15U];
}

void add_code_point(std::string& out, std::uint32_t code, std::string_view digits) {
  if (code >= 0x10000) {
    add_unit(out, 0xD800 + ((code - 0x10000) >> 10U), digits);
    code = 0xDC00 + ((code - 0x10000) & 0x3FFU);
  }
  add_unit(out, code, digits);
}

/// The code point at the front of text that is taken for UTF-8, and its size; a byte that cannot be is itself.
std::pair<std::uint32_t, std::size_t> code_point(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  if (size == 1 || text.size() < size) return {first, 1};
  std::uint32_t code = first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return {code, size};
}

void add_json_ascii(std::string& out, char c, const JsonStyle& style) {
  constexpr std::string_view kNamed = "\b\f\n\r\t";
  constexpr std::string_view kNames = "bfnrt";
  const std::size_t named = kNamed.find(c);
  if (c == '"' || c == '\\' || (c == '/' && style.slash)) {
    out += '\\';
    out += c;
  } else if (named != std::string_view::npos && style.short_names) {
    out += '\\';
    out += kNames[named];
  } else if (static_cast<unsigned char>(c) < 0x20 || (style.del && c == '\x7F') ||
             (style.html && std::string_view("<>&'").find(c) != std::string_view::npos)) {
    add_unit(out, static_cast<unsigned char>(c), style.digits);
  } else {
    out += c;
  }
}

std::string json_escaped(std::string_view text, const JsonStyle& style) {
  std::string out;
  while (!text.empty()) {
    const auto [code, size] = code_point(text);
    if (code < 0x80) {
      add_json_ascii(out, text[0], style);
    } else if (style.ascii) {
      add_code_point(out, code, style.digits);
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return out;
}

std::string xml_escaped(std::string_view text, std::string_view quote, std::string_view apostrophe) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += quote; break;
      case '\'': out += apostrophe; break;
      default: out += c;
    }
  }
  return out;
}

std::string without_end(std::string text, std::size_t count) {
  text.resize(text.size() - count);
  return text;
}

}  // namespace

void add_base64(std::string_view text, std::set<std::string>& forms) {
  // Digits at the front that hold bits of the bytes before, by offset.
  constexpr std::array<std::size_t, 3> kShared = {0, 2, 3};
  for (std::size_t offset = 0; offset < kShared.size(); ++offset) {
    const std::string shifted = std::string(offset, '\0') + std::string(text);
    const std::size_t digits = shifted.size() * 8 / 6;  // wholly ours
    for (const Base64Alphabet alphabet : {Base64Alphabet::kStandard, Base64Alphabet::kUrl}) {
      const std::string encoded = base64_encode(shifted, alphabet).substr(kShared.at(offset));
      forms.insert(encoded.substr(0, digits - kShared.at(offset)));
      forms.insert(encoded);
      if (alphabet == Base64Alphabet::kUrl) forms.insert(encoded + std::string((3 - shifted.size() % 3) % 3, '='));
      if (alphabet == Base64Alphabet::kStandard) forms.insert(without_end(encoded, (3 - shifted.size() % 3) % 3));
    }
  }
}

void add_hex(std::string_view text, std::set<std::string>& forms) {
  std::string hex = hex_encode(text);
  forms.insert(hex);
  for (char& c : hex) {
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  }
  forms.insert(std::move(hex));
}

void add_url(std::string_view text, std::set<std::string>& forms) {
  constexpr std::array<std::string_view, 6> kKept = {
      "-._~",                // RFC 3986
      "-._~/",               // Python's quote
      "-._~!'()*",           // encodeURIComponent
      "-._~!'()*;/?:@&=+$,#",  // encodeURI
      "-._*",                // HTML forms
      "-._",                 // PHP's urlencode
  };
  for (const std::string_view kept : kKept) {
    for (const std::string_view digits : {kLowerHex, kUpperHex}) {
      forms.insert(percent_encoded(text, kept, digits, false));
      forms.insert(percent_encoded(text, kept, digits, true));
    }
  }
}

void add_json(std::string_view text, std::set<std::string>& forms) {
  // Most secrets look the same in all 64 styles: then one that escapes all it can shows it.
  if (json_escaped(text, {true, true, true, true, true, kLowerHex}) == text) return;
  for (unsigned bits = 0; bits < 64; ++bits) {
    const JsonStyle style{(bits & 1U) != 0, (bits & 2U) != 0, (bits & 32U) != 0, (bits & 4U) != 0, (bits & 8U) == 0,
                          (bits & 16U) != 0 ? kUpperHex : kLowerHex};
    const std::string once = json_escaped(text, style);
    forms.insert(once);
    forms.insert(json_escaped(once, style));
  }
}

void add_xml(std::string_view text, std::set<std::string>& forms) {
  for (const std::string_view quote : {"\"", "&quot;", "&#34;", "&#x22;"}) {
    for (const std::string_view apostrophe : {"'", "&apos;", "&#39;", "&#x27;", "&#039;"}) {
      forms.insert(xml_escaped(text, quote, apostrophe));
    }
  }
}

}  // namespace ipaas::security::masking
