// A workflow as a drawing.
#pragma once

#include <string>

#include "core/language/workflow.h"

namespace ipaas::language {

/// For a terminal: one line a step, in UTF-8. What stands below each other runs in that order; `╟` lanes run at once; what
/// is inside a loop, a case or a `notify` is indented below it. No control character comes through.
[[nodiscard]] std::string draw_text(const Workflow& workflow);

/// A flowchart for whoever renders Mermaid (GitHub does). Texts are escaped, so that none can add to the chart.
/// Source: https://mermaid.js.org/syntax/flowchart.html
[[nodiscard]] std::string draw_mermaid(const Workflow& workflow);

}  // namespace ipaas::language
