// Names for requests.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/random.h"

namespace ipaas::daemon::http {

/// `req_` and 13 digits of Crockford's base 32: different for all requests of one daemon, and very likely of all. Not
/// secret. For one thread.
class RequestIds {
 public:
  explicit RequestIds(Randomness& randomness) : state_(randomness.next()) {}

  /// Replaces the text.
  void next(std::string& id) {
    // An odd step visits every number before it repeats one, and neighbours do not look alike.
    state_ += 0x9e3779b97f4a7c15U;
    id.assign("req_");
    for (int shift = 60; shift >= 0; shift -= 5) id += "0123456789abcdefghjkmnpqrstvwxyz"[(state_ >> shift) & 31U];
  }

 private:
  std::uint64_t state_;
};

}  // namespace ipaas::daemon::http
