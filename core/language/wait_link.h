// Which waits tell somebody the link that answers them.
#pragma once

#include "core/language/workflow.h"

namespace ipaas::language {

/// A step of `notify` names `wait`, whose `url` is null where the daemon has no public URL.
[[nodiscard]] bool tells_link(const WaitForStep& wait);

}  // namespace ipaas::language
