// A piece of a text that is to be masked.
#pragma once

#include <cstddef>
#include <vector>

namespace ipaas::security::masking {

/// The bytes from `begin` up to, not including, `end`.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

using Spans = std::vector<Span>;

}  // namespace ipaas::security::masking
