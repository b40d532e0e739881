// Seals payloads under their tenant's key.
#pragma once

#include <array>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "core/base/random.h"
#include "core/base/sealer.h"
#include "core/security/aes_gcm.h"
#include "core/security/keyring.h"

namespace ipaas::security {

/// A sealed value is: the key's id (1 byte), nonce (12), ciphertext, tag (16). Its associated data names the key's id, the
/// tenant, the place and the row. Below 1 µs for a small payload. Thread-safe; keys may change while others seal.
class PayloadSealer final : public Sealer {
 public:
  /// `randomness` must outlive the sealer.
  explicit PayloadSealer(Randomness& randomness) : randomness_(randomness) {}

  /// Takes the tenant's keys over from whatever it had.
  void set_keys(const TenantId& tenant, const std::vector<DataKey>& keys);

  /// What is sealed for the tenant from now on nobody can open; nor what was.
  void destroy(const TenantId& tenant);

  [[nodiscard]] std::string seal(const SealLabel& label, std::string_view plain) override;
  [[nodiscard]] Result<std::string> open(const SealLabel& label, std::string_view sealed) override;

 private:
  struct TenantKeys;

  [[nodiscard]] std::shared_ptr<TenantKeys> keys_of(const TenantId& tenant) const;

  Randomness& randomness_;
  mutable std::shared_mutex mutex_;  ///< guards keys_
  std::unordered_map<TenantId, std::shared_ptr<TenantKeys>> keys_;
};

}  // namespace ipaas::security
