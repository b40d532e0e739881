// One execution and its steps, for a person.
#pragma once

#include <string>
#include <vector>

#include "cli/output/style.h"
#include "cli/output/view.h"
#include "core/base/clock.h"
#include "core/base/json.h"

namespace ipaas::cli {

/// The columns of `execution list`.
[[nodiscard]] View executions_view(Instant now);

/// How much of an execution is drawn.
struct Drawing {
  std::size_t width = 0;       ///< no line is longer; 0 is no bound
  std::size_t rows = 0;        ///< no more lines; 0 is no bound
  std::string spinner = {};    ///< stands beside what runs
  std::size_t most_steps = 0;  ///< no more rows of steps, and below them how all are shown; 0 is no bound
};

/// What it is, how it goes, what failed, its steps as a table, and what it waits for with how to answer.
[[nodiscard]] std::string execution_text(const Json& execution, const Style& style, Instant now, const Drawing& drawing = {});

/// What came in, and what each step gave: for who asked for all of it.
[[nodiscard]] std::string payloads_text(const Json& execution, const Style& style);

/// What an open wait asks, and below that how it is answered, or by whom, if not by who looks; empty for other steps.
[[nodiscard]] std::vector<std::string> wait_lines(const std::string& execution, const Json& step);

/// `rejected: 404 from shop.example (step orders)`; empty when nothing failed.
[[nodiscard]] std::string failure_text(const Json& error);

}  // namespace ipaas::cli
