// What a person or a program gets to see: data on standard output, messages on standard error.
#pragma once

#include <string>
#include <string_view>

#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output/style.h"
#include "cli/output/view.h"
#include "cli/world.h"

namespace ipaas::cli {

class Printer {
 public:
  /// The world must outlive it.
  Printer(World& world, OutputFormat format, bool no_color);

  [[nodiscard]] OutputFormat format() const { return format_; }
  /// JSON or YAML: for a program.
  [[nodiscard]] bool structured() const { return format_ == OutputFormat::kJson || format_ == OutputFormat::kYaml; }
  [[nodiscard]] const Style& style() const { return out_style_; }
  [[nodiscard]] std::ostream& out() const { return world_.out; }

  /// In the format that was asked for; an empty table says what there is none of, on standard error.
  void list(const View& view, const Json& rows) const;
  void one(const View& view, const Json& row) const;

  /// The resource itself, when the format is structured.
  void structure(const Json& value) const;

  /// One line of data; control characters are escaped.
  void line(std::string_view text) const;
  /// One line for a person, on standard error.
  void note(std::string_view text) const;
  /// One line each, on standard error.
  void warn(const Errors& warnings) const;

  /// `error: what happened: what to do`, or one JSON object a line under -o json.
  void report(const Errors& errors) const;

 private:
  [[nodiscard]] std::string table(const View& view, const Json& rows) const;

  World& world_;
  OutputFormat format_;
  Style out_style_;
  Style err_style_;
};

enum class Severity { kWarning, kError };

/// `::error file=…,line=…,col=…::message`, one line each: GitHub shows them beside the code.
/// Source: docs.github.com, "Workflow commands for GitHub Actions".
[[nodiscard]] std::string github_annotation(const Error& error, Severity severity = Severity::kError);

}  // namespace ipaas::cli
