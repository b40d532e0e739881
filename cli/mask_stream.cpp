#include "cli/mask_stream.h"

#include <algorithm>
#include <istream>
#include <ostream>
#include <string>
#include <string_view>

#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

constexpr std::size_t kBlock = 64UL * 1024;
constexpr std::size_t kLongest = 8UL * 1024 * 1024;
constexpr std::string_view kPemBegin = "-----BEGIN ";
constexpr std::string_view kPemEnd = "-----END ";

/// How much of the text can be masked now: whole lines, without a PEM block whose end has not been seen.
std::size_t ready_part(std::string_view text) {
  const std::size_t newline = text.rfind('\n');
  std::size_t ready = newline == std::string_view::npos ? 0 : newline + 1;
  const std::size_t begin = text.rfind(kPemBegin);
  if (begin != std::string_view::npos) {
    const std::size_t end = text.find(kPemEnd, begin);
    const bool closed = end != std::string_view::npos && text.find('\n', end) != std::string_view::npos;
    if (!closed) ready = std::min(ready, text.rfind('\n', begin) + 1);
  }
  return ready;
}

/// Waits for something to arrive and takes what is there.
bool take(std::istream& in, std::string& pending) {
  if (in.peek() == std::istream::traits_type::eof()) return false;
  const std::size_t before = pending.size();
  pending.resize(before + kBlock);
  const std::streamsize taken = in.readsome(pending.data() + before, static_cast<std::streamsize>(kBlock));
  pending.resize(before + static_cast<std::size_t>(std::max<std::streamsize>(taken, 0)));
  return taken > 0;
}

}  // namespace

void mask_stream(std::istream& in, std::ostream& out, const security::Masker& masker, MaskedBytes bytes) {
  const auto write = [&](std::string_view text) {
    const std::string masked = masker.mask(text);
    out << (bytes == MaskedBytes::kForTerminal ? escape_control(masked, Newlines::kKeep) : masked) << std::flush;
  };
  std::string pending;
  while (out && take(in, pending)) {
    const std::size_t ready = pending.size() > kLongest ? pending.size() : ready_part(pending);
    if (ready == 0) continue;
    write(std::string_view(pending).substr(0, ready));
    pending.erase(0, ready);
  }
  write(pending);
}

}  // namespace ipaas::cli
