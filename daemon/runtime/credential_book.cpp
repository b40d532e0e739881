#include "daemon/runtime/credential_book.h"

#include "core/base/json.h"

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

  struct Draft {
    std::map<std::string, connectors::CredentialFields, std::less<>> living;
    std::vector<Secret> secrets;
  };
  std::map<TenantId, Draft> drafts;
  for (const domain::Credential& credential : *credentials) {
    auto fields = parse_json(credential.fields.reveal());
    if (!fields) return tl::unexpected(fields.error());
    Draft& draft = drafts[credential.tenant];
    // A type that this version does not know any more still holds secrets: treat it as the open one.
    const connectors::CredentialType* type = catalog_.credential_type(credential.type);
    if (type == nullptr) type = catalog_.credential_type("generic");
    for (Secret& secret : connectors::secret_values(*type, *fields)) draft.secrets.push_back(std::move(secret));
    if (!credential.deleted_at) {
      draft.living[credential.name] = {credential.name, credential.type, *std::move(fields)};
    }
  }
  auto pages = std::make_shared<Pages>();
  for (auto& [tenant, draft] : drafts) {
    (*pages)[tenant] = std::make_shared<CredentialPage>(
        CredentialPage{std::move(draft.living), security::Masker(draft.secrets, rules_)});
  }
  const std::lock_guard lock(mutex_);
  // One that began to read later has seen everything that this one saw.
  if (ticket < newest_) return {};
  newest_ = ticket;
  pages_ = std::move(pages);
  return {};
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
