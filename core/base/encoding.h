// Bytes as text: hexadecimal and base64 (RFC 4648).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ipaas {

enum class Base64Alphabet {
  kStandard,  ///< + and /, padded (RFC 4648 section 4)
  kUrl,       ///< - and _, without padding (section 5)
};

[[nodiscard]] std::string base64_encode(std::string_view bytes, Base64Alphabet alphabet = Base64Alphabet::kStandard);

/// Strict: nothing but the alphabet's digits, and no bits beyond the last byte. Padding may be left out, but where it is
/// there it must be right.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text,
                                                       Base64Alphabet alphabet = Base64Alphabet::kStandard);

/// Lower case.
[[nodiscard]] std::string hex_encode(std::string_view bytes);

/// Either case; an even number of digits and nothing else.
[[nodiscard]] std::optional<std::string> hex_decode(std::string_view text);

}  // namespace ipaas
