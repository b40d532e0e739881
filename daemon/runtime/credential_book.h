// Every credential, opened, and what the masker must know of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/connectors/catalog.h"
#include "core/connectors/connector.h"
#include "core/security/masker.h"
#include "core/store/store.h"

namespace ipaas::daemon {

/// One tenant's page: immutable, shared by whoever reads it while a newer one is written.
struct CredentialPage {
  std::map<std::string, connectors::CredentialFields, std::less<>> living;
  security::Masker masker;
};

/// Thread-safe.
class CredentialBook {
 public:
  CredentialBook(const connectors::Catalog& catalog, security::MaskingRules rules);

  /// Reads everything anew. What was there stays in force when it fails. Of two at the same time the later one counts.
  [[nodiscard]] Result<void> reload(store::InstanceReader& reader);

  /// Never null; a tenant without credentials has an empty page whose masker knows the patterns.
  [[nodiscard]] std::shared_ptr<const CredentialPage> page(const TenantId& tenant) const;

 private:
  using Pages = std::map<TenantId, std::shared_ptr<const CredentialPage>>;

  const connectors::Catalog& catalog_;
  const security::MaskingRules rules_;
  const std::shared_ptr<const CredentialPage> blank_;
  std::atomic<std::uint64_t> tickets_{0};
  mutable std::mutex mutex_;  ///< guards pages_ and newest_
  std::uint64_t newest_ = 0;  ///< ticket of the reload that made pages_
  std::shared_ptr<const Pages> pages_;
};

}  // namespace ipaas::daemon
