#include "core/language/yaml/columns.h"

#include <algorithm>

namespace ipaas::language::yaml {
namespace {

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

}  // namespace

std::size_t Columns::offset(const YAML::Mark& mark) const {
  return mark.pos < 0 ? 0 : std::min(static_cast<std::size_t>(mark.pos), text_.size());
}

SourcePosition Columns::at(const YAML::Mark& mark) {
  if (mark.pos < 0) return {1, 1};
  const std::size_t wanted = offset(mark);
  if (mark.line + 1 != last_.line || wanted < offset_) {
    last_ = {mark.line + 1, 1};
    offset_ = wanted - std::min(wanted, static_cast<std::size_t>(std::max(mark.column, 0)));
  }
  for (; offset_ < wanted; ++offset_) {
    if (begins_character(text_[offset_])) ++last_.column;
  }
  return last_;
}

}  // namespace ipaas::language::yaml
