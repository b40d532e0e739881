#include "core/language/expression/lexer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/language/expression/folding.h"
#include "core/language/expression/numbers.h"

namespace ipaas::language {
namespace {

constexpr std::size_t kMaxLength = 21'000;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_identifier(std::string_view word) {
  if (word.empty() || !is_letter(word.front())) return false;
  for (const char c : word) {
    if (!is_letter(c) && !is_digit(c) && c != '-') return false;
  }
  return true;
}

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  Result<std::vector<Token>> run() {
    // Each code unit takes at least one byte, so most sources need not be counted.
    if (source_.size() > kMaxLength && utf16_length(source_) > kMaxLength) {
      return tl::unexpected(expression_error(0, "too_long", "the expression is longer than 21,000 characters",
                                             "split it over several `set` steps"));
    }
    for (skip_space(); at_ < source_.size(); skip_space()) {
      start_ = at_;
      if (!read_token()) return tl::unexpected(std::move(*error_));
    }
    start_ = at_;
    add(TokenKind::kEnd);
    return std::move(tokens_);
  }

 private:
  void skip_space() {
    while (at_ < source_.size()) {
      std::string_view rest = source_.substr(at_);
      const std::size_t before = rest.size();
      if (!is_space(take_code_point(rest))) return;
      at_ += before - rest.size();
    }
  }

  bool read_token() {
    const char c = source_[at_];
    if (c == '\'') return read_string();
    if (is_digit(c) || c == '+' || c == '-' || (c == '.' && !follows_value())) return read_number();
    if (read_operator()) return true;
    return read_word();
  }

  // A point after a name or a closing bracket takes a property; anywhere else it begins a number.
  bool follows_value() const {
    if (tokens_.empty()) return false;
    const TokenKind last = tokens_.back().kind;
    return last == TokenKind::kIdentifier || last == TokenKind::kRightBracket || last == TokenKind::kRightParen ||
           last == TokenKind::kStar;
  }

  bool read_operator() {
    const char next = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
    switch (source_[at_]) {
      case '(': return advance(TokenKind::kLeftParen, 1);
      case ')': return advance(TokenKind::kRightParen, 1);
      case '[': return advance(TokenKind::kLeftBracket, 1);
      case ']': return advance(TokenKind::kRightBracket, 1);
      case ',': return advance(TokenKind::kComma, 1);
      case '.': return advance(TokenKind::kDot, 1);
      case '*': return advance(TokenKind::kStar, 1);
      case '!': return next == '=' ? advance(TokenKind::kNotEqual, 2) : advance(TokenKind::kNot, 1);
      case '<': return next == '=' ? advance(TokenKind::kLessEqual, 2) : advance(TokenKind::kLess, 1);
      case '>': return next == '=' ? advance(TokenKind::kGreaterEqual, 2) : advance(TokenKind::kGreater, 1);
      case '=':
        if (next == '>') return advance(TokenKind::kArrow, 2);
        return next == '=' && advance(TokenKind::kEqual, 2);
      case '&': return next == '&' && advance(TokenKind::kAnd, 2);
      case '|': return next == '|' && advance(TokenKind::kOr, 2);
      default: return false;
    }
  }

  bool read_string() {
    std::string value;
    for (++at_; at_ < source_.size(); ++at_) {
      if (source_[at_] != '\'') {
        value += source_[at_];
      } else if (at_ + 1 < source_.size() && source_[at_ + 1] == '\'') {
        value += '\'';
        ++at_;
      } else {
        ++at_;
        add(TokenKind::kString).text = std::move(value);
        return true;
      }
    }
    return reject("a text begins here and is not closed: end it with `'`, and write a quote inside it as `''`");
  }

  bool read_number() {
    take_word(true);
    const double value = parse_number(lexeme());
    if (std::isnan(value)) return reject("");
    add(TokenKind::kNumber).number = value;
    return true;
  }

  bool read_word() {
    take_word(false);
    const std::string_view word = lexeme();
    if (!is_identifier(word)) return reject(hint_for(word));
    add(after_dot() ? TokenKind::kIdentifier : keyword(word));
    if (word == "NaN") tokens_.back().number = std::numeric_limits<double>::quiet_NaN();
    if (word == "Infinity") tokens_.back().number = std::numeric_limits<double>::infinity();
    return true;
  }

  bool after_dot() const { return !tokens_.empty() && tokens_.back().kind == TokenKind::kDot; }

  static TokenKind keyword(std::string_view word) {
    if (word == "true") return TokenKind::kTrue;
    if (word == "false") return TokenKind::kFalse;
    if (word == "null") return TokenKind::kNull;
    return word == "NaN" || word == "Infinity" ? TokenKind::kNumber : TokenKind::kIdentifier;
  }

  static std::string hint_for(std::string_view word) {
    if (word.front() == '"') return "texts are written in single quotes: 'like this'";
    if (word.front() == '=') return "write `==` to compare";
    if (word == "&" || word == "|") return "write `" + std::string(2, word.front()) + "`";
    return {};
  }

  // Up to the next boundary; a number runs over its points.
  void take_word(bool is_number) {
    for (++at_; at_ < source_.size(); ++at_) {
      const char c = source_[at_];
      if (c == '.' && is_number) continue;
      std::string_view rest = source_.substr(at_);
      if (std::string_view("([)],.!><=&|").find(c) != std::string_view::npos || is_space(take_code_point(rest))) return;
    }
  }

  std::string_view lexeme() const { return source_.substr(start_, at_ - start_); }

  bool advance(TokenKind kind, std::size_t length) {
    at_ += length;
    add(kind);
    return true;
  }

  Token& add(TokenKind kind) { return tokens_.emplace_back(Token{kind, start_, lexeme()}); }

  bool reject(std::string hint) {
    error_ = unexpected_symbol(start_, lexeme(), std::move(hint));
    return false;
  }

  std::string_view source_;
  std::size_t start_ = 0;  ///< of the token that is being read
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
  std::optional<Error> error_;
};

}  // namespace

Result<std::vector<Token>> tokenize(std::string_view source) { return Lexer(source).run(); }

std::optional<std::size_t> find_expression_end(std::string_view text, std::size_t from) {
  bool in_string = false;
  for (std::size_t i = from; i < text.size(); ++i) {
    // An escaped quote closes and opens again, which comes to the same.
    if (text[i] == '\'') in_string = !in_string;
    if (!in_string && text.substr(i, 2) == "}}") return i;
  }
  return std::nullopt;
}

Error expression_error(std::size_t offset, std::string code, std::string message, std::string hint) {
  return Error{ErrorKind::kInvalid, std::move(message), std::move(hint), std::move(code), {},
               {1, static_cast<int>(offset) + 1}};
}

Error unexpected_symbol(std::size_t offset, std::string_view lexeme, std::string hint) {
  std::size_t length = std::min<std::size_t>(lexeme.size(), 40);
  // Not in the middle of a character.
  while (length < lexeme.size() && (static_cast<unsigned char>(lexeme[length]) & 0xC0U) == 0x80) --length;
  const std::string shown(lexeme.substr(0, length));
  return expression_error(offset, "unexpected_symbol", "unexpected symbol `" + shown + "`", std::move(hint));
}

}  // namespace ipaas::language
