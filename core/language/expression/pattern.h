// A regular expression, in RE2's syntax: a search takes time in proportion to the text, whatever the pattern.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace re2 {
class RE2;
}

namespace ipaas::language {

/// Immutable and thread-safe.
class Pattern {
 public:
  /// Refuses what RE2 does not know (look-around, back-references) and what becomes a large program, such as
  /// `(\pL{30}){30}`. The message shows a part of the pattern; code `bad_pattern`.
  [[nodiscard]] static Result<Pattern> compile(std::string_view text);
  /// Why a text is no pattern before RE2 reads it: it is too long, or has too many classes. Empty where it may be one.
  /// What is said shows nothing of the text.
  [[nodiscard]] static std::string_view oversize(std::string_view text);
  /// Classes such as `\pL` and `[[:alpha:]]`: hundreds of ranges each, however short they are written.
  [[nodiscard]] static std::size_t classes(std::string_view text);

  /// Instructions of the compiled program: searching costs this for each byte of the text at worst.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t groups() const;
  /// The group with this name or number (0 is all that matched); -1 when there is none.
  [[nodiscard]] int group(std::string_view name) const;

  /// The first match from a byte offset on: all that matched and then its groups, as many as `found` has room for. A
  /// group that did not take part has a null data pointer.
  [[nodiscard]] bool search(std::string_view text, std::size_t from, std::vector<std::string_view>& found) const;

 private:
  explicit Pattern(std::shared_ptr<const re2::RE2> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace ipaas::language
