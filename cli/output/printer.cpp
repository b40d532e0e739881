#include "cli/output/printer.h"

#include <ostream>

#include "cli/output/fields.h"
#include "cli/output/structured.h"
#include "cli/output/table.h"
#include "core/base/terminal_text.h"

namespace ipaas::cli {
namespace {

bool colours_wanted(const World& world, bool no_color) {
  return !no_color && world.variable("NO_COLOR").empty() && world.variable("TERM") != "dumb";
}

Json json_of(const Error& error) {
  Json object;
  object["code"] = error.code.empty() ? std::string(api_code(error.kind)) : error.code;
  object["message"] = error.message;
  object["hint"] = error.hint;
  object["file"] = error.file;
  object["line"] = error.position.line;
  object["column"] = error.position.column;
  return object;
}

std::string text_of_error(Error error) {
  // The code helps to look up what is wrong with a file; elsewhere the words say it all.
  if (error.file.empty()) error.code.clear();
  return escape_control(to_string(error));
}

}  // namespace

Printer::Printer(World& world, OutputFormat format, bool no_color)
    : world_(world),
      format_(format),
      out_style_(world.out_is_terminal && colours_wanted(world, no_color)),
      err_style_(world.err_is_terminal && colours_wanted(world, no_color)) {}

std::string Printer::table(const View& view, const Json& rows) const {
  const bool wide = format_ == OutputFormat::kWide;
  std::vector<std::string> titles;
  for (const Column& column : view.columns) {
    if (wide || !column.wide) titles.push_back(column.title);
  }
  Table table(titles);
  for (const Json& row : rows) {
    std::vector<std::string> cells;
    for (const Column& column : view.columns) {
      if (wide || !column.wide) cells.push_back(column.cell(row));
    }
    table.add(cells);
  }
  return table.render(out_style_, world_.out_is_terminal && !wide ? world_.columns : 0);
}

void Printer::list(const View& view, const Json& rows) const {
  if (structured()) return structure(rows);
  if (format_ == OutputFormat::kName) {
    for (const Json& row : rows) line(view.noun + "/" + text_of(row, view.key));
    return;
  }
  if (rows.empty()) return note("no " + view.noun + " found");
  world_.out << table(view, rows);
}

void Printer::one(const View& view, const Json& row) const {
  if (structured()) return structure(row);
  list(view, Json::array({row}));
}

void Printer::structure(const Json& value) const {
  world_.out << (format_ == OutputFormat::kYaml ? yaml_text(value) : json_text(value));
}

void Printer::line(std::string_view text) const {
  world_.out << escape_control(text) << '\n';
}

void Printer::note(std::string_view text) const {
  world_.err << escape_control(text) << '\n';
}

void Printer::warn(const Errors& warnings) const {
  for (const Error& warning : warnings) {
    world_.err << err_style_.paint(Colour::kYellow, "warning:") << ' ' << text_of_error(warning) << '\n';
  }
}

void Printer::report(const Errors& errors) const {
  for (const Error& error : errors) {
    if (format_ == OutputFormat::kJson) {
      world_.err << json_line(json_of(error));
    } else {
      world_.err << err_style_.paint(Colour::kRed, "error:") << ' ' << text_of_error(error) << '\n';
    }
  }
}

}  // namespace ipaas::cli
