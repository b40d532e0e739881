#include "core/security/vault.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "core/security/digest.h"
#include "core/security/keyring.h"
#include "core/security/master_key.h"
#include "core/security/payload_sealer.h"
#include "core/security/private_file.h"

namespace ipaas::security {
namespace {

/// Where the keyring is kept.
class KeyringHome {
 public:
  virtual ~KeyringHome() = default;
  [[nodiscard]] virtual Result<void> keep(const Keyring& keyring) = 0;
};

class NoHome final : public KeyringHome {
 public:
  [[nodiscard]] Result<void> keep(const Keyring&) override { return {}; }
};

class KeyringFile final : public KeyringHome {
 public:
  KeyringFile(std::filesystem::path path, Secret master_key, Randomness& randomness)
      : path_(std::move(path)), master_key_(std::move(master_key)), randomness_(randomness) {}

  [[nodiscard]] Result<void> keep(const Keyring& keyring) override {
    return write_private_file(path_, write_keyring(keyring, master_key_, randomness_), Existing::kReplace);
  }

 private:
  std::filesystem::path path_;
  Secret master_key_;
  Randomness& randomness_;
};

constexpr std::string_view kSigningPlace = "keyring.signing";

/// HMAC as the key derivation: the data key itself never signs.
Secret derived(const DataKey& key, std::string_view label) {
  return Secret(std::string(hmac(Digest::kSha256, key.bytes.reveal(), std::array{label}).view()));
}

class KeyringVault final : public Vault {
 public:
  KeyringVault(std::unique_ptr<KeyringHome> home, Keyring keyring, bool created, Randomness& randomness)
      : home_(std::move(home)), keyring_(std::move(keyring)), created_(created), randomness_(randomness), sealer_(randomness) {
    for (const auto& [tenant, keys] : keyring_) sealer_.set_keys(tenant, keys);
  }

  [[nodiscard]] bool created() const override { return created_; }
  [[nodiscard]] Sealer& sealer() override { return sealer_; }

  [[nodiscard]] Result<void> ensure_tenant(const TenantId& tenant) override {
    const std::lock_guard lock(mutex_);
    if (keyring_.contains(tenant)) return {};
    Keyring changed = keyring_;
    changed[tenant].push_back({1, random_key(randomness_)});
    // On the disk before the first use: a payload under a key that a crash forgets is lost.
    if (auto kept = home_->keep(changed); !kept) return kept;
    keyring_ = std::move(changed);
    sealer_.set_keys(tenant, keyring_.at(tenant));
    return {};
  }

  [[nodiscard]] std::vector<Secret> signing_keys(const TenantId& tenant, std::string_view purpose) const override {
    const std::lock_guard lock(mutex_);
    std::vector<Secret> keys;
    const auto found = keyring_.find(tenant);
    if (found == keyring_.end()) return keys;
    const std::string label = associated_data({kSigningPlace, tenant.str(), purpose});
    for (const DataKey& key : found->second) keys.push_back(derived(key, label));
    std::reverse(keys.begin(), keys.end());  // the newest is the one in force
    return keys;
  }

  [[nodiscard]] Result<void> destroy_tenant(const TenantId& tenant) override {
    const std::lock_guard lock(mutex_);
    Keyring changed = keyring_;
    changed.erase(tenant);
    if (auto kept = home_->keep(changed); !kept) return kept;
    keyring_ = std::move(changed);
    sealer_.destroy(tenant);
    return {};
  }

 private:
  mutable std::mutex mutex_;  ///< guards keyring_; held over the file's replacement, for writers only: sealing never takes it
  std::unique_ptr<KeyringHome> home_;
  Keyring keyring_;
  bool created_;
  Randomness& randomness_;
  PayloadSealer sealer_;
};

constexpr std::size_t kLargestKeyring = 32 * 1024 * 1024;

tl::unexpected<Error> missing(const char* what, const std::filesystem::path& path, std::string code) {
  return fail(ErrorKind::kInvalid, std::string("the ") + what + " is missing: " + path.string(),
              "restore it from its backup; without it the data that is already there cannot be opened", std::move(code));
}

Result<Secret> master_key_for(const VaultPaths& paths, bool keyring_exists, FirstStart first_start, Randomness& randomness) {
  Result<std::optional<Secret>> existing = read_master_key(paths.key_file);
  if (!existing) return tl::unexpected(std::move(existing.error()));
  if (*existing) return std::move(**existing);
  if (keyring_exists || first_start == FirstStart::kRefused) return missing("master key", paths.key_file, "key_missing");
  return create_master_key(paths.key_file, randomness);
}

/// The error of a keyring, with the files that it is about.
Error with_files(Error error, const VaultPaths& paths) {
  error.message += " (master key " + paths.key_file.string() + ", keyring " + paths.keyring_file.string() + ")";
  return error;
}

}  // namespace

Result<std::unique_ptr<Vault>> Vault::open(const VaultPaths& paths, Randomness& randomness, FirstStart first_start) {
  discard_leftover(paths.key_file);
  discard_leftover(paths.keyring_file);
  const Result<std::optional<Secret>> text = read_private_file(paths.keyring_file, kLargestKeyring);
  if (!text) return tl::unexpected(text.error());
  const bool created = !text->has_value();
  Result<Secret> master_key = master_key_for(paths, !created, first_start, randomness);
  if (!master_key) return tl::unexpected(std::move(master_key.error()));
  // The key is made first: a kill between the two leaves a key without a keyring, which is a first start again.
  if (created && first_start == FirstStart::kRefused) return missing("keyring", paths.keyring_file, "keyring_missing");
  Result<Keyring> keyring = created ? Keyring() : read_keyring((*text)->reveal(), *master_key, randomness);
  if (!keyring) return tl::unexpected(with_files(std::move(keyring.error()), paths));
  auto home = std::make_unique<KeyringFile>(paths.keyring_file, std::move(*master_key), randomness);
  if (created) {
    if (auto kept = home->keep(*keyring); !kept) return tl::unexpected(std::move(kept.error()));
  }
  return std::make_unique<KeyringVault>(std::move(home), std::move(*keyring), created, randomness);
}

std::unique_ptr<Vault> Vault::ephemeral(Randomness& randomness) {
  return std::make_unique<KeyringVault>(std::make_unique<NoHome>(), Keyring(), true, randomness);
}

}  // namespace ipaas::security
