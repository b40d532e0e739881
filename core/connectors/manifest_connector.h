// A connector that a manifest describes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/connectors/connector.h"
#include "core/connectors/manifest.h"

namespace ipaas::connectors {

class ManifestConnector final : public Connector {
 public:
  explicit ManifestConnector(Manifest manifest);

  [[nodiscard]] std::string_view name() const override { return manifest_.name; }
  [[nodiscard]] std::string_view description() const override { return manifest_.description; }
  [[nodiscard]] const std::vector<language::ActionInfo>& actions() const override { return actions_; }
  [[nodiscard]] const std::optional<CredentialType>& credential_type() const { return manifest_.credential_type; }

  [[nodiscard]] Result<HttpCall> prepare(const domain::CallRequest& request,
                                         const std::optional<CredentialFields>& credential) const override;
  [[nodiscard]] Interpretation interpret(const domain::CallRequest& request, const HttpReply& reply,
                                         Instant now) const override;
  [[nodiscard]] bool repeatable(const domain::CallRequest& request) const override;

 private:
  [[nodiscard]] const ManifestAction* find_action(std::string_view action) const;

  Manifest manifest_;
  std::vector<language::ActionInfo> actions_;
};

}  // namespace ipaas::connectors
