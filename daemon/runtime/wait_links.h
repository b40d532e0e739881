// Links by which people and programs answer a `wait-for`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/engine/decide.h"
#include "core/security/vault.h"

namespace ipaas::daemon {

/// `<public_url>/api/waits/<execution>/<step path>?token=<tenant>.<proof>`. The proof is made with a key of the tenant, so
/// that the tenant's erasure ends its links; whose key that is, is in the token, so that a wrong one costs no look into
/// the store. Thread-safe.
class SignedWaitLinks final : public engine::WaitLinks {
 public:
  /// Without a public URL there are no links. `vault` must outlive this.
  SignedWaitLinks(const security::Vault& vault, std::string public_url)
      : vault_(vault), public_url_(std::move(public_url)) {}

  [[nodiscard]] std::string link(const domain::Execution& execution, std::string_view path) const override;

  /// Whose step it is; nothing for a token that is not the step's.
  [[nodiscard]] std::optional<TenantId> owner(std::string_view execution, std::string_view path,
                                              std::string_view token) const;

 private:
  const security::Vault& vault_;
  const std::string public_url_;
};

}  // namespace ipaas::daemon
