#include "cli/testing/test_report.h"

#include "cli/output/table.h"
#include "core/base/terminal_text.h"
#include "core/base/time_text.h"

namespace ipaas::cli {
namespace {

using engine::testing::Difference;

constexpr std::size_t kLongestValue = 2000;
constexpr std::string_view kIndent = "        ";

std::string value_text(const std::optional<Json>& value) {
  return value ? cut_to(escape_control(dump_json(*value)), kLongestValue) : "(nothing)";
}

std::string place_of(const std::string& file, SourcePosition position) {
  return escape_control(file) + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

/// Why it failed, where only the status was looked at.
std::string reason_of(const Json& outcome) {
  const auto error = outcome.find("error");
  if (error == outcome.end() || !error->is_object()) return {};
  const std::string step = (*error)["step"].get<std::string>();
  return (step.empty() ? "" : step + ": ") + (*error)["code"].get<std::string>() + ": " +
         (*error)["message"].get<std::string>();
}

std::string difference_text(const std::string& file, const Difference& difference, const Json& outcome,
                            const Style& style) {
  std::string text(kIndent);
  text += style.paint(Colour::kDim, place_of(file, difference.position)) + ": " + escape_control(difference.path);
  if (!difference.message.empty()) text += (difference.path.empty() ? "" : " ") + escape_control(difference.message);
  text += '\n';
  if (!difference.hint.empty()) text += std::string(kIndent) + "  " + escape_control(difference.hint) + '\n';
  if (difference.expected) {
    text += std::string(kIndent) + "  expected  " + style.paint(Colour::kGreen, value_text(difference.expected)) + '\n';
  }
  if (difference.expected || difference.actual) {
    text += std::string(kIndent) + "  actual    " + style.paint(Colour::kRed, value_text(difference.actual)) + '\n';
  }
  const std::string reason = difference.path == "status" ? reason_of(outcome) : "";
  if (!reason.empty()) text += std::string(kIndent) + "  because   " + escape_control(reason) + '\n';
  return text;
}

std::string log_text(const RanCase& ran, const Style& style) {
  std::string text;
  for (const domain::LogEntry& line : ran.result.logs) {
    const std::string step = line.path.empty() ? "" : line.path + ": ";
    text += std::string(kIndent) + style.paint(Colour::kDim, format_instant(line.at)) + ' ' +
            style.paint(colour_of(level_name(line.level)), level_name(line.level)) + ' ' +
            escape_control(step + line.text) + '\n';
  }
  return text;
}

std::string case_text(const std::string& file, const RanCase& ran, const Style& style, bool verbose) {
  const bool passed = ran.result.passed();
  std::string text = passed ? "  " + style.paint(Colour::kGreen, "ok") : "  " + style.paint(Colour::kRed, "FAIL");
  text += std::string(passed ? "    " : "  ") + escape_control(ran.name) + '\n';
  for (const Difference& difference : ran.result.differences) {
    text += difference_text(file, difference, ran.result.outcome, style);
  }
  if (verbose) text += log_text(ran, style);
  return text;
}

Json json_of(const Difference& difference) {
  Json json;
  json["path"] = difference.path;
  json["message"] = difference.message;
  json["hint"] = difference.hint;
  if (difference.expected) json["expected"] = *difference.expected;
  if (difference.actual) json["actual"] = *difference.actual;
  json["line"] = difference.position.line;
  json["column"] = difference.position.column;
  return json;
}

Json json_of(const std::string& file, const RanCase& ran) {
  Json row;
  row["name"] = ran.name;
  row["file"] = file;
  row["line"] = ran.position.line;
  row["column"] = ran.position.column;
  row["workflow"] = ran.workflow;
  row["status"] = ran.result.passed() ? "passed" : "failed";
  row["failures"] = Json::array();
  for (const Difference& difference : ran.result.differences) row["failures"].push_back(json_of(difference));
  row["outcome"] = ran.result.outcome;
  row["logs"] = Json::array();
  for (const domain::LogEntry& line : ran.result.logs) {
    row["logs"].push_back(
        {{"at", format_instant(line.at)}, {"level", level_name(line.level)}, {"step", line.path}, {"text", line.text}});
  }
  return row;
}

}  // namespace

std::string test_text(const TestRun& run, const Style& style, bool verbose) {
  std::string text;
  for (const RanFile& file : run.files) {
    if (file.cases.empty()) continue;
    text += style.paint(Colour::kBold, escape_control(file.file)) + '\n';
    for (const RanCase& ran : file.cases) text += case_text(file.file, ran, style, verbose);
  }
  return text;
}

std::string test_summary(const TestRun& run, const Style& style) {
  const std::size_t failed = run.failed();
  std::size_t invalid = 0;
  for (const RanFile& file : run.files) invalid += file.errors.empty() ? 0 : 1;
  std::string text = std::to_string(run.passed()) + " passed, " + std::to_string(failed) + " failed";
  if (invalid > 0) text += ", " + std::to_string(invalid) + (invalid == 1 ? " file" : " files") + " invalid";
  const Colour colour = failed + invalid > 0 ? Colour::kRed : Colour::kGreen;
  return style.paint(colour, text) + " (" + std::to_string(run.took.count()) + " ms)";
}

Json test_json(const TestRun& run) {
  Json rows = Json::array();
  for (const RanFile& file : run.files) {
    for (const RanCase& ran : file.cases) rows.push_back(json_of(file.file, ran));
  }
  return rows;
}

Errors test_failures(const TestRun& run) {
  Errors failures;
  for (const RanFile& file : run.files) {
    for (const RanCase& ran : file.cases) {
      for (const Difference& difference : ran.result.differences) {
        std::string message = ran.name + ": " + difference.path +
                              (difference.path.empty() || difference.message.empty() ? "" : " ") + difference.message;
        if (difference.expected) message += ": expected " + value_text(difference.expected);
        if (difference.expected || difference.actual) message += ", actual " + value_text(difference.actual);
        Error error{ErrorKind::kInvalid, std::move(message), difference.hint, "test_failed"};
        error.file = file.file;
        error.position = difference.position;
        failures.push_back(std::move(error));
      }
    }
  }
  return failures;
}

}  // namespace ipaas::cli
