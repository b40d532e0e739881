// Everything that is wrong with a text, gathered while it is read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace ipaas::language {

class Report {
 public:
  void add(SourcePosition position, std::string_view code, std::string message, std::string hint = {});
  void add(Error error) { errors_.push_back(std::move(error)); }

  [[nodiscard]] std::size_t size() const { return errors_.size(); }

  /// In the order of the text, each once, at most a hundred and one that counts the rest.
  [[nodiscard]] std::vector<Error> take(std::string_view file);

 private:
  std::vector<Error> errors_;
};

/// A piece of the user's text as a message may show it: in backquotes, cut at 40 characters, controls spelt out.
[[nodiscard]] std::string shown(std::string_view text);

/// "`a`, `b` or `c`".
[[nodiscard]] std::string any_of(const std::vector<std::string_view>& names);

/// "did you mean `x`?" or else "write `a`, `b` or `c`", of up to a dozen names.
[[nodiscard]] std::string suggestion(std::string_view word, const std::vector<std::string_view>& names);

}  // namespace ipaas::language
