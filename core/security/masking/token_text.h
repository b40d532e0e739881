// The bytes that tokens are made of.
#pragma once

#include <cstddef>
#include <string_view>

namespace ipaas::security::masking {

enum class Bytes {
  kDigit,
  kHex,
  kUpper,    ///< A-Z 0-9
  kWord,     ///< letters, digits, _
  kUrlSafe,  ///< and -
  kBase64,   ///< letters, digits, + / = - _
  kPath,     ///< what a URL's path may hold, `\/` of JSON too
};

[[nodiscard]] bool is_of(Bytes kind, char c);

/// Where the run of such bytes ends that begins at `begin`.
[[nodiscard]] std::size_t end_of(std::string_view text, std::size_t begin, Bytes kind);

/// Is the byte before no part of a word? The letter of an escape (`\n`, `%20`) is none either.
[[nodiscard]] bool starts_word(std::string_view text, std::size_t at);

}  // namespace ipaas::security::masking
