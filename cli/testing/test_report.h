// How the result of tests is told.
#pragma once

#include <string>

#include "cli/output/style.h"
#include "cli/testing/test_run.h"
#include "core/base/json.h"

namespace ipaas::cli {

/// One line a case, and below a failed one what was expected and what came about. `-v` adds each case's log.
[[nodiscard]] std::string test_text(const TestRun& run, const Style& style, bool verbose);

/// `3 passed, 1 failed (12 ms)`.
[[nodiscard]] std::string test_summary(const TestRun& run, const Style& style);

/// An array of cases: `name file line column workflow status failures outcome logs`.
[[nodiscard]] Json test_json(const TestRun& run);

/// Failed cases as errors with their place, for annotations.
[[nodiscard]] Errors test_failures(const TestRun& run);

/// The JUnit XML that CI systems read: a suite for each file; files that are wrong are errors of their suite.
/// Source: github.com/testmoapp/junitxml.
[[nodiscard]] std::string junit_xml(const TestRun& run);

}  // namespace ipaas::cli
