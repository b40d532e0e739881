// Steps that wait for somebody: which there are, and answering them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/service/context.h"

namespace ipaas::service {

/// A step `wait-for`, as somebody who shall answer it sees it.
struct Wait {
  enum class State {
    kOpen,
    kAnswered,
    kTimedOut,
    kCancelled,  ///< with its execution
  };
  ExecutionId execution;
  std::string workflow;
  std::string path;
  State state = State::kOpen;
  bool approval = false;  ///< else a callback
  std::string message;    ///< what is asked; not masked
  std::vector<std::string> roles = {};  ///< who may decide; empty is everyone who may operate
  bool self = false;                    ///< who started the execution may decide
  std::string starter = {};             ///< of the execution
  domain::TriggerKind trigger = domain::TriggerKind::kManual;  ///< of the execution
  WorkflowId workflow_id = {};
  int version = 0;                      ///< of the workflow, that runs
  Instant since{};
  std::optional<Instant> until = {};
  std::string answer = {};              ///< `approved by uid:0`, once it is answered and as long as that is known
  std::optional<Instant> ended = {};

  /// What commands call it: `<execution>/<step path>`.
  [[nodiscard]] std::string id() const { return execution.str() + "/" + path; }
};

/// The step at the path; nothing where that is none that waits or has waited.
[[nodiscard]] std::optional<Wait> wait_at(const domain::ExecutionSnapshot& snapshot, std::string_view path);

/// kConflict for one that is not open any more: why, and who answered it when.
[[nodiscard]] Result<void> require_open(const Wait& wait);

/// kForbidden where the caller may not decide the approval; the hint says who may, and how.
[[nodiscard]] Result<void> may_decide(const Context& context, const Wait& wait);

struct WaitPage {
  std::vector<Wait> waits;
  std::string next;  ///< cursor; empty on the last page
};

/// Open approvals in the order in which their executions were accepted. Only what has not ended is looked at.
[[nodiscard]] Result<WaitPage> list_approvals(const Context& context, const std::string& after, std::size_t limit);

struct Decision {
  bool approve = false;
  std::string comment = {};
};

/// Comments are shown in places that have little room.
inline constexpr std::size_t kLongestComment = 2000;

using Answered = std::function<void(Result<Wait>)>;

/// `id` is `<execution>/<step path>`, or the execution alone where it has one open approval. Errors: kForbidden for a role
/// that is not asked, and for who started the execution unless the step says `self: true`; kConflict where somebody was
/// quicker. `done` may run on another thread.
void decide_approval(const Context& context, const std::string& id, const Decision& decision, Answered done);

/// Answers a callback as a request to its link would.
void signal_callback(const Context& context, const ExecutionId& execution, const std::string& path, Json data, Answered done);

/// The same from a link, which is its own permission; the caller has found the step open.
void answer_by_link(Runtime& runtime, const TenantId& tenant, const Wait& wait, engine::Signal signal, Instant now,
                    Answered done);

}  // namespace ipaas::service
