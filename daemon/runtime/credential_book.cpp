#include "daemon/runtime/credential_book.h"

#include "core/base/json.h"
#include "core/service/own_masking.h"

namespace ipaas::daemon {
CredentialBook::CredentialBook(const connectors::Catalog& catalog, security::MaskingRules rules)
    : catalog_(catalog),
      rules_(rules),
      blank_(std::make_shared<CredentialPage>(CredentialPage{{}, security::Masker({}, rules)})),
      pages_(std::make_shared<Pages>()) {}

Result<void> CredentialBook::reload(store::InstanceReader& reader) {
  const std::uint64_t ticket = ++tickets_;
  const auto credentials = reader.all_credentials();
  if (!credentials) return tl::unexpected(credentials.error());

  std::map<TenantId, Opened> opened;
  std::map<TenantId, std::vector<Secret>> secrets;
  for (const domain::Credential& credential : *credentials) {
    auto fields = parse_json(credential.fields.reveal());
    if (!fields) return tl::unexpected(fields.error());
    // A type that this version does not know any more still holds secrets: treat it as the open one.
    const connectors::CredentialType* type = catalog_.credential_type(credential.type);
    if (type == nullptr) type = catalog_.credential_type("generic");
    for (Secret& secret : connectors::secret_values(*type, *fields)) {
      secrets[credential.tenant].push_back(std::move(secret));
    }
    Opened& tenant = opened[credential.tenant];
    if (!credential.deleted_at) {
      tenant.living[credential.name] = {credential.name, credential.type, *std::move(fields)};
    }
  }
  for (auto& [tenant, open] : opened) open.masker = std::make_shared<security::Masker>(secrets[tenant], rules_);

  const std::lock_guard writing(writing_);
  // One that began to read later has seen everything that this one saw.
  if (ticket < newest_) return {};
  newest_ = ticket;
  opened_ = std::move(opened);
  auto pages = std::make_shared<Pages>();
  for (const auto& [tenant, open] : opened_) (*pages)[tenant] = write(tenant);
  for (const auto& [tenant, registered] : registered_) (*pages)[tenant] = write(tenant);
  publish(std::move(pages));
  return {};
}

Result<void> CredentialBook::load_masked(store::InstanceReader& reader) {
  auto read = reader.masked_values(kMostMasked);
  if (!read) return tl::unexpected(read.error());
  std::map<TenantId, std::vector<std::string>> values;
  for (auto& [tenant, value] : *read) values[tenant].push_back(std::move(value));
  for (const auto& [tenant, all] : values) mask(tenant, all);
  return {};
}

void CredentialBook::add(Registered& registered, const std::vector<std::string>& values, std::vector<Secret>& fresh,
                         bool& dropped) {
  const auto drop_oldest = [&] {
    registered.bytes -= registered.values.front().size();
    registered.known.erase(registered.values.front());
    registered.values.pop_front();
    dropped = true;
  };
  for (const std::string& whole : values) {
    std::string value = whole.substr(0, service::kLongestMasked);
    if (value.empty() || registered.known.contains(value)) continue;
    registered.bytes += value.size();
    registered.known.insert(value);
    fresh.emplace_back(value);
    registered.values.push_back(std::move(value));
    if (registered.values.size() <= kMostMasked && registered.bytes <= kMostMaskedBytes) continue;
    // A quarter at once, since the page has to be written anew for it.
    while (registered.values.size() > kMostMasked / 4 * 3 || registered.bytes > kMostMaskedBytes / 4 * 3) drop_oldest();
  }
}

void CredentialBook::mask(const TenantId& tenant, const std::vector<std::string>& values) {
  if (values.empty()) return;
  const std::lock_guard writing(writing_);
  std::vector<Secret> fresh;
  bool dropped = false;
  add(registered_[tenant], values, fresh, dropped);
  if (fresh.empty()) return;
  const auto before = page(tenant);
  auto pages = std::make_shared<Pages>(*pages_);
  (*pages)[tenant] =
      dropped ? write(tenant)
              : std::make_shared<CredentialPage>(CredentialPage{before->living, before->masker.with(fresh)});
  publish(std::move(pages));
}

std::shared_ptr<const CredentialPage> CredentialBook::write(const TenantId& tenant) const {
  const auto open = opened_.find(tenant);
  const security::Masker& known = open == opened_.end() ? blank_->masker : *open->second.masker;
  std::vector<Secret> values;
  if (const auto registered = registered_.find(tenant); registered != registered_.end()) {
    for (const std::string& value : registered->second.values) values.emplace_back(value);
  }
  return std::make_shared<CredentialPage>(
      CredentialPage{open == opened_.end() ? blank_->living : open->second.living, known.with(values)});
}

void CredentialBook::publish(std::shared_ptr<const Pages> pages) {
  const std::lock_guard lock(mutex_);
  pages_ = std::move(pages);
}

std::shared_ptr<const CredentialPage> CredentialBook::page(const TenantId& tenant) const {
  std::shared_ptr<const Pages> pages;
  {
    const std::lock_guard lock(mutex_);
    pages = pages_;
  }
  const auto found = pages->find(tenant);
  return found == pages->end() ? blank_ : found->second;
}

}  // namespace ipaas::daemon
