#include "cli/output/log_printer.h"

#include <algorithm>
#include <ostream>

#include "cli/output/fields.h"
#include "cli/output/structured.h"
#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {
constexpr std::size_t kLevelWidth = 5;
}

void LogPrinter::print(const Json& line) {
  const std::int64_t sequence = number_of(line, "sequence");
  if (sequence <= last_) return;
  last_ = sequence;
  switch (print_.format()) {
    case OutputFormat::kJson:
      print_json(line);
      break;
    case OutputFormat::kYaml:
      print_.out() << yaml_text(Json::array({line}));
      break;
    case OutputFormat::kName:
      print_.line("log/" + std::to_string(sequence));
      break;
    case OutputFormat::kTable:
    case OutputFormat::kWide:
      print_text(line);
      break;
  }
  any_ = true;
  if (shape_ == Shape::kTail) print_.out().flush();
}

void LogPrinter::finish() {
  if (shape_ == Shape::kTail) return;
  if (print_.format() == OutputFormat::kJson) print_.out() << (any_ ? "\n]\n" : "[]\n");
  if (print_.format() == OutputFormat::kYaml && !any_) print_.out() << "[]\n";
}

void LogPrinter::print_json(const Json& line) const {
  std::string text = json_line(line);
  if (shape_ == Shape::kTail) {
    print_.out() << text;
    return;
  }
  text.pop_back();
  print_.out() << (any_ ? ",\n  " : "[\n  ") << text;
}

void LogPrinter::print_text(const Json& line) const {
  const Style& style = print_.style();
  const std::string level = text_of(line, "level");
  std::string padded = escape_control(level);
  padded.resize(std::max(kLevelWidth, padded.size()), ' ');
  std::ostream& out = print_.out();
  out << style.paint(Colour::kDim, escape_control(text_of(line, "at"))) << "  " << style.paint(colour_of(level), padded)
      << "  ";
  if (scope_ == Scope::kTenant || print_.format() == OutputFormat::kWide) {
    out << escape_control(text_of(line, "workflow")) << "  " << escape_control(text_of(line, "execution")) << "  ";
  }
  if (const std::string step = text_of(line, "step"); !step.empty()) {
    out << style.paint(Colour::kCyan, escape_control(step)) << "  ";
  }
  out << escape_control(text_of(line, "text")) << '\n';
}

}  // namespace ipaas::cli
