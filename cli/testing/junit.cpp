#include <cstdio>

#include "cli/testing/test_report.h"
#include "core/base/json.h"

namespace ipaas::cli {
namespace {

/// Bytes that are not UTF-8 become U+FFFD.
std::string valid(std::string_view text) {
  const Result<Json> read = parse_json(dump_json(Json(text)));
  return read ? read->get<std::string>() : std::string();
}

/// XML 1.0, sections 2.2 and 2.4: what may not stand in a document is left out, what has a meaning is escaped.
std::string xml(std::string_view text) {
  std::string safe;
  for (const char c : valid(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&')
      safe += "&amp;";
    else if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '"')
      safe += "&quot;";
    else if (c == '\n')
      safe += "&#10;";
    else if (c == '\t')
      safe += "&#9;";
    else if (byte >= 0x20 && byte != 0x7f)
      safe += c;
  }
  for (const std::string_view forbidden : {"\xef\xbf\xbe", "\xef\xbf\xbf"}) {  // U+FFFE, U+FFFF
    for (std::size_t at = safe.find(forbidden); at != std::string::npos; at = safe.find(forbidden, at))
      safe.erase(at, 3);
  }
  return safe;
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + xml(value) + "\"";
}

std::string counts(std::size_t tests, std::size_t failures, std::size_t errors) {
  return attribute("tests", std::to_string(tests)) + attribute("failures", std::to_string(failures)) +
         attribute("errors", std::to_string(errors));
}

std::string case_xml(const std::string& file, const RanCase& ran) {
  TestRun one;
  one.files.push_back({file, {}, {ran}, {}});
  std::string text = "    <testcase" + attribute("name", ran.name) + attribute("classname", ran.workflow) +
                     attribute("file", file) + attribute("line", std::to_string(ran.position.line));
  if (ran.result.passed()) return text + "/>\n";
  const Errors failures = test_failures(one);
  std::string body;
  for (const Error& failure : failures) body += to_string(failure) + '\n';
  return text + ">\n      <failure" + attribute("message", failures.front().message) +
         attribute("type", "test_failed") + ">" + xml(body) + "</failure>\n    </testcase>\n";
}

std::string error_xml(const RanFile& file) {
  std::string body;
  for (const Error& error : file.errors) body += to_string(error) + '\n';
  return "    <testcase" + attribute("name", "is valid") + attribute("classname", file.file) +
         attribute("file", file.file) + ">\n      <error" + attribute("message", file.errors.front().message) +
         attribute("type", file.errors.front().code) + ">" + xml(body) + "</error>\n    </testcase>\n";
}

std::string suite_xml(const RanFile& file) {
  TestRun one;
  one.files.push_back(file);
  const std::size_t errors = file.errors.empty() ? 0 : 1;
  std::string text =
      "  <testsuite" + attribute("name", file.file) + counts(file.cases.size() + errors, one.failed(), errors) + ">\n";
  if (errors > 0) text += error_xml(file);
  for (const RanCase& ran : file.cases) text += case_xml(file.file, ran);
  return text + "  </testsuite>\n";
}

}  // namespace

std::string junit_xml(const TestRun& run) {
  std::size_t errors = 0;
  for (const RanFile& file : run.files) errors += file.errors.empty() ? 0 : 1;
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.3f", static_cast<double>(run.took.count()) / 1000.0);
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ipaas workflow test\"" +
                     counts(run.passed() + run.failed() + errors, run.failed(), errors) + attribute("time", seconds) +
                     ">\n";
  for (const RanFile& file : run.files) text += suite_xml(file);
  return text + "</testsuites>\n";
}

}  // namespace ipaas::cli
