// Bytes that must not be seen.
#pragma once

#include <string>
#include <string_view>

namespace ipaas {

/// A text that is wiped when it dies and has no way into a stream or a log but the explicit `reveal()`.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  /// Valid as long as this object.
  [[nodiscard]] std::string_view reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

/// Overwrites the text in a way that the compiler does not remove, and empties it.
void wipe(std::string& text);

}  // namespace ipaas
