// A workflow, parsed and checked: what the engine runs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/domain/log_line.h"
#include "core/language/expression/expression.h"
#include "core/language/template_tree.h"

namespace ipaas::language {

/// How often a step is tried, and how long it waits in between.
struct RetryPolicy {
  enum class Backoff { kConstant, kLinear, kExponential };
  enum class Jitter { kNone, kFull };
  int max_attempts = 3;  ///< counts the first
  Backoff backoff = Backoff::kExponential;
  Duration delay = std::chrono::seconds(1);
  Duration max_delay = std::chrono::minutes(1);
  Jitter jitter = Jitter::kFull;
  bool retry_unknown = false;  ///< `on-unknown: retry`
  Duration max_defer = std::chrono::hours(1);
};

struct UsesStep {
  std::string connector;
  std::string action;
  std::string credential;  ///< name, or empty
  TemplateTree with;
  RetryPolicy retry;
  Duration timeout = std::chrono::seconds(30);  ///< of each attempt
};

struct SetStep {
  TemplateTree value;
};

struct LogStep {
  domain::LogLevel level = domain::LogLevel::kInfo;
  TemplateTree message;
};

struct FailStep {
  TemplateTree message;
};

struct Step {
  std::string id;  ///< as written, or `step-N` with N from 1; it is also the path of a step at the top level
  SourcePosition position;
  std::optional<Expression> condition;  ///< nothing means success()
  bool continue_on_error = false;
  std::variant<UsesStep, SetStep, LogStep, FailStep> action;

  /// uses, set, log or fail.
  [[nodiscard]] std::string_view kind() const;
};

struct Input {
  enum class Type { kString, kNumber, kBoolean, kChoice, kJson };
  std::string name;
  Type type = Type::kString;
  std::string description;
  bool required = false;
  std::optional<Json> default_value;
  std::vector<std::string> options;
};

struct WebhookOn {
  std::string scheme;      ///< github, stripe …
  std::string credential;  ///< empty only for `none`
  /// The rest of `verify` for `hmac`, by key: algorithm, header, encoding, prefix, timestamp-header, tolerance, payload.
  std::vector<std::pair<std::string, std::string>> options;
  std::optional<Expression> filter;
  std::optional<Template> dedupe;
  SourcePosition position;
};

struct ScheduleOn {
  std::string cron;
  std::string timezone = "UTC";
  SourcePosition position;
};

struct CredentialUse {
  std::string name;
  std::vector<std::string> types;  ///< that fit; never empty
  SourcePosition position;
};

/// Immutable once parsed; share it.
struct Workflow {
  std::string name;
  std::string description;
  std::string source;  ///< this document's text
  std::vector<Input> inputs;
  std::optional<WebhookOn> webhook;
  std::vector<ScheduleOn> schedules;
  bool manual = false;
  std::vector<Step> steps;
  std::vector<std::pair<std::string, TemplateTree>> outputs;
  /// Every credential that it names, once each.
  std::vector<CredentialUse> credentials;
};

using WorkflowPtr = std::shared_ptr<const Workflow>;

}  // namespace ipaas::language
