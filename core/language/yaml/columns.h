// From yaml-cpp's byte columns to columns in characters, as editors count them.
#pragma once

#include <yaml-cpp/mark.h>

#include <string_view>

#include "core/base/error.h"

namespace ipaas::language::yaml {

/// Remembers the last place, since places come nearly in order: the way from the start of the line, taken anew for
/// each of them, would be quadratic in a long line.
class Columns {
 public:
  explicit Columns(std::string_view text) : text_(text) {}

  /// The place that a mark means; the first line for a mark outside the text.
  [[nodiscard]] SourcePosition at(const YAML::Mark& mark);
  /// The mark's offset in bytes, cut to the text.
  [[nodiscard]] std::size_t offset(const YAML::Mark& mark) const;

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  SourcePosition last_{1, 1};
};

}  // namespace ipaas::language::yaml
