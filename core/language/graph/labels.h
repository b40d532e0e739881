// What a drawing says of triggers and steps.
#pragma once

#include <string>
#include <vector>

#include "core/language/workflow.h"

namespace ipaas::language {

/// "webhook github, with a filter", "schedule 30 7 * * MON-FRI Europe/Berlin" … one a trigger.
[[nodiscard]] std::vector<std::string> trigger_labels(const Workflow& workflow);

/// What the step does, in a few words: "http/request", "for each ${{ … }}, 4 at once".
[[nodiscard]] std::string action_label(const Step& step);

/// What else one has to know of it: its condition, that it may fail, how often it is tried. May be empty.
[[nodiscard]] std::vector<std::string> notes_of(const Step& step);

/// One line of at most so many characters, controls spelt out.
[[nodiscard]] std::string short_text(std::string_view text, std::size_t most = 60);

}  // namespace ipaas::language
