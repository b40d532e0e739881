// `on.webhook`.

#include "core/base/size_text.h"
#include "core/language/parser/expressions.h"
#include "core/language/parser/triggers.h"
#include "core/language/parser/webhook_parts.h"

namespace ipaas::language {
namespace {

constexpr std::size_t kLeastBody = 1024;
/// What the JSON parser takes; a body is held in memory before its signature can be checked.
constexpr std::size_t kMostBody = 32 * 1024 * 1024;
constexpr std::size_t kMostNetworks = 1000;

void read_allow_from(Reading& reading, const yaml::Entry& entry, WebhookOn& webhook) {
  const auto* items = read_list(reading, *entry.value, "`allow-from`");
  if (items == nullptr) return;
  if (items->size() > kMostNetworks) {
    return reading.report.add(entry.position, "out_of_range", "`allow-from` names more than 1000 networks", "write larger networks");
  }
  for (const yaml::Node* item : *items) {
    const auto text = read_text(reading, yaml::Entry{"allow-from", item->position(), item});
    if (!text) continue;
    const auto network = IpNetwork::parse(*text);
    if (network) {
      webhook.allow_from.push_back(*network);
    } else {
      reading.report.add(item->position(), "bad_value", shown(*text) + " is neither an address nor a network",
                         "write one such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32");
    }
  }
}

void read_max_body(Reading& reading, const yaml::Entry& entry, WebhookOn& webhook) {
  const std::string hint = "write a size from " + format_size(kLeastBody) + " to " + format_size(kMostBody) + ", such as 1MiB";
  const auto* scalar = entry.value->scalar();
  if (scalar == nullptr) return report_type(reading, "`max-body`", *entry.value, entry.position, "a size", hint);
  const auto size = parse_size(scalar->text);
  if (size && *size >= kLeastBody && *size <= kMostBody) {
    webhook.max_body = *size;
  } else {
    reading.report.add(position_of(entry), size ? "out_of_range" : "bad_value", "`max-body` cannot be " + shown(scalar->text), hint);
  }
}

void read_on_disconnect(Reading& reading, const yaml::Entry& entry, WebhookOn& webhook) {
  const auto choice = read_option(reading, entry, webhook_keys());
  webhook.continue_on_disconnect = choice == std::optional<std::size_t>(1);
}

}  // namespace

bool is_header_name(std::string_view text) {
  constexpr std::string_view kToken =
      "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  return !text.empty() && text.find_first_not_of(kToken) == std::string_view::npos;
}

void read_webhook(Reading& reading, const yaml::Entry& entry, const Place& after_steps, Workflow& workflow) {
  if (entry.value->entries() == nullptr || entry.value->find("verify") == nullptr) {
    if (entry.value->entries() == nullptr && !entry.value->is_null()) {
      return report_type(reading, "`webhook`", *entry.value, entry.position, "a mapping");
    }
    return reading.report.add(entry.position, "missing_key", "`webhook` needs the key `verify`", scheme_hint());
  }
  static_cast<void>(read_mapping(reading, *entry.value, webhook_keys(), entry.position));
  WebhookOn webhook;
  webhook.position = entry.position;
  read_webhook_verify(reading, *entry.value->find("verify"), webhook, workflow);
  const Place place = webhook_place();
  if (const auto* from = entry.value->find("allow-from")) read_allow_from(reading, *from, webhook);
  if (const auto* filter = entry.value->find("filter")) webhook.filter = read_condition(reading, *filter, place);
  if (const auto* dedupe = entry.value->find("dedupe")) webhook.dedupe = read_template(reading, *dedupe, place);
  if (const auto* respond = entry.value->find("respond")) read_webhook_answer(reading, *respond, after_steps, webhook);
  if (const auto* gone = entry.value->find("on-disconnect")) read_on_disconnect(reading, *gone, webhook);
  if (const auto* most = entry.value->find("max-body")) read_max_body(reading, *most, webhook);
  workflow.webhook = std::move(webhook);
}

}  // namespace ipaas::language
