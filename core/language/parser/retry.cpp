// `retry:` of a step.

#include <algorithm>

#include "core/base/time_text.h"
#include "core/language/parser/uses.h"

namespace ipaas::language {
namespace {

void read_delays(Reading& reading, const yaml::Node& node, RetryPolicy& policy) {
  if (const auto* entry = node.find("delay")) {
    if (const auto delay = read_duration(reading, *entry, retry_keys())) policy.delay = *delay;
  }
  const auto* most = node.find("max-delay");
  if (most == nullptr) {
    policy.max_delay = std::max(policy.max_delay, policy.delay);
    return;
  }
  const auto delay = read_duration(reading, *most, retry_keys());
  if (!delay) return;
  policy.max_delay = *delay;
  if (*delay >= policy.delay) return;
  reading.report.add(most->value->position(), "out_of_range", "`max-delay` is shorter than `delay`, " + format_duration(policy.delay),
                     "write a longer `max-delay` or a shorter `delay`");
}

}  // namespace

RetryPolicy read_retry(Reading& reading, const yaml::Entry& entry) {
  RetryPolicy policy;
  const yaml::Node& node = *entry.value;
  if (node.entries() == nullptr) {
    report_type(reading, "`retry`", node, entry.position, "a mapping", "write keys such as `max-attempts: 5` below it");
    return policy;
  }
  static_cast<void>(read_mapping(reading, node, retry_keys(), entry.position));
  if (const auto* attempts = node.find("max-attempts")) {
    policy.max_attempts = static_cast<int>(read_integer(reading, *attempts, retry_keys()).value_or(policy.max_attempts));
  }
  if (const auto* backoff = node.find("backoff")) {
    const auto index = read_option(reading, *backoff, retry_keys());
    if (index) policy.backoff = static_cast<RetryPolicy::Backoff>(*index);
  }
  if (const auto* jitter = node.find("jitter")) {
    const auto index = read_option(reading, *jitter, retry_keys());
    if (index) policy.jitter = static_cast<RetryPolicy::Jitter>(*index);
  }
  if (const auto* unknown = node.find("on-unknown")) {
    policy.retry_unknown = read_option(reading, *unknown, retry_keys()) == std::size_t{1};
  }
  if (const auto* defer = node.find("max-defer")) {
    if (const auto time = read_duration(reading, *defer, retry_keys())) policy.max_defer = *time;
  }
  read_delays(reading, node, policy);
  return policy;
}

}  // namespace ipaas::language
