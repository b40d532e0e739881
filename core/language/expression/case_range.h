// What the tables of letter cases are made of.
#pragma once

#include <cstdint>

namespace ipaas::language {

/// The code points first, first + stride … last change case by adding `delta`.
struct CaseRange {
  char32_t first;
  char32_t last;
  std::int32_t delta;
  std::uint32_t stride;
};

}  // namespace ipaas::language
