// Log lines, as they come.
#pragma once

#include <string>

#include "cli/output/printer.h"

namespace ipaas::cli {

/// Prints each line at once, so that it serves a live tail. A finite list is one JSON array; a tail is one object a
/// line.
class LogPrinter {
 public:
  enum class Shape { kList, kTail };
  enum class Scope { kTenant, kExecution };  ///< of one execution, its name need not be repeated

  LogPrinter(const Printer& print, Shape shape, Scope scope) : print_(print), shape_(shape), scope_(scope) {}

  /// Leaves out what was printed before: a line whose sequence is not greater than the last one's.
  void print(const Json& line);

  /// Ends a list.
  void finish();

  /// The sequence of the last line; the cursor of a tail.
  [[nodiscard]] std::int64_t last() const { return last_; }

 private:
  void print_text(const Json& line) const;
  void print_json(const Json& line) const;

  const Printer& print_;
  Shape shape_;
  Scope scope_;
  std::int64_t last_ = 0;
  bool any_ = false;
};

}  // namespace ipaas::cli
