#include "cli/input.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "cli/file_error.h"

namespace ipaas::cli {
namespace {

constexpr std::size_t kLargestInput = 32UL * 1024 * 1024;
constexpr std::size_t kBlock = 64UL * 1024;

Error about(const std::string& path, std::string message, std::string hint) {
  return file_error(display_name(path), std::move(message), std::move(hint));
}

Result<std::string> read_all(std::istream& in, const std::string& path) {
  std::string text;
  std::string block(kBlock, '\0');
  while (in.read(block.data(), kBlock) || in.gcount() > 0) {
    text.append(block, 0, static_cast<std::size_t>(in.gcount()));
    if (text.size() > kLargestInput) return tl::unexpected(about(path, "larger than 32 MiB", "give a smaller file"));
  }
  if (in.bad()) return tl::unexpected(about(path, "cannot be read", "check the disk"));
  return text;
}

}  // namespace

std::string display_name(const std::string& path) {
  return path == "-" ? "<stdin>" : path;
}

Result<std::string> read_input(const World& world, const std::string& path) {
  if (path == "-") return read_all(world.in, path);
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return tl::unexpected(about(path, "is a directory", "name a file"));
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const std::string reason = errno == 0 ? "cannot be opened" : std::strerror(errno);
    return tl::unexpected(about(path, "cannot be read: " + reason, "check the path and its permissions"));
  }
  return read_all(file, path);
}

Result<Json> read_json_object(const World& world, const std::string& path) {
  Result<std::string> text = read_input(world, path);
  if (!text) return tl::unexpected(text.error());
  Result<Json> value = parse_json(*text);
  if (!value) {
    value.error().file = display_name(path);
    return value;
  }
  if (!value->is_object()) return tl::unexpected(about(path, "is not a JSON object", "write {\"name\": value, …}"));
  return value;
}

}  // namespace ipaas::cli
