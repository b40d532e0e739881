#include "core/base/random.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace ipaas {
namespace {

void draw(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
    if (got > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(got));
    } else if (errno != EINTR) {
      std::abort();
    }
  }
}

}  // namespace

void SystemRandomness::fill(std::span<std::byte> bytes) {
  if (bytes.size() > page_.size() / 4) return draw(bytes);
  const std::lock_guard lock(mutex_);
  if (page_.size() - used_ < bytes.size()) {
    draw(page_);
    used_ = 0;
  }
  const auto source = page_.begin() + static_cast<std::ptrdiff_t>(used_);
  std::copy_n(source, bytes.size(), bytes.begin());
  std::fill_n(source, bytes.size(), std::byte{0});
  used_ += bytes.size();
}

}  // namespace ipaas
