// From the text of an expression to its tokens.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace ipaas::language {

enum class TokenKind {
  kLeftParen, kRightParen, kLeftBracket, kRightBracket, kComma, kDot, kStar,
  kNot, kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual, kAnd, kOr, kArrow,
  kNumber, kString, kIdentifier, kTrue, kFalse, kNull, kEnd,
};

struct Token {
  TokenKind kind;
  std::size_t offset;       ///< of the first byte in the source
  std::string_view lexeme;  ///< views the source
  std::string text = {};    ///< the value of a string
  double number = 0;        ///< the value of a number
};

/// All tokens, the last one kEnd. They view the source. Errors: `unexpected_symbol`, `too_long` (more than 21,000
/// UTF-16 code units, GitHub's limit).
[[nodiscard]] Result<std::vector<Token>> tokenize(std::string_view source);

/// Where the `}}` stands that ends an expression which begins at `from`; one inside a text literal does not. Nothing
/// when it is not closed.
[[nodiscard]] std::optional<std::size_t> find_expression_end(std::string_view text, std::size_t from);

/// A parse error at a byte offset of the source.
[[nodiscard]] Error expression_error(std::size_t offset, std::string code, std::string message, std::string hint = {});

/// The error for a lexeme that cannot stand where it does; the lexeme is shown in at most 40 bytes.
[[nodiscard]] Error unexpected_symbol(std::size_t offset, std::string_view lexeme, std::string hint = {});

}  // namespace ipaas::language
