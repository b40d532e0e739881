// When an effect is due that waits for something else than a time.
#pragma once

#include "core/base/clock.h"

namespace ipaas::store {

/// The end of the year 9999: due no more until somebody makes it due. No real effect is due that late.
inline constexpr Instant kParked{Duration(253'402'300'799'999)};

/// 1970: due at once, even if the clock has gone back since.
inline constexpr Instant kAtOnce{};

}  // namespace ipaas::store
