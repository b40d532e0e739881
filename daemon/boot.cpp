#include "daemon/boot.h"

#include "core/store/memory_store.h"
#include "core/store/sqlite/sqlite_store.h"

namespace ipaas::daemon {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

std::filesystem::path database_path(const Config& config) {
  const std::string path = config.store.substr(kSqlite.size());
  return path.empty() ? config.data_dir / "ipaas.db" : std::filesystem::path(path);
}

/// Keys are made only where there is no data yet: a new key could not open the old data.
Result<void> open_vault(Boot& boot, const Config& config, const std::filesystem::path& database) {
  const security::VaultPaths paths{config.data_dir / "master.key", config.data_dir / "keyring"};
  const bool has_data = std::filesystem::exists(database);
  auto vault = security::Vault::open(paths, *boot.randomness,
                                     has_data ? security::FirstStart::kRefused : security::FirstStart::kAllowed);
  if (!vault) return tl::unexpected(vault.error());
  boot.vault = *std::move(vault);
  if (boot.vault->created()) boot.new_key = paths.key_file.string();
  return {};
}

Result<TenantId> find_default_tenant(store::Store& store) {
  auto reader = store.open_reader();
  if (!reader) return tl::unexpected(reader.error());
  return (*reader)->tenant("default").map([](const domain::Tenant& tenant) { return tenant.id; });
}

}  // namespace

Result<Boot> Boot::prepare(const Config& config) {
  Boot boot;
  boot.randomness = std::make_unique<SystemRandomness>();
  if (config.store == "memory:") {
    boot.vault = security::Vault::ephemeral(*boot.randomness);
    boot.store = store::make_memory_store();
    boot.store_name = "memory";
  } else {
    auto dir = lock_data_dir(config.data_dir);
    if (!dir) return tl::unexpected(dir.error());
    boot.data_dir.emplace(*std::move(dir));
    const std::filesystem::path database = database_path(config);
    if (database.parent_path() != config.data_dir) {
      auto lock = lock_database(database);
      if (!lock) return tl::unexpected(lock.error());
      boot.database.emplace(*std::move(lock));
    }
    if (auto opened = open_vault(boot, config, database); !opened) return tl::unexpected(opened.error());
    auto store = store::open_sqlite(database, boot.vault->sealer());
    if (!store) return tl::unexpected(store.error());
    boot.store = *std::move(store);
    boot.store_name = database.string();
  }
  const auto tenant = find_default_tenant(*boot.store);
  if (!tenant) return tl::unexpected(tenant.error());
  boot.default_tenant = *tenant;
  if (auto ensured = boot.vault->ensure_tenant(*tenant); !ensured) return tl::unexpected(ensured.error());
  // A number that no earlier life can have had: 63 random bits.
  boot.id = static_cast<domain::BootId>(boot.randomness->next() >> 1U);
  const auto orphans = boot.store->release_orphans(boot.id);
  if (!orphans) return tl::unexpected(orphans.error());
  boot.orphans = *orphans;
  return boot;
}

}  // namespace ipaas::daemon
