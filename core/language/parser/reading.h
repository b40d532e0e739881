// What every part of the parser needs, and how it reads mappings and plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/language/action_catalog.h"
#include "core/language/parser/key_table.h"
#include "core/language/parser/report.h"
#include "core/language/yaml/node.h"

namespace ipaas::language {

/// One document being read. What a function cannot read it reports, and returns nothing or a default.
struct Reading {
  const yaml::Document& document;
  Report& report;
  const ActionCatalog& catalog;
  Report& warnings;
  std::set<std::string> variables = {};  ///< that expressions name, as in Workflow
};

/// The entries of a mapping. Reports a value that is none, unknown keys, and required keys that are missing, these at
/// `owner`. nullptr if it is no mapping.
[[nodiscard]] const yaml::Node* read_mapping(Reading& reading, const yaml::Node& node, const KeyTable& table,
                                             SourcePosition owner);

/// A list that is not empty; `what` names it in messages: "`steps`".
[[nodiscard]] const yaml::Node::Items* read_list(Reading& reading, const yaml::Node& node, std::string_view what);

/// Each reads the value of an entry, which messages name by its key.
[[nodiscard]] std::optional<std::string> read_text(Reading& reading, const yaml::Entry& entry);
[[nodiscard]] std::optional<bool> read_boolean(Reading& reading, const yaml::Entry& entry);
[[nodiscard]] std::optional<std::int64_t> read_integer(Reading& reading, const yaml::Entry& entry, std::int64_t least,
                                                       std::int64_t most);
[[nodiscard]] std::optional<Duration> read_duration(Reading& reading, const yaml::Entry& entry, Duration least,
                                                    Duration most);
/// The index of the text among the options.
[[nodiscard]] std::optional<std::size_t> read_option(Reading& reading, const yaml::Entry& entry,
                                                     const std::vector<std::string_view>& options);
/// The same within the bounds, or of the options, that the table has for the key.
[[nodiscard]] std::optional<std::int64_t> read_integer(Reading& reading, const yaml::Entry& entry, const KeyTable& table);
[[nodiscard]] std::optional<Duration> read_duration(Reading& reading, const yaml::Entry& entry, const KeyTable& table);
[[nodiscard]] std::optional<std::size_t> read_option(Reading& reading, const yaml::Entry& entry, const KeyTable& table);
/// The name of a workflow, which is no expression.
[[nodiscard]] std::optional<std::string> read_workflow_name(Reading& reading, const yaml::Entry& entry);
/// The name of a credential: letters, digits and `. _ -`, up to 63; never an expression.
[[nodiscard]] std::optional<std::string> read_credential_name(Reading& reading, const yaml::Entry& entry);

/// Reports `wrong_type`: "`key` must be …, but is …".
void report_type(Reading& reading, std::string_view name, const yaml::Node& node, SourcePosition fallback,
                 std::string_view expected, std::string hint = {});

/// Where to point at for a value; an empty value is where its key is.
[[nodiscard]] SourcePosition position_of(const yaml::Entry& entry);

[[nodiscard]] bool holds_expression(std::string_view text);

}  // namespace ipaas::language
