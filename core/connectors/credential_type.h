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
  enum class Format {
    kText,
    kUrl,    ///< absolute http or https, without user info
    kToken,  ///< may be the name of a header
  } format = Format::kText;
  std::vector<std::string> options = {};  ///< the only texts allowed, if any
};

struct CredentialType {
  std::string name;  ///< generic, bearer, basic, api-key, slack …
  std::string description;
  std::vector<CredentialField> fields;
  /// Sets of fields of which exactly one must be there: slack's `token | webhook_url`.
  std::vector<std::vector<std::string>> one_of = {};
  bool open = false;  ///< takes any further field, as a secret: generic
};

/// The types that belong to no single connector: generic, bearer, basic, api-key, and those of services whose
/// credentials can be kept before their connector is there.
[[nodiscard]] std::vector<CredentialType> common_credential_types();

/// `base_url` and `hosts` are fields of every type and never secret. Errors name the field and say what is right, never
/// a value; a secret shorter than 4 characters is refused, since it could not be masked. Code `input_invalid`.
[[nodiscard]] Result<void> check_credential(const CredentialType& type, const Json& fields);

/// Every text in a secret field, however deep, for the masker. Numbers and booleans are no secrets: a port that is
/// masked would hide half a log.
[[nodiscard]] std::vector<Secret> secret_values(const CredentialType& type, const Json& fields);

}  // namespace ipaas::connectors
