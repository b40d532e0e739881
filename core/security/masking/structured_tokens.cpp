#include "core/security/masking/structured_tokens.h"

#include <algorithm>
#include <array>

#include "core/base/encoding.h"
#include "core/security/masking/token_text.h"

namespace ipaas::security::masking {
namespace {

using Literals = std::vector<std::string>;
using Found = std::optional<Span>;

constexpr std::string_view kAlnum = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

// JWT (RFC 7519) and JWE: three or five parts of base64url, the first of them a JSON object.
Literals jwt_anchors() {
  Literals anchors{"eyAi", "ewog", "ewoJ", "ew0K"};  // with blanks after the brace
  for (char key = 'a'; key <= 'z'; ++key) anchors.push_back(base64_encode(std::string("{\"") + key));
  return anchors;
}

Found jwt_at(std::string_view text, std::size_t at) {
  if (!starts_word(text, at)) return std::nullopt;
  std::size_t end = end_of(text, at, Bytes::kUrlSafe);
  if (end - at < 10) return std::nullopt;
  std::size_t parts = 1;
  while (parts < 5 && end < text.size() && text[end] == '.') {
    end = end_of(text, end + 1, Bytes::kUrlSafe);
    ++parts;
  }
  const std::size_t dot = text.find('.', at);
  if (parts < 2 || end_of(text, dot + 1, Bytes::kUrlSafe) - dot < 5) return std::nullopt;
  return Span{at, end};
}

// PEM (RFC 7468) private keys, on lines or with `\n`; without an end all that follows.
Literals pem_anchors() { return {"-----BEGIN "}; }

Found pem_at(std::string_view text, std::size_t at) {
  constexpr std::string_view kEnd = "-----END ";
  if (text.substr(at, 60).find("PRIVATE KEY") == std::string_view::npos) return std::nullopt;
  const std::size_t footer = text.find(kEnd, at);
  if (footer == std::string_view::npos) return Span{at, text.size()};
  const std::size_t close = text.find("-----", footer + kEnd.size());
  return Span{at, close == std::string_view::npos ? text.size() : close + 5};
}

// `scheme://user:password@host`, `\/` of JSON too.
Literals userinfo_anchors() {
  Literals anchors;
  for (const char last : kAlnum.substr(0, 36)) {
    anchors.push_back(std::string(1, last) + "://");
    anchors.push_back(std::string(1, last) + ":\\/");
  }
  return anchors;
}

Found userinfo_at(std::string_view text, std::size_t at) {
  std::size_t begin = at + 2;
  while (begin < text.size() && (text[begin] == '/' || text[begin] == '\\')) ++begin;
  const std::size_t end = std::min(text.find_first_of("/?# \t\r\n\"'<>\\", begin), text.size());
  const std::string_view authority = text.substr(begin, end - begin);
  const std::size_t at_sign = authority.rfind('@');
  // "git" is the user that every clone address names.
  if (at_sign == std::string_view::npos || at_sign == 0 || authority.substr(0, at_sign) == "git") return std::nullopt;
  return Span{begin, begin + at_sign};
}

// Discord bot: base64 of the decimal user id, a time and an HMAC.
Literals discord_anchors() {
  Literals anchors;
  for (int digits = 100; digits <= 999; ++digits) anchors.push_back(base64_encode(std::to_string(digits)));
  return anchors;
}

Found discord_at(std::string_view text, std::size_t at) {
  if (!starts_word(text, at)) return std::nullopt;
  const std::size_t first = end_of(text, at, Bytes::kUrlSafe);
  if (first - at < 22 || first - at > 30 || first == text.size() || text[first] != '.') return std::nullopt;
  const std::size_t second = end_of(text, first + 1, Bytes::kUrlSafe);
  if (second - first < 6 || second - first > 9 || second == text.size() || text[second] != '.') return std::nullopt;
  const std::size_t end = end_of(text, second + 1, Bytes::kUrlSafe);
  if (end - second < 26) return std::nullopt;
  return Span{at, end};
}

// Telegram bot: a decimal id, a colon and 35 bytes that begin with A.
Literals telegram_anchors() {
  Literals anchors;
  for (int digits = 0; digits <= 99; ++digits) {
    anchors.push_back(std::string(1, static_cast<char>('0' + digits / 10)) + static_cast<char>('0' + digits % 10) + ":A");
  }
  return anchors;
}

Found telegram_at(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && at - begin < 12 && is_of(Bytes::kDigit, text[begin - 1])) --begin;
  const std::size_t end = end_of(text, at + 3, Bytes::kUrlSafe);
  if (at + 2 - begin < 6 || end - (at + 3) < 30) return std::nullopt;
  return Span{begin, end};
}

// SendGrid: SG.<id>.<secret>
Literals sendgrid_anchors() {
  Literals anchors;
  for (const char next : kAlnum) anchors.push_back(std::string("SG.") + next);
  anchors.insert(anchors.end(), {"SG._", "SG.-"});
  return anchors;
}

Found sendgrid_at(std::string_view text, std::size_t at) {
  if (!starts_word(text, at)) return std::nullopt;
  const std::size_t dot = end_of(text, at + 3, Bytes::kUrlSafe);
  if (dot - at < 3 + 16 || dot == text.size() || text[dot] != '.') return std::nullopt;
  const std::size_t end = end_of(text, dot + 1, Bytes::kUrlSafe);
  if (end - dot < 1 + 16) return std::nullopt;
  return Span{at, end};
}

// Twilio API key: SK and 32 hexadecimal digits.
Literals twilio_anchors() {
  constexpr std::string_view kHex = "0123456789abcdef";
  Literals anchors;
  for (const char first : kHex) {
    for (const char second : kHex) anchors.push_back(std::string("SK") + first + second);
  }
  return anchors;
}

Found twilio_at(std::string_view text, std::size_t at) {
  const std::size_t end = end_of(text, at + 2, Bytes::kHex);
  if (!starts_word(text, at) || end - at != 34) return std::nullopt;
  return Span{at, end};
}

bool has_digit(std::string_view text) { return text.find_first_of("0123456789") != std::string_view::npos; }

// `Bearer <token>` wherever it stands; "bearer authentication" is prose.
Literals bearer_anchors() { return {"bearer "}; }

Found bearer_at(std::string_view text, std::size_t at) {
  const std::size_t begin = std::min(text.find_first_not_of(' ', at + 7), text.size());
  std::size_t end = begin;
  while (end < text.size() && (is_of(Bytes::kBase64, text[end]) || text[end] == '.' || text[end] == '~')) ++end;
  const std::string_view token = text.substr(begin, end - begin);
  if (token.size() < 8 || (token.size() < 20 && !has_digit(token))) return std::nullopt;
  return Span{begin, end};
}

// `Basic <base64 of user:password>`.
Literals basic_anchors() { return {"basic "}; }

Found basic_at(std::string_view text, std::size_t at) {
  const std::size_t begin = std::min(text.find_first_not_of(' ', at + 6), text.size());
  const std::size_t end = end_of(text, begin, Bytes::kBase64);
  const std::optional<std::string> pair = base64_decode(text.substr(begin, end - begin));
  if (!pair || pair->find(':') == std::string::npos) return std::nullopt;
  return Span{begin, end};
}

constexpr std::array kTokens = {
    StructuredToken{"jwt", Letters::kExact, &jwt_anchors, &jwt_at},
    StructuredToken{"private key", Letters::kExact, &pem_anchors, &pem_at},
    StructuredToken{"url user info", Letters::kAnyCase, &userinfo_anchors, &userinfo_at},
    StructuredToken{"discord bot", Letters::kExact, &discord_anchors, &discord_at},
    StructuredToken{"telegram bot", Letters::kExact, &telegram_anchors, &telegram_at},
    StructuredToken{"sendgrid", Letters::kExact, &sendgrid_anchors, &sendgrid_at},
    StructuredToken{"twilio", Letters::kExact, &twilio_anchors, &twilio_at},
    StructuredToken{"bearer", Letters::kAnyCase, &bearer_anchors, &bearer_at},
    StructuredToken{"basic", Letters::kAnyCase, &basic_anchors, &basic_at},
};

}  // namespace

std::span<const StructuredToken> structured_tokens() { return kTokens; }

}  // namespace ipaas::security::masking
