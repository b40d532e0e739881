// Parts -> canonical text.
#pragma once

#include <string>
#include <vector>

#include "core/language/formatter/comments.h"
#include "core/language/formatter/parts.h"

namespace ipaas::language::formatter {

/// Two spaces a level, lists further in than their key, brackets kept only around what fits with its key into 100
/// columns.
class Writer {
 public:
  void write(const Part& root, const Surroundings& around);
  void write_comments(const std::vector<CommentLine>& comments, std::size_t indent);
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void begin_document(const Surroundings& around, bool empty);
  void write_parts(const std::vector<Part>& parts, const std::string& lead, std::size_t indent);
  void write_part(const Part& part, std::string line, std::size_t indent);
  void write_value(const Part& part, std::string line, std::size_t indent);
  void write_block(const Part& part, std::string line, std::size_t indent);

  void end_line(const std::string& line, const std::vector<std::string>& trailing = {});
  void blank_line();

  std::string out_;
  bool first_ = true;          ///< document
  bool keeps_breaks_ = false;  ///< the last line belongs to a scalar that an empty line would lengthen
};

}  // namespace ipaas::language::formatter
