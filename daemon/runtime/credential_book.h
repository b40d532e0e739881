// Every credential, opened, and every value that the masker must know.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

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

  /// Reads what executions have registered with `mask()`. Once, at start.
  [[nodiscard]] Result<void> load_masked(store::InstanceReader& reader);

  /// From now on the tenant's page masks these values, too. Of all that its executions have registered the newest
  /// `kMostMasked` are known, as far as they take `kMostMaskedBytes`; of a longer value its beginning.
  void mask(const TenantId& tenant, const std::vector<std::string>& values);

  static constexpr std::size_t kMostMasked = 1000;
  static constexpr std::size_t kMostMaskedBytes = 256 * 1024;

  /// Never null; a tenant without credentials has an empty page whose masker knows the patterns.
  [[nodiscard]] std::shared_ptr<const CredentialPage> page(const TenantId& tenant) const;

 private:
  using Pages = std::map<TenantId, std::shared_ptr<const CredentialPage>>;
  /// The credentials of a tenant, and the masker that knows them and nothing else.
  struct Opened {
    std::map<std::string, connectors::CredentialFields, std::less<>> living;
    std::shared_ptr<const security::Masker> masker;
  };
  /// What the executions of a tenant have registered.
  struct Registered {
    std::deque<std::string> values;  ///< oldest first
    std::set<std::string, std::less<>> known;
    std::size_t bytes = 0;
  };

  /// `fresh` gets what was not known; `dropped` is set where old ones had to go for it.
  static void add(Registered& registered, const std::vector<std::string>& values, std::vector<Secret>& fresh,
                  bool& dropped);
  /// Page of the tenant from what is opened and registered. To be called with writing_ held.
  [[nodiscard]] std::shared_ptr<const CredentialPage> write(const TenantId& tenant) const;
  void publish(std::shared_ptr<const Pages> pages);

  const connectors::Catalog& catalog_;
  const security::MaskingRules rules_;
  const std::shared_ptr<const CredentialPage> blank_;
  std::atomic<std::uint64_t> tickets_{0};
  std::mutex writing_;        ///< guards newest_, opened_ and registered_; held while pages are written
  std::uint64_t newest_ = 0;  ///< ticket of the reload that made opened_
  std::map<TenantId, Opened> opened_;
  std::map<TenantId, Registered> registered_;
  mutable std::mutex mutex_;  ///< guards pages_; never held for long
  std::shared_ptr<const Pages> pages_;
};

}  // namespace ipaas::daemon
