// Test vectors that other people wrote, which lie outside the project.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "core/base/json.h"
#include "tests/support/catch.h"

namespace ipaas::test {

/// A file below the vectors' folder; nothing, and a warning, where the vectors are not there.
inline std::optional<Json> read_vectors(const std::filesystem::path& name) {
  const auto path = std::filesystem::path(IPAAS_VECTORS_DIR) / name;
  std::ifstream file(path);
  if (!file) {
    WARN("skipped: no test vectors " << name.string());
    return std::nullopt;
  }
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  auto parsed = parse_json(text);
  REQUIRE(parsed);
  return std::move(*parsed);
}

}  // namespace ipaas::test
