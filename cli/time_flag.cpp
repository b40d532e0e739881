#include "cli/time_flag.h"

#include "cli/exit_code.h"
#include "core/base/time_text.h"

namespace ipaas::cli {

Result<Instant> past_instant(const std::string& flag, const std::string& text, Instant now) {
  if (const auto ago = parse_duration(text)) return now - *ago;
  if (const auto instant = parse_instant(text)) return *instant;
  return tl::unexpected(
      usage_error(flag + " is neither a duration nor an instant", "write 15m, 2h or 2026-11-21T20:35:00Z"));
}

}  // namespace ipaas::cli
