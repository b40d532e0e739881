// http/request: any HTTP call.
#pragma once

#include <vector>

#include "core/connectors/connector.h"

namespace ipaas::connectors {

/// The connector `http` with its one action `request`.
///
/// A relative `url` is joined to the credential's `base_url`. POST and PATCH carry the call's idempotency key unless the
/// workflow writes the header itself; since few receivers honour it, only a key that the workflow writes makes them
/// repeatable.
class HttpRequest final : public Connector {
 public:
  HttpRequest();

  [[nodiscard]] std::string_view name() const override { return "http"; }
  [[nodiscard]] std::string_view description() const override { return "Calls any HTTP API"; }
  [[nodiscard]] const std::vector<language::ActionInfo>& actions() const override { return actions_; }
  [[nodiscard]] Result<HttpCall> prepare(const domain::CallRequest& request,
                                         const std::optional<CredentialFields>& credential) const override;
  [[nodiscard]] Interpretation interpret(const domain::CallRequest& request, const HttpReply& reply,
                                         Instant now) const override;
  [[nodiscard]] bool repeatable(const domain::CallRequest& request) const override;

 private:
  std::vector<language::ActionInfo> actions_;
};

}  // namespace ipaas::connectors
