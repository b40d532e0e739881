// A workflow, parsed and checked: what the engine runs.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/ip_network.h"
#include "core/base/json.h"
#include "core/domain/execution.h"
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

struct Step;
/// In the order in which they run, except where a step says otherwise.
using Steps = std::vector<Step>;

/// `rate-limit`: a token bucket that everything with the same key in the tenant shares.
struct RateLimit {
  Template key;
  int count = 1;
  Duration per = std::chrono::seconds(1);
};

struct UsesStep {
  std::string connector;
  std::string action;
  std::string credential;  ///< name, or empty
  TemplateTree with;
  RetryPolicy retry;
  Duration timeout = std::chrono::seconds(30);  ///< of each attempt
  std::optional<RateLimit> rate_limit;
  std::optional<Template> idempotency_key;
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

/// Each step is a branch of its own; all of them run at once.
struct ParallelStep {
  Steps branches;
  bool fail_fast = false;
};

struct ForEachStep {
  TemplateTree items;  ///< an array, or an object whose entries are the items
  int max_parallel = 1;
  Steps steps;
};

struct SwitchStep {
  struct Case {
    std::string value;  ///< compared as text, case-sensitive
    Steps steps;
  };
  TemplateTree value;
  std::vector<Case> cases;
  Steps otherwise;  ///< `default`
};

struct CallStep {
  std::string workflow;  ///< name, in the same tenant
  TemplateTree with;
  bool wait = true;
  std::optional<RetryPolicy> retry;  ///< without one a failed child is not called again
  std::optional<Duration> timeout;  ///< of each attempt; the child has its own
};

struct SleepStep {
  Template duration;  ///< a duration as text, checked already where it is literal
};

struct WaitForStep {
  enum class Kind { kCallback, kApproval };
  enum class OnTimeout { kFail, kContinue };
  Kind kind = Kind::kCallback;
  std::vector<std::string> roles;   ///< of an approval: who may decide; empty is everyone who may operate
  std::optional<Template> message;  ///< of an approval: what is asked
  bool self = false;                ///< of an approval: who started it may decide
  Duration timeout = std::chrono::hours(24);
  OnTimeout on_timeout = OnTimeout::kFail;
  Steps notify;  ///< they see `wait.url`
};

struct Step {
  std::string id;  ///< as written, or `step-N`, its number in the document; it is also the path of a step at the top level
  SourcePosition position;
  std::optional<Expression> condition;  ///< nothing means success()
  bool continue_on_error = false;
  bool sensitive = false;  ///< inputs and outputs are never shown
  std::variant<UsesStep, SetStep, LogStep, FailStep, ParallelStep, ForEachStep, SwitchStep, CallStep, SleepStep, WaitForStep>
      action;

  /// The key that says what it does: uses, set, log …
  [[nodiscard]] std::string_view kind() const;
  /// The lists of steps inside it, in the order of the document; none for most kinds.
  [[nodiscard]] std::vector<const Steps*> blocks() const;
};

struct Input {
  enum class Type { kString, kNumber, kBoolean, kChoice, kJson };
  std::string name;
  Type type = Type::kString;
  std::string description;
  bool required = false;
  std::optional<Json> default_value;
  std::vector<std::string> options;
  bool sensitive = false;  ///< kept sealed and never shown
};

/// What the sender of a webhook is answered.
struct WebhookAnswer {
  enum class Kind { kAccepted, kResult, kShaped };
  Kind kind = Kind::kAccepted;
  /// The rest is for kShaped; its expressions see what `outputs` sees.
  int status = 200;
  std::vector<std::pair<std::string, Template>> headers;
  std::optional<TemplateTree> body;
};

struct WebhookOn {
  std::string scheme;      ///< github, stripe …
  std::string credential;  ///< empty only for `none`
  /// The rest of `verify` by key, for `hmac` and `jwt`: algorithm, header, encoding, prefix, timestamp-header, tolerance,
  /// payload; algorithm, audience, issuer, leeway.
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<IpNetwork> allow_from;    ///< empty: from everywhere
  std::optional<std::size_t> max_body;  ///< in bytes; nothing: the scheme's default
  std::optional<Expression> filter;
  std::optional<Template> dedupe;
  WebhookAnswer answer;
  bool continue_on_disconnect = false;  ///< a caller that goes away does not cancel what it waits for
  SourcePosition position;
};

struct ScheduleOn {
  enum class Catchup { kNone, kLast, kAll };
  std::string cron;
  std::string timezone = "UTC";
  Catchup catchup = Catchup::kLast;                  ///< what happens to ticks that were missed
  Duration catchup_window = std::chrono::hours(24);  ///< how old a missed tick may be
  Duration jitter = Duration(0);
  Json inputs = Json::object();
  SourcePosition position;
};

/// `on.workflow`: the end of another workflow.
struct WorkflowOn {
  std::vector<std::string> names;  ///< `*` is every other one
  std::vector<std::string> when = {"succeeded", "failed", "cancelled"};
  SourcePosition position;
};

struct Concurrency {
  enum class OnLimit { kQueue, kSkip, kCancelRunning };
  Template group;
  int limit = 1;
  OnLimit on_limit = OnLimit::kQueue;
  std::optional<int> queue_limit;  ///< how many may wait
};

struct Retention {
  std::optional<Duration> executions;
  std::optional<Duration> payloads;
};

using domain::Priority;

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
  std::optional<WorkflowOn> on_workflow;
  std::optional<Concurrency> concurrency;
  Duration timeout = std::chrono::minutes(5);  ///< of active time
  Retention retention;
  Priority priority = Priority::kNormal;
  std::vector<std::pair<std::string, std::string>> labels;
  Steps steps;
  Steps on_failure;
  Steps finally;
  std::vector<std::pair<std::string, TemplateTree>> outputs;
  /// Every credential that it names, once each.
  std::vector<CredentialUse> credentials;
  /// Every variable of the tenant that its expressions name, in lower case; `*` where one names none or computes it.
  std::set<std::string> variables;

  /// What is right and yet most likely not meant.
  std::vector<Error> warnings;
};

using WorkflowPtr = std::shared_ptr<const Workflow>;

/// Every step in the order of the document, those inside other steps, `on-failure` and `finally` too. Borrowed.
[[nodiscard]] std::vector<const Step*> all_steps(const Workflow& workflow);

}  // namespace ipaas::language
