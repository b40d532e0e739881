// The one way of payloads into and out of the file: through the sealer.
#pragma once

#include <string>
#include <string_view>

#include "core/base/json.h"
#include "core/base/sealer.h"
#include "core/domain/effect.h"
#include "core/store/sqlite/failure.h"
#include "core/store/sqlite/statement.h"

namespace ipaas::store::sqlite {

/// As thread-safe as the sealer.
class Payloads {
 public:
  explicit Payloads(Sealer& sealer) : sealer_(sealer) {}

  [[nodiscard]] Sealed seal(const SealLabel& label, std::string_view plain) { return {sealer_.seal(label, plain)}; }
  /// An empty text is kept as NULL.
  [[nodiscard]] Sealed seal_text(const SealLabel& label, std::string_view plain) {
    return plain.empty() ? Sealed() : seal(label, plain);
  }
  /// `absent` (what the domain's struct begins with) is kept as NULL.
  [[nodiscard]] Sealed seal_json(const SealLabel& label, const Json& value, const Json& absent) {
    return value == absent ? Sealed() : seal(label, dump_json(value));
  }
  /// What a call or a child is asked for; nothing for other effects.
  [[nodiscard]] Sealed seal_request(const SealLabel& label, const domain::Effect& effect);

  // Opening throws Refusal for a value that is broken or whose key is gone.
  [[nodiscard]] std::string open_text(const SealLabel& label, const Rows& rows, int column);
  [[nodiscard]] Json open_json(const SealLabel& label, const Rows& rows, int column, const Json& absent);
  void open_request(const SealLabel& label, const Rows& rows, int column, domain::Effect& effect);

 private:
  Sealer& sealer_;
};

}  // namespace ipaas::store::sqlite
