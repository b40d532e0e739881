// What yaml-cpp found wrong, in our words.
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace ipaas::language::yaml {

struct FlowOpening {
  char bracket = 0;  ///< `{` or `[`; 0 where none is open
  SourcePosition position;
};

/// `what` is yaml-cpp's message, `at` the byte and `position` the place of its mark in `text`. What the text holds
/// there says more than the message does: an expression that is not quoted, a bracket that is never closed.
[[nodiscard]] Error explain_syntax_error(std::string_view what, std::string_view text, std::size_t at,
                                         SourcePosition position, const FlowOpening& innermost);

}  // namespace ipaas::language::yaml
