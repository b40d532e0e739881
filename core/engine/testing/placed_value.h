// A value of a YAML file that knows where each of its parts stands.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/language/yaml/node.h"

namespace ipaas::engine::testing {

struct PlacedMember;

struct PlacedValue {
  using Members = std::vector<PlacedMember>;
  using Items = std::vector<PlacedValue>;

  SourcePosition position;
  std::variant<Json, Members, Items> content;  ///< Json: a scalar

  [[nodiscard]] const Members* members() const { return std::get_if<Members>(&content); }
  [[nodiscard]] const Items* items() const { return std::get_if<Items>(&content); }
  [[nodiscard]] const PlacedValue* find(std::string_view key) const;
  [[nodiscard]] Json json() const;
};

struct PlacedMember {
  std::string key;
  SourcePosition position;  ///< of the key
  PlacedValue value;
};

[[nodiscard]] PlacedValue placed_value(const language::yaml::Node& node);

}  // namespace ipaas::engine::testing
