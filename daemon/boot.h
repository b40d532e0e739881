// Before anything runs: the directory, the keys, the store.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/security/vault.h"
#include "core/store/store.h"
#include "daemon/config/config.h"
#include "daemon/data_dir.h"

namespace ipaas::daemon {

/// What one life of the daemon stands on. Members in dependency order.
struct Boot {
  /// Locks the data directory, opens or makes keys and store, and frees the leases of earlier lives.
  [[nodiscard]] static Result<Boot> prepare(const Config& config);

  std::optional<LockFile> data_dir;  ///< none for a store in memory
  std::optional<LockFile> database;  ///< where that lies outside the data directory
  std::unique_ptr<Randomness> randomness;
  std::unique_ptr<security::Vault> vault;
  std::unique_ptr<store::Store> store;
  std::string store_name;
  TenantId default_tenant;
  domain::BootId id = 0;
  std::size_t orphans = 0;
  /// Where the key is, when this start made it.
  std::string new_key;
};

}  // namespace ipaas::daemon
