#include "core/security/masking/literal_index.h"

#include <strings.h>

#include <algorithm>
#include <unordered_map>

namespace ipaas::security::masking {
namespace {

/// How far into a literal a window is looked for; beyond, they are as good.
constexpr std::size_t kOffsets = 24;

}  // namespace

void LiteralIndex::add(std::string literal, std::uint32_t id, Letters letters) {
  if (literal.size() < kWindow) return;
  Entry entry;
  entry.literal = std::move(literal);
  entry.id = id;
  entry.letters = letters;
  entries_.push_back(std::move(entry));
}

void LiteralIndex::build() {
  std::unordered_map<std::uint32_t, std::uint32_t> users;
  heads_.assign(kHeads, kNone);
  for (std::uint32_t index = 0; index < entries_.size(); ++index) {
    Entry& entry = entries_[index];
    const std::size_t offsets = std::min(entry.literal.size() - kWindow + 1, kOffsets);
    // Many tokens begin alike (`ghp_`, `eyJh`): the first window would make each of them a suspect of every other's text.
    std::uint32_t fewest = UINT32_MAX;
    for (std::uint32_t offset = 0; offset < offsets; ++offset) {
      const std::uint32_t window = window_at(entry.literal.data() + offset);
      const auto found = users.find(window);
      const std::uint32_t count = found == users.end() ? 0 : found->second;
      if (count >= fewest) continue;
      fewest = count;
      entry.offset = offset;
      entry.window = window;
    }
    ++users[entry.window];
    maybe_.set(hash(entry.window));
    std::uint32_t& head = heads_[hash(entry.window) % kHeads];
    entry.next = head;
    head = index;
  }
}

bool LiteralIndex::begins_at(std::string_view text, const Entry& entry) {
  const std::size_t size = std::min(entry.literal.size(), kHead);
  if (text.size() < size) return false;
  if (entry.letters == Letters::kExact) return std::memcmp(text.data(), entry.literal.data(), size) == 0;
  return ::strncasecmp(text.data(), entry.literal.data(), size) == 0;
}

}  // namespace ipaas::security::masking
