#include "core/base/ids.h"

namespace ipaas {
namespace {

constexpr char kDigits[] = "0123456789abcdefghjkmnpqrstvwxyz";

}  // namespace

std::string IdSource::suffix() {
  // A clock that steps back, or more than 65,536 identifiers in a millisecond, must not disturb the order:
  // the stamp never repeats and never falls.
  const auto wanted = static_cast<std::uint64_t>(to_millis(clock_.now())) << 16U;
  std::uint64_t previous = last_.load(std::memory_order_relaxed);
  std::uint64_t stamp = 0;
  do {
    stamp = std::max(wanted, previous + 1);
  } while (!last_.compare_exchange_weak(previous, stamp, std::memory_order_relaxed));

  __extension__ using Bits = unsigned __int128;
  Bits bits = (static_cast<Bits>(stamp) << 64U) | randomness_.next();
  std::string text(26, '0');
  for (std::size_t i = text.size(); i-- > 0;) {
    text[i] = kDigits[static_cast<unsigned>(bits & 31U)];
    bits >>= 5U;
  }
  return text;
}

}  // namespace ipaas
