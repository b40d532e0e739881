#include "cli/output/view.h"

#include "cli/output/fields.h"

namespace ipaas::cli {

Column field(std::string title, std::string key) {
  return {std::move(title), [key = std::move(key)](const Json& row) { return text_of(row, key); }};
}

Column age_field(std::string title, std::string key, Instant now) {
  return {std::move(title), [key = std::move(key), now](const Json& row) { return age(text_of(row, key), now); }};
}

Column wide_field(std::string title, std::string key) {
  Column column = field(std::move(title), std::move(key));
  column.wide = true;
  return column;
}

}  // namespace ipaas::cli
