// base64Encode, base64Decode, urlEncode, urlDecode, hexEncode, sha256, hmacSha256, uuid.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstring>

#include "core/base/encoding.h"
#include "core/language/expression/folding.h"
#include "core/language/expression/function_table.h"

namespace ipaas::language {
namespace {

constexpr std::size_t kDigestBytes = 32;
using DigestBytes = std::array<unsigned char, kDigestBytes>;

const unsigned char* bytes_of(std::string_view text) {
  return static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
}

std::string_view view_of(const DigestBytes& digest) {
  return {static_cast<const char*>(static_cast<const void*>(digest.data())), digest.size()};
}

DigestBytes sha256(std::string_view text) {
  DigestBytes digest{};
  unsigned size = kDigestBytes;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) std::abort();
  return digest;
}

/// Spends what making a text of up to `growth` bytes for each byte takes.
bool spend_growth(const Call& call, std::size_t size, std::size_t growth) {
  return call.evaluation.spend_scan(size * growth) && call.evaluation.has_room(size * growth);
}

Outcome keep_text(const Call& call, std::string text) {
  if (!call.evaluation.reserve(text.size())) return std::nullopt;
  return call.evaluation.keep(std::move(text));
}

/// A text from bytes that somebody encoded: every text of the language is UTF-8.
Outcome keep_decoded(const Call& call, std::string_view function, std::optional<std::string> decoded,
                     std::string_view form) {
  const std::string name = "`" + std::string(function) + "`";
  if (!decoded) return call.evaluation.fail_with(name + " was given what is not " + std::string(form));
  if (!is_well_formed(*decoded)) return call.evaluation.fail_with(name + " was given bytes that are no text in UTF-8");
  return keep_text(call, std::move(*decoded));
}

/// In hexadecimal or base64, as the argument says.
Outcome keep_digest(const Call& call, std::size_t encoding_at, const DigestBytes& digest) {
  const std::string_view encoding = call.has(encoding_at) ? call[encoding_at].text() : "hex";
  if (encoding == "hex") return keep_text(call, hex_encode(view_of(digest)));
  if (encoding == "base64") return keep_text(call, base64_encode(view_of(digest)));
  return call.evaluation.fail_with("the encoding of a digest is 'hex' or 'base64'");
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_.!~*'()").find(c) != std::string_view::npos;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const auto byte = i + 2 < text.size() ? hex_decode(text.substr(i + 1, 2)) : std::nullopt;
    if (!byte) return std::nullopt;
    decoded += *byte;
    i += 2;
  }
  return decoded;
}

}  // namespace

Outcome call_base64_encode(const Call& call) {
  if (!spend_growth(call, call[0].text().size(), 2)) return std::nullopt;
  return keep_text(call, base64_encode(call[0].text()));
}

Outcome call_base64_decode(const Call& call) {
  const std::string_view text = call[0].text();
  if (!spend_growth(call, text.size(), 1)) return std::nullopt;
  const bool url = text.find_first_of("-_") != std::string_view::npos;
  return keep_decoded(call, "base64Decode", base64_decode(text, url ? Base64Alphabet::kUrl : Base64Alphabet::kStandard),
                      "base64");
}

Outcome call_url_encode(const Call& call) {
  if (!spend_growth(call, call[0].text().size(), 3)) return std::nullopt;
  std::string encoded;
  for (const char c : call[0].text()) {
    if (is_unreserved(c)) {
      encoded += c;
      continue;
    }
    encoded += '%';
    encoded += to_upper(hex_encode(std::string_view(&c, 1)));
  }
  return keep_text(call, std::move(encoded));
}

Outcome call_url_decode(const Call& call) {
  if (!spend_growth(call, call[0].text().size(), 1)) return std::nullopt;
  return keep_decoded(call, "urlDecode", percent_decode(call[0].text()), "percent-encoded");
}

Outcome call_hex_encode(const Call& call) {
  if (!spend_growth(call, call[0].text().size(), 2)) return std::nullopt;
  return keep_text(call, hex_encode(call[0].text()));
}

Outcome call_sha256(const Call& call) {
  if (!call.evaluation.spend(16) || !call.evaluation.spend_scan(call[0].text().size())) return std::nullopt;
  return keep_digest(call, 1, sha256(call[0].text()));
}

Outcome call_hmac_sha256(const Call& call) {
  const std::string_view key = call[0].text();
  const std::string_view text = call[1].text();
  if (!call.evaluation.spend(64) || !call.evaluation.spend_scan(key.size() + text.size())) return std::nullopt;
  DigestBytes digest{};
  unsigned size = kDigestBytes;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(), digest.data(), &size) ==
      nullptr) {
    std::abort();
  }
  return keep_digest(call, 2, digest);
}

// A UUID of version 4 (RFC 9562) whose bits follow from the seed: who replays gets the same.
Outcome call_uuid(const Call& call) {
  const auto seed = call.evaluation.context().uuid_seed();
  if (!seed) return call.evaluation.fail_with("`uuid` cannot be used here", "use it in a step");
  if (!call.evaluation.spend(16)) return std::nullopt;
  DigestBytes digest = sha256(*seed + "/" + std::to_string(call.evaluation.next_number()));
  digest[6] = static_cast<unsigned char>((digest[6] & 0x0FU) | 0x40U);
  digest[8] = static_cast<unsigned char>((digest[8] & 0x3FU) | 0x80U);
  std::string id = hex_encode(view_of(digest).substr(0, 16));
  for (const std::size_t at : {20U, 16U, 12U, 8U}) id.insert(at, "-");
  return keep_text(call, std::move(id));
}

}  // namespace ipaas::language
