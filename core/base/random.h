// Randomness, as something that is handed in.
#pragma once

#include <cstddef>
#include <cstdint>
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

/// getrandom(2). Aborts where the kernel has no randomness to give.
class SystemRandomness final : public Randomness {
 public:
  void fill(std::span<std::byte> bytes) override;
};

}  // namespace ipaas
