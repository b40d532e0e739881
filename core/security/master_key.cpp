#include "core/security/master_key.h"

#include "core/base/encoding.h"
#include "core/security/aes_gcm.h"
#include "core/security/private_file.h"

namespace ipaas::security {
namespace {

constexpr std::size_t kLargestFile = 4096;
constexpr std::string_view kHeader =
    "# The master key of this ipaas installation. Whoever has it and the data can read every credential.\n"
    "# Keep a copy in a safe place apart from the data: without it nothing can be opened.\n";

/// The only line that is neither empty nor a comment.
std::optional<std::string_view> key_line(std::string_view text) {
  std::optional<std::string_view> found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    if (found) return std::nullopt;
    found = line;
  }
  return found;
}

}  // namespace

Secret random_key(Randomness& randomness) {
  std::string bytes(kAesKeySize, '\0');
  randomness.fill(std::as_writable_bytes(std::span(bytes)));
  Secret key(bytes);
  wipe(bytes);
  return key;
}

Result<std::optional<Secret>> read_master_key(const std::filesystem::path& path) {
  const Result<std::optional<Secret>> file = read_private_file(path, kLargestFile);
  if (!file || !*file) return file;
  const std::optional<std::string_view> line = key_line((*file)->reveal());
  std::optional<std::string> bytes = line ? base64_decode(*line) : std::nullopt;
  if (!bytes || bytes->size() != kAesKeySize) {
    return fail(ErrorKind::kInvalid, path.string() + " does not hold one line of base64 for 32 bytes",
                "restore the master key from its backup", "key_malformed");
  }
  Secret key(*bytes);
  wipe(*bytes);
  return std::optional<Secret>(std::move(key));
}

Result<Secret> create_master_key(const std::filesystem::path& path, Randomness& randomness) {
  Secret key = random_key(randomness);
  std::string text = std::string(kHeader) + base64_encode(key.reveal()) + "\n";
  const Result<void> written = write_private_file(path, text, Existing::kKeep);
  wipe(text);
  if (!written) return tl::unexpected(written.error());
  return key;
}

}  // namespace ipaas::security
