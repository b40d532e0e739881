// YAML text -> documents: the adapter of yaml-cpp, within bounds that yaml-cpp does not have.
#pragma once

#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/language/yaml/node.h"

namespace ipaas::language::yaml {

struct Limits {
  std::size_t bytes = 1024 * 1024;
  std::size_t depth = 50;          ///< levels of sequences and mappings
  std::size_t alias_nodes = 1000;  ///< nodes that aliases stand for, in one document
  std::size_t documents = 500;
};

/// What could be read, and everything that is wrong with it. Documents before a syntax error are there, the broken one
/// is not; a document with other errors is there too, so that more can be said about it.
struct Stream {
  std::vector<Document> documents;
  std::vector<Error> errors;  ///< without a file
};

/// Reads a YAML 1.2 stream of UTF-8, each document after the first begun by `---`. The documents borrow the text.
/// Columns count characters. Refused, beside what is not YAML: duplicate keys, keys that are not scalars, tags, merge keys,
/// aliases of what is not complete, characters that YAML calls not printable, and what passes a limit. Codes: yaml_syntax,
/// duplicate_key, yaml_tag, yaml_merge_key, yaml_key, yaml_alias, alias_limit, too_deep, too_large, not_utf8, control_character.
[[nodiscard]] Stream read(std::string_view text, const Limits& limits = {});

}  // namespace ipaas::language::yaml
