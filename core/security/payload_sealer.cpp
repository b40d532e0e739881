#include "core/security/payload_sealer.h"

#include <mutex>
#include <stdexcept>

#include "core/security/master_key.h"

namespace ipaas::security {
namespace {

std::string associated(const SealLabel& label, std::uint8_t key) {
  const char byte = static_cast<char>(key);
  return associated_data({{&byte, 1}, label.tenant.str(), label.place, label.id});
}

tl::unexpected<Error> no_key(const SealLabel& label) {
  return fail(ErrorKind::kNotFound, "the key of " + label.tenant.str() + " is not in the keyring",
              "it was destroyed, or the keyring is older than the data", "key_destroyed");
}

}  // namespace

/// The tenant's ciphers by key id. One of a destroyed tenant seals and opens nothing that was.
struct PayloadSealer::TenantKeys {
  std::array<std::unique_ptr<AesGcm>, 256> by_id{};
  std::uint8_t current = 0;
  bool destroyed = false;
};

void PayloadSealer::set_keys(const TenantId& tenant, const std::vector<DataKey>& keys) {
  auto fresh = std::make_shared<TenantKeys>();
  for (const DataKey& key : keys) {
    fresh->by_id.at(key.id) = std::make_unique<AesGcm>(key.bytes.reveal(), randomness_);
    fresh->current = key.id;
  }
  const std::unique_lock lock(mutex_);
  keys_[tenant] = std::move(fresh);
}

void PayloadSealer::destroy(const TenantId& tenant) {
  auto nobody = std::make_shared<TenantKeys>();
  nobody->by_id[1] = std::make_unique<AesGcm>(random_key(randomness_).reveal(), randomness_);
  nobody->current = 1;
  nobody->destroyed = true;
  const std::unique_lock lock(mutex_);
  keys_[tenant] = std::move(nobody);
}

std::shared_ptr<PayloadSealer::TenantKeys> PayloadSealer::keys_of(const TenantId& tenant) const {
  const std::shared_lock lock(mutex_);
  const auto found = keys_.find(tenant);
  return found == keys_.end() ? nullptr : found->second;
}

std::string PayloadSealer::seal(const SealLabel& label, std::string_view plain) {
  const std::shared_ptr<TenantKeys> keys = keys_of(label.tenant);
  if (!keys) throw std::logic_error("a payload of " + label.tenant.str() + " was to be sealed before the tenant had a key");
  std::string sealed;
  sealed.reserve(1 + kNonceSize + plain.size() + kTagSize);
  sealed += static_cast<char>(keys->current);
  keys->by_id[keys->current]->seal(associated(label, keys->current), plain, sealed);
  return sealed;
}

Result<std::string> PayloadSealer::open(const SealLabel& label, std::string_view sealed) {
  const std::shared_ptr<TenantKeys> keys = keys_of(label.tenant);
  if (!keys || keys->destroyed) return no_key(label);
  if (sealed.empty()) return fail(ErrorKind::kInvalid, "a sealed value is empty", {}, "seal_broken");
  const auto id = static_cast<std::uint8_t>(sealed.front());
  if (!keys->by_id[id]) return no_key(label);
  return keys->by_id[id]->open(associated(label, id), sealed.substr(1));
}

}  // namespace ipaas::security
