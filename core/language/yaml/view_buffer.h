// Memory as a stream, which yaml-cpp wants.
#pragma once

#include <streambuf>
#include <string_view>

namespace ipaas::language::yaml {

/// Reads from memory that stays where it is; the standard one of C++20 would copy it.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // a get area is never written to
    setg(begin, begin, begin + text.size());
  }
};

}  // namespace ipaas::language::yaml
