// The keys of this installation: a master key, a keyring of tenant keys under it, and the sealer that uses them.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/random.h"
#include "core/base/sealer.h"
#include "core/base/secret.h"

namespace ipaas::security {

struct VaultPaths {
  std::filesystem::path key_file;      ///< the master key; backed up by hand, never with the data
  std::filesystem::path keyring_file;  ///< the tenants' keys, each sealed under the master key
};

/// May the files be made when they are missing? Refuse it where sealed data already exists: a new key could not open it.
enum class FirstStart { kAllowed, kRefused };

/// Owns every key of the process. Key files are 0600 whatever the umask, and a file that somebody else owns or that
/// group or others may touch is refused. Thread-safe.
class Vault {
 public:
  /// Reads both files, or makes both at the first start. Errors (kInvalid, with code `key_missing`, `keyring_missing`,
  /// `key_exposed`, `key_malformed`, `keyring_malformed` or `key_wrong`; kUnavailable where the disk fails) name the
  /// files and what to do. `randomness` must outlive the vault.
  [[nodiscard]] static Result<std::unique_ptr<Vault>> open(const VaultPaths& paths, Randomness& randomness,
                                                           FirstStart first_start = FirstStart::kAllowed);

  /// Keys that live in memory only, for `memory:` stores and tests.
  [[nodiscard]] static std::unique_ptr<Vault> ephemeral(Randomness& randomness);

  virtual ~Vault() = default;

  /// Did this start make the keyring? Then nothing sealed can exist yet.
  [[nodiscard]] virtual bool created() const = 0;

  /// Valid as long as the vault. `seal` for a tenant that `ensure_tenant` never saw throws std::logic_error. For a
  /// destroyed tenant it seals under a key that nobody keeps, so what was in flight during an erasure is erased too.
  /// `open` fails with code `key_destroyed` (no such tenant or key) or `seal_broken` (altered, or another label).
  [[nodiscard]] virtual Sealer& sealer() = 0;

  /// Gives the tenant a data key, durably, unless it has one. Call it before the first `seal` for the tenant; waits for the disk.
  [[nodiscard]] virtual Result<void> ensure_tenant(const TenantId& tenant) = 0;

  /// Keys to sign the tenant's texts with for one purpose, such as `wait-link`, each of 32 bytes and derived from a data
  /// key: the first signs, all of them verify. Empty for a tenant that has no key (any more), so what was signed for it is
  /// void with its data.
  [[nodiscard]] virtual std::vector<Secret> signing_keys(const TenantId& tenant, std::string_view purpose) const = 0;

  /// Forgets the tenant's keys for ever, durably: all that was sealed for it is noise from then on, in backups too.
  [[nodiscard]] virtual Result<void> destroy_tenant(const TenantId& tenant) = 0;
};

}  // namespace ipaas::security
