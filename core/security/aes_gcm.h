// Authenticated encryption with one key: AES-256-GCM (NIST SP 800-38D).
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/base/secret.h"

namespace ipaas::security {

inline constexpr std::size_t kAesKeySize = 32;
inline constexpr std::size_t kNonceSize = 12;
inline constexpr std::size_t kTagSize = 16;

/// One key, ready to seal. Thread-safe: each call borrows a prepared cipher from a free list.
///
/// A nonce never repeats under a key: it is 64 random bits, drawn anew for each prepared cipher and start of the
/// process, and a 32-bit counter; a counter that has run through draws new bits. With a million starts the chance
/// that any two share their random bits is below 10^-7.
class AesGcm {
 public:
  /// `key` has kAesKeySize bytes. `randomness` must outlive this object.
  AesGcm(std::string_view key, Randomness& randomness);
  ~AesGcm();
  AesGcm(const AesGcm&) = delete;
  AesGcm& operator=(const AesGcm&) = delete;

  /// Appends nonce, ciphertext and tag to `out`.
  void seal(std::string_view associated, std::string_view plain, std::string& out);

  /// The plain text of what `seal` appended; code `seal_broken` when a byte of it or of `associated` differs.
  [[nodiscard]] Result<std::string> open(std::string_view associated, std::string_view sealed);

 private:
  class Lane;
  class Borrowed;

  const Secret key_;
  Randomness& randomness_;
  std::mutex mutex_;  ///< guards idle_
  std::vector<std::unique_ptr<Lane>> idle_;
};

}  // namespace ipaas::security
