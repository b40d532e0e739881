// Message digests and HMAC, fast enough for every webhook.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ipaas::security {

enum class Digest : std::uint8_t { kSha1, kSha256, kSha384, kSha512 };

/// `sha1`, `sha256`, `sha384`, `sha512`.
[[nodiscard]] std::optional<Digest> digest_from_name(std::string_view name);

/// The bytes of a digest. Thread-safe as any value.
struct DigestValue {
  std::array<unsigned char, 64> bytes{};
  std::size_t size = 0;

  [[nodiscard]] std::string_view view() const;
  /// Takes the same time wherever the first difference is. Lengths are no secret.
  [[nodiscard]] bool equals(std::string_view other) const;
};

[[nodiscard]] DigestValue digest(Digest kind, std::string_view message);

/// HMAC (RFC 2104) of the parts, one after the other.
[[nodiscard]] DigestValue hmac(Digest kind, std::string_view key, std::span<const std::string_view> parts);

}  // namespace ipaas::security
