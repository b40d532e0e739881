#include "core/connectors/catalog.h"

#include <algorithm>

#include "core/base/embedded_file.h"
#include "core/connectors/http_request.h"
#include "core/connectors/manifest.h"
#include "core/connectors/manifest_connector.h"

namespace ipaas::connectors {

// Generated from manifests/ by ipaas_embed.
EmbeddedFiles manifest_files();

Result<Catalog> Catalog::built_in() {
  Catalog catalog;
  catalog.credential_types_ = common_credential_types();
  catalog.add(std::make_unique<HttpRequest>());
  for (const auto& file : manifest_files()) {
    auto manifest = read_manifest(file.content, file.name);
    if (!manifest) return tl::unexpected(manifest.error());
    auto connector = std::make_unique<ManifestConnector>(std::move(*manifest));
    const auto& type = connector->credential_type();
    if (catalog.find(connector->name()) != nullptr || (type && catalog.credential_type(type->name) != nullptr)) {
      return tl::unexpected(Error{.message = "the connector or its credential type exists twice",
                                  .code = "bad_manifest",
                                  .file = std::string(file.name)});
    }
    if (type) catalog.credential_types_.push_back(*type);
    catalog.add(std::move(connector));
  }
  return catalog;
}

const Connector* Catalog::find(std::string_view connector) const {
  const auto found = std::find_if(connectors_.begin(), connectors_.end(),
                                  [&](const auto& one) { return one->name() == connector; });
  return found == connectors_.end() ? nullptr : found->get();
}

const CredentialType* Catalog::credential_type(std::string_view name) const {
  const auto found = std::find_if(credential_types_.begin(), credential_types_.end(),
                                  [&](const CredentialType& type) { return type.name == name; });
  return found == credential_types_.end() ? nullptr : &*found;
}

std::vector<std::string> Catalog::connectors() const {
  std::vector<std::string> names;
  for (const auto& connector : connectors_) names.emplace_back(connector->name());
  return names;
}

std::vector<std::string> Catalog::actions(std::string_view connector) const {
  std::vector<std::string> names;
  const auto* found = find(connector);
  if (found == nullptr) return names;
  for (const auto& action : found->actions()) names.push_back(action.name);
  return names;
}

const language::ActionInfo* Catalog::action(std::string_view connector, std::string_view name) const {
  const auto* found = find(connector);
  if (found == nullptr) return nullptr;
  const auto action = std::find_if(found->actions().begin(), found->actions().end(),
                                   [&](const language::ActionInfo& one) { return one.name == name; });
  return action == found->actions().end() ? nullptr : &*action;
}

}  // namespace ipaas::connectors
