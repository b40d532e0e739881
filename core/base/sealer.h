// How a payload is kept where others might read it.
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/base/ids.h"

namespace ipaas {

/// What a sealed value belongs to. Opening it under another label fails, so a value cannot be moved to another
/// tenant, table or row by somebody who can write the file.
struct SealLabel {
  const TenantId& tenant;
  std::string_view place;  ///< `events.payload`, `steps.outputs` …
  std::string_view id;     ///< of the row, with its version where it has several
};

/// Seals payload columns. The first byte of a sealed value names the key. Thread-safe.
class Sealer {
 public:
  virtual ~Sealer() = default;
  [[nodiscard]] virtual std::string seal(const SealLabel& label, std::string_view plain) = 0;
  [[nodiscard]] virtual Result<std::string> open(const SealLabel& label, std::string_view sealed) = 0;
};

}  // namespace ipaas
