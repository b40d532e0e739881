// The parts of `on.webhook`, one file each.
#pragma once

#include <string>
#include <string_view>

#include "core/language/parser/expressions.h"
#include "core/language/parser/reading.h"
#include "core/language/workflow.h"

namespace ipaas::language {

/// Fills in scheme, credential and options.
void read_webhook_verify(Reading& reading, const yaml::Entry& entry, WebhookOn& webhook, Workflow& workflow);
/// What to write for `scheme`.
[[nodiscard]] std::string scheme_hint();

/// `respond`.
void read_webhook_answer(Reading& reading, const yaml::Entry& entry, const Place& place, WebhookOn& webhook);

/// RFC 9110, section 5.1: the name of a header is a token.
[[nodiscard]] bool is_header_name(std::string_view text);

}  // namespace ipaas::language
