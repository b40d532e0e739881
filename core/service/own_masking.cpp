#include "core/service/own_masking.h"

#include "core/base/encoding.h"
#include "core/security/json_masking.h"

namespace ipaas::service {
namespace {

constexpr std::size_t kShortest = 8;  // bytes of a value that is known in hex, too

/// Asked in hex, where no pattern of a token can be the reason that it is masked.
bool knows(const security::Masker& masker, const std::string& value) {
  return masker.mask(value.size() < kShortest ? value : hex_encode(value)) == security::kRedacted;
}

void mask_failure(const security::Masker& masker, std::optional<domain::Failure>& failure) {
  if (failure) failure->message = masker.mask(failure->message);
}

}  // namespace

security::Masker masker_with(const security::Masker& base, const std::vector<std::string>& registered) {
  std::vector<Secret> secrets;
  for (const std::string& whole : registered) {
    // To make a value known takes far longer than to ask for it, and most are known.
    const std::string value = whole.substr(0, kLongestMasked);
    if (!value.empty() && !knows(base, value)) secrets.emplace_back(value);
  }
  return base.with(secrets);
}

Result<security::Masker> masker_for(store::TenantReader& reader, const security::Masker& base, const TenantId& tenant,
                                    const std::vector<ExecutionId>& executions) {
  return reader.masked_by(tenant, executions).map([&](const auto& registered) { return masker_with(base, registered); });
}

void mask(const security::Masker& masker, domain::ExecutionSnapshot& snapshot) {
  domain::Execution& execution = snapshot.execution;
  execution.inputs = security::mask_json(masker, execution.inputs);
  execution.outputs = security::mask_json(masker, execution.outputs);
  mask_failure(masker, execution.error);
  snapshot.steps.change_each([&](domain::Step& step) {
    step.outputs = security::mask_json(masker, step.outputs);
    mask_failure(masker, step.error);
    if (step.items) step.items = std::make_shared<const Json>(security::mask_json(masker, *step.items));
  });
}

}  // namespace ipaas::service
