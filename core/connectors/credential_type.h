// What a credential of a type must hold, and which of it is secret.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/secret.h"

namespace ipaas::connectors {

struct CredentialField {
  std::string name;
  bool required = false;
  bool secret = true;
  std::string description;
};

struct CredentialType {
  std::string name;  ///< generic, bearer, basic, api-key, slack …
  std::string description;
  std::vector<CredentialField> fields;
  /// Sets of fields of which exactly one must be there: slack's `token | webhook_url`.
  std::vector<std::vector<std::string>> one_of = {};
  bool open = false;  ///< takes any further field, as a secret: generic
};

/// `base_url` and `hosts` are fields of every type and never secret. Errors name the field and say what is right;
/// a secret shorter than 4 characters is refused, since it could not be masked.
[[nodiscard]] Result<void> check_credential(const CredentialType& type, const Json& fields);

/// Every text in a secret field, however deep, for the masker.
[[nodiscard]] std::vector<Secret> secret_values(const CredentialType& type, const Json& fields);

}  // namespace ipaas::connectors
