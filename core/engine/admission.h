// Whether what a webhook carried starts an execution, and the key by which a repetition of it is known.
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/language/workflow.h"

namespace ipaas::engine {

struct Admission {
  bool filtered = false;  ///< the filter says no; nothing else counts then
  std::string dedupe;     ///< the text of the key, of any length; empty where there is none
};

/// Evaluates `filter` and `dedupe` over the event context. Without `dedupe` the key is the delivery's id. Fails
/// (kInvalid, with the code of the expression's error) where an expression fails. Pure and thread-safe.
[[nodiscard]] Result<Admission> admit(const language::WebhookOn& on, const Json& event, std::string_view delivery_id,
                                      const language::EvalLimits& limits = {});

}  // namespace ipaas::engine
