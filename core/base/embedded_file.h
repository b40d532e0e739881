// A file that was built into the program.
#pragma once

#include <span>
#include <string_view>

namespace ipaas {

/// Lives as long as the program.
struct EmbeddedFile {
  std::string_view name;  ///< without its folder
  std::string_view content;
};

/// What `ipaas_embed` (packaging/cmake/EmbedFiles.cmake) generates, sorted by name.
using EmbeddedFiles = std::span<const EmbeddedFile>;

}  // namespace ipaas
