#include "cli/commands/reference.h"

#include <vector>

namespace ipaas::cli {

std::string without_kind(const std::string& text, std::string_view kind) {
  const std::size_t slash = kind.size();
  // A kind alone names nothing, and an empty name would be the whole collection.
  const bool named = text.size() > slash + 1 && text.starts_with(kind) && text[slash] == '/';
  return named ? text.substr(slash + 1) : text;
}

CLI::Option* takes_reference(CLI::Option* option, std::initializer_list<std::string_view> kinds) {
  return option->transform([known = std::vector<std::string_view>(kinds)](std::string text) {
    for (const std::string_view kind : known) {
      std::string name = without_kind(text, kind);
      if (name != text) return name;
    }
    return text;
  });
}

}  // namespace ipaas::cli
