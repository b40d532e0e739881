// Finds thousands of literals in one pass over a text.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace ipaas::security::masking {

enum class Letters { kExact, kAnyCase };

/// Each literal is known by four of its bytes, a window chosen so that few literals share it. The scan folds the case of
/// the four bytes at every position of the text, and looks them up in a bitmap that stays in the first-level cache;
/// only what is found there is compared. About one nanosecond a byte with a thousand literals, where an Aho-Corasick
/// automaton of that size waits for memory.
///
/// Linear: a comparison looks at no more than kHead bytes. Immutable once `build` was called, and thread-safe then.
class LiteralIndex {
 public:
  static constexpr std::size_t kWindow = 4;   ///< the shortest literal
  static constexpr std::size_t kHead = 256;   ///< of a longer literal only so much has to be there

  /// `id` is what the scan reports. Shorter literals than kWindow are ignored.
  void add(std::string literal, std::uint32_t id, Letters letters = Letters::kExact);

  /// Call once, after the last `add`.
  void build();

  [[nodiscard]] std::string_view literal(std::size_t entry) const { return entries_[entry].literal; }

  /// Calls `found(begin, entry, id)` for every place where a literal, or its first kHead bytes, begins. Not in the order
  /// of `begin`, but never more than kHead bytes back.
  template <typename Found>
  void scan(std::string_view text, Found&& found) const {
    if (text.size() < kWindow) return;
    const std::size_t last = text.size() - kWindow;
    for (std::size_t at = 0; at <= last; ++at) {
      const std::uint32_t window = window_at(text.data() + at);
      if (!maybe_[hash(window)]) continue;
      for (std::uint32_t entry = heads_[hash(window) % kHeads]; entry != kNone; entry = entries_[entry].next) {
        const Entry& candidate = entries_[entry];
        if (candidate.window == window && at >= candidate.offset && begins_at(text.substr(at - candidate.offset), candidate)) {
          found(at - candidate.offset, entry, candidate.id);
        }
      }
    }
  }

 private:
  static constexpr unsigned kHashBits = 18;  // 32 KiB of bitmap
  static constexpr std::uint32_t kHeads = 1U << 14U;
  static constexpr std::uint32_t kNone = UINT32_MAX;

  struct Entry {
    std::string literal;
    std::uint32_t id = 0;
    std::uint32_t offset = 0;  ///< of the window in the literal
    std::uint32_t window = 0;
    std::uint32_t next = kNone;  ///< of the same head
    Letters letters = Letters::kExact;
  };

  /// Four bytes with the bit set that tells lower case from upper. What else that bit folds is told apart later.
  static std::uint32_t window_at(const char* bytes) {
    std::uint32_t window = 0;
    std::memcpy(&window, bytes, sizeof window);
    return window | 0x20202020U;
  }
  static std::uint32_t hash(std::uint32_t window) { return (window * 0x9E3779B1U) >> (32U - kHashBits); }
  static bool begins_at(std::string_view text, const Entry& entry);

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> heads_;
  std::bitset<1U << kHashBits> maybe_;
};

}  // namespace ipaas::security::masking
