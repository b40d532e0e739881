// A connector turns the inputs of an action into an HTTP call and its reply into outputs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/connectors/http_call.h"
#include "core/domain/effect.h"
#include "core/language/action_catalog.h"

namespace ipaas::connectors {

/// The fields of a credential, opened for one call.
struct CredentialFields {
  std::string name;
  std::string type;
  Json fields = Json::object();
};

/// What a reply means. Exactly one of `outputs` and `failure` counts.
struct Interpretation {
  std::optional<Json> outputs = {};

  enum class Class { kRejected, kDeferred, kUnknown } failure_class = Class::kRejected;
  std::string code = {};     ///< error code of executions: rejected, credential_refused …
  std::string message = {};  ///< what the receiver said, shortened; may still hold secrets: mask it before it is kept
  std::optional<Duration> retry_after = {};  ///< Retry-After in seconds or as an HTTP date, read against `now`
  bool worth_retrying = false;
};

/// Immutable and thread-safe.
class Connector {
 public:
  virtual ~Connector() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual std::string_view description() const = 0;
  [[nodiscard]] virtual const std::vector<language::ActionInfo>& actions() const = 0;

  /// Builds the call. Fails (kInvalid, codes input_invalid, credential_missing, credential_refused) before anything is sent.
  [[nodiscard]] virtual Result<HttpCall> prepare(const domain::CallRequest& request,
                                                 const std::optional<CredentialFields>& credential) const = 0;

  [[nodiscard]] virtual Interpretation interpret(const domain::CallRequest& request, const HttpReply& reply,
                                                 Instant now) const = 0;

  /// Repeating this request is harmless: an idempotent method, or a provider that honours an idempotency key.
  [[nodiscard]] virtual bool repeatable(const domain::CallRequest& request) const = 0;
};

}  // namespace ipaas::connectors
