// A connector as data: what a file of manifests/ says, read and checked.
//
// Keys of a manifest; everything that is not marked as an expression is literal, and an unknown key is an error:
//
//   name, description
//   base-url        where the service is; a credential's `base_url` replaces it
//   credential      the type of credential the connector has
//     type, description
//     fields        name -> {description, required, secret (true), format: text|url|token, options}
//     one-of        lists of fields of which exactly one must be there
//     attach        way -> how to send it: {needs: [field], headers, query, url}; templates over `credential`, which exists
//                   nowhere else. `url` replaces the base and is kept secret; `credential.base_url` is always there
//   errors          see below; holds for all actions
//   actions         name ->
//     description
//     inputs        name -> {type: any|string|number|boolean|object|array, required, description, options}
//     credential    the ways that fit, tried in order; `optional-credential: true` also goes without
//     request       {method (GET), path, query, headers, json | form, idempotent, idempotency-header}; templates over `inputs`.
//                   `path` is literal text, or a list of templates that are encoded as one segment each. What an input
//                   that is not written leaves null is left out of query, headers, form and json
//     success       condition over `status headers body inputs`; 200 to 299 unless it is written
//     errors        {reason, message, retry-after: templates over the same; rejected, credential-refused, deferred, unknown:
//                   reasons}. A reason that is in a list has that class, any other the class of its status. The action's
//                   own keys replace the connector's
//     outputs       template over the same; the body unless it is written
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/connectors/credential_type.h"
#include "core/language/action_catalog.h"
#include "core/language/template_tree.h"

namespace ipaas::connectors {

/// One way to prove who calls.
struct CredentialWay {
  std::string name;
  std::vector<std::string> needs;  ///< fields that must be there
  language::TemplateTree headers;
  language::TemplateTree query;
  std::optional<language::TemplateTree> url;
};

/// A template whose mappings lose what evaluates to null.
struct SparseTemplate {
  language::TemplateTree tree;
  Json shape;  ///< the mappings that the manifest wrote, as objects; null where something else stands
};

struct ManifestRequest {
  std::string method = "GET";
  std::string path;                              ///< literal
  std::vector<language::TemplateTree> segments;  ///< or one template a segment
  SparseTemplate query;
  SparseTemplate headers;
  std::optional<SparseTemplate> json;
  std::optional<SparseTemplate> form;
  bool idempotent = false;         ///< repeating it is harmless
  std::string idempotency_header;  ///< the header by which the service recognises a repetition, or empty
};

struct ManifestErrors {
  enum class Class { kRejected, kCredentialRefused, kDeferred, kUnknown };
  std::optional<language::TemplateTree> reason;
  std::optional<language::TemplateTree> message;
  std::optional<language::TemplateTree> retry_after;  ///< seconds
  std::map<std::string, Class, std::less<>> classes;  ///< by reason
};

struct ManifestAction {
  language::ActionInfo info;
  std::vector<std::string> ways;
  ManifestRequest request;
  std::optional<language::Expression> success;
  ManifestErrors errors;
  std::optional<language::TemplateTree> outputs;
};

/// Immutable once read; thread-safe.
struct Manifest {
  std::string name;
  std::string description;
  std::string base_url;
  std::optional<CredentialType> credential_type;
  std::vector<CredentialWay> ways;
  std::vector<ManifestAction> actions;

  /// nullptr where there is none of that name.
  [[nodiscard]] const CredentialWay* way(std::string_view way_name) const;
};

/// Errors have the file, the position and the code `bad_manifest`.
[[nodiscard]] Result<Manifest> read_manifest(std::string_view text, std::string_view file);

}  // namespace ipaas::connectors
