// Every connector the daemon has.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/connectors/connector.h"
#include "core/connectors/credential_type.h"
#include "core/language/action_catalog.h"

namespace ipaas::connectors {

/// Immutable and thread-safe.
class Catalog final : public language::ActionCatalog {
 public:
  /// The native connectors and the manifests that were built in. A manifest that is wrong is a defect of the build:
  /// an error that names it.
  [[nodiscard]] static Result<Catalog> built_in();

  /// One more, whose name no other has. Not thread-safe: before the catalog is in use.
  void add(std::unique_ptr<const Connector> connector) { connectors_.push_back(std::move(connector)); }

  [[nodiscard]] const Connector* find(std::string_view connector) const;
  [[nodiscard]] const std::vector<std::unique_ptr<const Connector>>& all() const { return connectors_; }
  [[nodiscard]] const CredentialType* credential_type(std::string_view name) const;
  [[nodiscard]] const std::vector<CredentialType>& credential_types() const { return credential_types_; }

  [[nodiscard]] std::vector<std::string> connectors() const override;
  [[nodiscard]] std::vector<std::string> actions(std::string_view connector) const override;
  [[nodiscard]] const language::ActionInfo* action(std::string_view connector, std::string_view name) const override;

 private:
  std::vector<std::unique_ptr<const Connector>> connectors_;
  std::vector<CredentialType> credential_types_;
};

}  // namespace ipaas::connectors
