#include "daemon/http/body_budget.h"

#include <algorithm>
#include <utility>

namespace ipaas::daemon::http {

bool BodyBudget::take(std::size_t bytes) {
  if (bytes <= left_) {
    left_ -= bytes;
    return true;
  }
  if (!std::exchange(warned_, true)) warn_("large requests are answered 503: limits.body_memory is used up");
  return false;
}

void BodyBudget::put_back(std::size_t bytes) {
  left_ += bytes;
  if (left_ >= bytes_ / 2) warned_ = false;
}

bool BodyRoom::grow(std::string& body, std::size_t more) {
  const std::size_t needed = std::min(body.size() + more, most_);
  if (needed <= body.capacity()) return true;
  // Doubled, so that a body that comes in many pieces is not copied with each of them.
  const std::size_t capacity = std::min(std::max(2 * body.capacity(), needed), most_);
  const std::size_t share = std::max(capacity, kBodyAllowance) - kBodyAllowance;
  if (share > taken_) {
    if (!budget_.take(share - taken_)) return false;
    taken_ = share;
  }
  // A new one, since reserve() may take more than it is asked for.
  std::string larger;
  larger.reserve(capacity);
  larger.append(body);
  body.swap(larger);
  return true;
}

void BodyRoom::release() {
  if (taken_ > 0) budget_.put_back(std::exchange(taken_, 0));
}

}  // namespace ipaas::daemon::http
