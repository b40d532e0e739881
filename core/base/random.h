// Randomness, as something that is handed in.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>

namespace ipaas {

/// A source of bytes that cannot be guessed. Thread-safe.
class Randomness {
 public:
  virtual ~Randomness() = default;
  virtual void fill(std::span<std::byte> bytes) = 0;

  [[nodiscard]] std::uint64_t next() {
    std::uint64_t value = 0;
    fill(std::as_writable_bytes(std::span(&value, 1)));
    return value;
  }
};

/// getrandom(2), drawn a page at a time, since identifiers ask for eight bytes tens of thousands of times a second. What was
/// given out is wiped from the page. Aborts where the kernel has no randomness to give.
class SystemRandomness final : public Randomness {
 public:
  void fill(std::span<std::byte> bytes) override;

 private:
  std::mutex mutex_;  ///< guards what follows
  std::array<std::byte, 4096> page_{};
  std::size_t used_ = page_.size();
};

}  // namespace ipaas
