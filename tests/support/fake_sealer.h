// A sealer that is quick and not secret, and still finds what the real one finds.
#pragma once

#include <cstdint>

#include "core/base/sealer.h"

namespace ipaas::test {

/// Makes a plain text unreadable with a stream of bytes that hangs on the label, and checks the label and every byte
/// when it opens. The first byte names "the key". Thread-safe.
class FakeSealer final : public Sealer {
 public:
  [[nodiscard]] std::string seal(const SealLabel& label, std::string_view plain) override {
    const std::uint64_t key = hash(label);
    std::string sealed(1, kKey);
    append(sealed, key ^ hash(plain));
    const std::size_t head = sealed.size();
    sealed.append(plain);
    stir(sealed, head, key);
    return sealed;
  }

  [[nodiscard]] Result<std::string> open(const SealLabel& label, std::string_view sealed) override {
    constexpr std::size_t kHead = 1 + sizeof(std::uint64_t);
    if (sealed.size() < kHead || sealed[0] != kKey) return broken();
    const std::uint64_t key = hash(label);
    std::string plain(sealed.substr(kHead));
    stir(plain, 0, key);
    std::string check;
    append(check, key ^ hash(plain));
    if (check != sealed.substr(1, sizeof(std::uint64_t))) return broken();
    return plain;
  }

 private:
  static constexpr char kKey = 1;

  static tl::unexpected<Error> broken() {
    return fail(ErrorKind::kInternal, "a sealed value is broken", {}, "seal_broken");
  }

  /// FNV-1a over eight bytes at a time, so that benchmarks measure the store.
  static std::uint64_t hash(std::string_view text, std::uint64_t state = 0xcbf29ce484222325) {
    while (!text.empty()) {
      std::uint64_t word = 0;
      const std::size_t taken = std::min(text.size(), sizeof(word));
      text.copy(reinterpret_cast<char*>(&word), taken);
      state = (state ^ word) * 0x100000001b3;
      state ^= state >> 29;
      text.remove_prefix(taken);
    }
    return state;
  }
  static std::uint64_t hash(const SealLabel& label) {
    return hash(label.id, hash(label.place, hash(label.tenant.str()))) | 1;
  }

  static void append(std::string& text, std::uint64_t word) {
    for (int shift = 0; shift < 64; shift += 8) text.push_back(static_cast<char>(word >> shift));
  }

  static void stir(std::string& text, std::size_t from, std::uint64_t state) {
    for (std::size_t i = from; i < text.size(); ++i) {
      state = state * 6364136223846793005 + 1442695040888963407;
      text[i] = static_cast<char>(text[i] ^ static_cast<char>(state >> 56));
    }
  }
};

}  // namespace ipaas::test
