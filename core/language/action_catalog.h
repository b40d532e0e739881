// What the language must know of connectors to check a workflow. The connectors' catalog implements it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"

namespace ipaas::language {

/// One input of an action, checked at apply where it is a literal and at run time where it is an expression.
struct ActionInput {
  enum class Type { kAny, kString, kNumber, kBoolean, kObject, kArray };
  std::string name;
  Type type = Type::kAny;
  bool required = false;
  std::string description;
  std::vector<std::string> options = {};  ///< the only texts allowed, if any
  /// May hold an expression in a text that the connector itself evaluates later (`success` of http/request).
  bool deferred = false;
};

struct ActionInfo {
  std::string connector;
  std::string name;
  std::string description;
  std::vector<ActionInput> inputs;
  /// Inputs of which exactly, or at most, one may be written: `json | form | text`.
  std::vector<std::vector<std::string>> exclusive = {};
  /// Credential types that fit; empty where the action takes none.
  std::vector<std::string> credential_types = {};
  bool credential_required = false;
};

/// Immutable while it is in use; thread-safe.
class ActionCatalog {
 public:
  virtual ~ActionCatalog() = default;
  [[nodiscard]] virtual std::vector<std::string> connectors() const = 0;
  /// Nothing if the connector is unknown.
  [[nodiscard]] virtual std::vector<std::string> actions(std::string_view connector) const = 0;
  [[nodiscard]] virtual const ActionInfo* action(std::string_view connector, std::string_view name) const = 0;
};

}  // namespace ipaas::language
