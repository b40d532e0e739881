// What tests of workflows ask connectors and signature schemes.
#pragma once

#include "core/connectors/catalog.h"
#include "core/engine/testing/run_case.h"

namespace ipaas::cli {

/// The connectors of this build; the catalog must outlive it.
class BuiltInReceivers final : public engine::testing::Receivers {
 public:
  explicit BuiltInReceivers(const connectors::Catalog& catalog) : catalog_(catalog) {}

  [[nodiscard]] std::optional<engine::CallFailed> refusal(const domain::CallRequest& call) const override;
  [[nodiscard]] bool repeatable(const domain::CallRequest& call) const override;
  [[nodiscard]] std::variant<Json, engine::CallFailed> interpret(const domain::CallRequest& call,
                                                                 const engine::testing::MockReply& reply,
                                                                 Instant now) const override;
  [[nodiscard]] std::string delivery_id(const std::string& scheme, const Json& headers,
                                        const Json& body) const override;

 private:
  const connectors::Catalog& catalog_;
};

}  // namespace ipaas::cli
