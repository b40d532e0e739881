#include "core/service/waits.h"

#include <algorithm>

#include "core/base/shell_text.h"
#include "core/base/time_text.h"
#include "core/language/suggest.h"
#include "core/language/wait_link.h"
#include "core/service/own_masking.h"
#include "core/service/workflows.h"

namespace ipaas::service {
namespace {

using engine::Signal;
using security::Role;

std::string text_of(const Json& asks, const char* key) {
  const auto value = asks.find(key);
  return value != asks.end() && value->is_string() ? value->get<std::string>() : std::string();
}

Wait::State state_of(const domain::Step& step) {
  if (!domain::is_final(step.status)) return Wait::State::kOpen;
  const bool failed_otherwise = step.status == domain::StepStatus::kFailed && step.error &&
                                step.error->code != "approval_rejected" && step.error->code != "wait_timed_out";
  if (step.status == domain::StepStatus::kCancelled || failed_otherwise) return Wait::State::kCancelled;
  const bool failed_late = step.error && step.error->code == "wait_timed_out";
  const bool went_on = step.outputs.is_object() && step.outputs.value("timed_out", false);
  return failed_late || went_on ? Wait::State::kTimedOut : Wait::State::kAnswered;
}

/// The engine keeps with the step what was asked when it began.
void read_question(const Json& asks, Wait& wait) {
  if (!asks.is_object()) return;
  wait.approval = text_of(asks, "kind") == "approval";
  wait.message = text_of(asks, "message");
  const auto self = asks.find("self");
  wait.self = self != asks.end() && self->is_boolean() && self->get<bool>();
  const auto roles = asks.find("roles");
  if (roles == asks.end() || !roles->is_array()) return;
  for (const Json& role : *roles) {
    if (role.is_string()) wait.roles.push_back(role.get<std::string>());
  }
}

/// Comments stay where they are kept: an answer is told to whoever comes too late.
std::string answer_of(const domain::Step& step, bool approval) {
  const auto by = [](const std::string& who) { return who == "link" ? std::string("through its link") : "by " + who; };
  if (!approval) return "called back";
  if (step.error && step.error->code == "approval_rejected") {
    constexpr std::string_view kRejected = "rejected by ";
    const std::string& message = step.error->message;
    if (!message.starts_with(kRejected)) return "rejected";
    return "rejected " + by(message.substr(kRejected.size(), message.find(": ", kRejected.size()) - kRejected.size()));
  }
  if (step.status != domain::StepStatus::kSucceeded) return {};
  const std::string who = step.outputs.is_object() ? text_of(step.outputs, "by") : std::string();
  return who.empty() ? "approved" : "approved " + by(who);
}

/// Every role may do what the roles before it may, so the lowest that is named counts.
bool is_asked(const Wait& wait, Role role) {
  if (wait.roles.empty() || role == Role::kOwner) return true;
  return std::any_of(wait.roles.begin(), wait.roles.end(), [&](const std::string& name) {
    const auto asked = security::role_from_name(name);
    return asked && role >= *asked;
  });
}

std::string approve_command(const Wait& wait) { return "ipaas approval approve " + shell_word(wait.id()); }

std::string signal_command(const Wait& wait) {
  return "ipaas execution signal " + wait.execution.str() + " --step " + shell_word(wait.path);
}

/// Whether somebody was told the link of the wait, as the version that runs says it.
bool link_was_told(const Context& context, const Wait& wait) {
  if (context.public_url.empty()) return false;
  const auto definition =
      definition_of(context.reader, context.catalog, context.caller.tenant, wait.workflow_id, wait.version);
  if (!definition) return false;
  const std::string id = wait.path.substr(wait.path.rfind('.') + 1);
  for (const language::Step* step : language::all_steps(**definition)) {
    const auto* asks = std::get_if<language::WaitForStep>(&step->action);
    if (asks != nullptr && step->id == id) return language::tells_link(*asks);
  }
  return false;
}

/// Where it is known: ` at 2026-11-22T11:00:00.000Z`.
std::string at(const std::optional<Instant>& instant) { return instant ? " at " + format_instant(*instant) : std::string(); }

domain::AuditRecord record_of(const Signal& signal, const Wait& wait, std::string actor, const TenantId& tenant, Instant now) {
  const char* action = signal.kind == Signal::Kind::kApprove  ? "approval.approve"
                       : signal.kind == Signal::Kind::kReject ? "approval.reject"
                                                              : "execution.signal";
  domain::AuditRecord record{tenant, now, std::move(actor), action, wait.id(), Json::object()};
  if (!signal.comment.empty()) record.details["comment"] = signal.comment;
  return record;
}

void answer(Runtime& runtime, const TenantId& tenant, const Wait& wait, Signal signal, domain::AuditRecord audit,
            Answered done) {
  runtime.signal(tenant, wait.execution, std::move(signal), std::move(audit),
                 [wait, done = std::move(done)](const Result<domain::ExecutionStatus>& status) {
                   done(status ? Result<Wait>(wait) : tl::unexpected(status.error()));
                 });
}

/// Every step that waits or has waited, in the order they began.
std::vector<Wait> waits_of(const domain::ExecutionSnapshot& snapshot) {
  std::vector<Wait> waits;
  for (const domain::Step& step : snapshot.steps) {
    if (auto wait = wait_at(snapshot, step.path)) waits.push_back(*std::move(wait));
  }
  return waits;
}

/// The path is none of a step that waits; perhaps it is nearly one.
Error no_wait(const domain::ExecutionSnapshot& snapshot, const std::string& path) {
  const std::string& id = snapshot.execution.id.str();
  std::vector<std::string> paths;
  for (const Wait& wait : waits_of(snapshot)) paths.push_back(wait.path);
  std::string hint = language::did_you_mean(path, paths);
  if (hint.empty()) hint = "its steps: ipaas execution get " + id;
  const bool other = snapshot.steps.find(path) != nullptr;
  return {ErrorKind::kNotFound,
          other ? "the step '" + path + "' of '" + id + "' is no `wait-for`" : "no step '" + path + "' of '" + id + "' waits",
          std::move(hint)};
}

/// None is open: what else there is to do, or who was quicker.
Error no_open_approval(const domain::ExecutionSnapshot& snapshot) {
  const std::string& id = snapshot.execution.id.str();
  Error error{ErrorKind::kConflict, "nothing of '" + id + "' waits for an approval", "`ipaas approval list` shows what does"};
  for (const Wait& wait : waits_of(snapshot)) {
    if (wait.state == Wait::State::kOpen) error.hint = "the step '" + wait.path + "' waits for a callback: " + signal_command(wait);
    const auto open = require_open(wait);
    if (wait.approval && !open) error.message = "the step '" + wait.path + "' of '" + id + "' does not wait any more: " + open.error().message;
  }
  return error;
}

/// The one open approval of an execution.
Result<Wait> only_approval(const domain::ExecutionSnapshot& snapshot) {
  std::vector<Wait> open = waits_of(snapshot);
  std::erase_if(open, [](const Wait& wait) { return !wait.approval || wait.state != Wait::State::kOpen; });
  if (open.size() == 1) return std::move(open.front());
  if (open.empty()) return tl::unexpected(no_open_approval(snapshot));
  return fail(ErrorKind::kConflict, std::to_string(open.size()) + " approvals of '" + snapshot.execution.id.str() + "' are open",
              "name one of them, such as " + shell_word(open.front().id()));
}

Result<Wait> find_approval(const Context& context, const std::string& id) {
  const std::size_t slash = id.find('/');
  const auto snapshot = context.reader.execution(context.caller.tenant, ExecutionId(id.substr(0, slash)));
  if (!snapshot) return tl::unexpected(snapshot.error());
  if (slash == std::string::npos) return only_approval(*snapshot);
  auto wait = wait_at(*snapshot, std::string_view(id).substr(slash + 1));
  if (!wait) return tl::unexpected(no_wait(*snapshot, id.substr(slash + 1)));
  if (wait->approval) return *std::move(wait);
  if (auto open = require_open(*wait); !open) return tl::unexpected(open.error());
  return fail(ErrorKind::kConflict, "the step waits for a callback, not for an approval", signal_command(*wait));
}

}  // namespace

std::optional<Wait> wait_at(const domain::ExecutionSnapshot& snapshot, std::string_view path) {
  const domain::Step* step = snapshot.steps.find(path);
  if (step == nullptr || step->kind != "wait-for") return std::nullopt;
  Wait wait;
  wait.execution = snapshot.execution.id;
  wait.workflow = snapshot.execution.workflow_name;
  wait.path = step->path;
  wait.state = state_of(*step);
  wait.starter = snapshot.execution.starter;
  wait.trigger = snapshot.execution.trigger;
  wait.workflow_id = snapshot.execution.workflow;
  wait.version = snapshot.execution.version;
  wait.since = step->started_at;
  wait.until = step->due_at;
  wait.ended = step->ended_at;
  if (step->items) read_question(*step->items, wait);
  if (wait.state == Wait::State::kAnswered) wait.answer = answer_of(*step, wait.approval);
  return wait;
}

Result<void> require_open(const Wait& wait) {
  switch (wait.state) {
    case Wait::State::kOpen: return {};
    case Wait::State::kAnswered: {
      const std::string how = wait.answer.empty() ? "" : ": " + wait.answer;
      return fail(ErrorKind::kConflict, "this has been answered already" + how + at(wait.ended), {}, "already_answered");
    }
    case Wait::State::kTimedOut:
      return fail(ErrorKind::kConflict, "the time to answer is over" + (wait.ended ? ", since " + format_instant(*wait.ended) : ""), {}, "wait_timed_out");
    case Wait::State::kCancelled: break;
  }
  return fail(ErrorKind::kConflict, "the execution was cancelled, or failed elsewhere" + at(wait.ended), {}, "cancelled");
}

Result<void> may_decide(const Context& context, const Wait& wait) {
  if (auto allowed = require(context.caller, security::Permission::kExecutionControl); !allowed) return allowed;
  if (!is_asked(wait, context.caller.role)) {
    std::string roles;
    for (const std::string& role : wait.roles) roles += (roles.empty() ? "" : ", ") + role;
    return fail(ErrorKind::kForbidden, "your role may not decide this", "it is asked of: " + roles);
  }
  if (wait.self || wait.starter.empty() || wait.starter != context.caller.actor) return {};
  const std::string link = link_was_told(context, wait) ? ", or opens the link that `notify` told" : "";
  return fail(ErrorKind::kForbidden, "you have started this execution, and who starts it may not decide",
              "somebody else runs `" + approve_command(wait) + "`" + link + "; or end it: `ipaas execution cancel " +
                  wait.execution.str() + "`; `self: true` below `approval` lets who starts the next one decide");
}

Result<WaitPage> list_approvals(const Context& context, const std::string& after, std::size_t limit) {
  if (auto allowed = require(context.caller, security::Permission::kExecutionRead); !allowed) {
    return tl::unexpected(allowed.error());
  }
  const std::size_t slash = after.find('/');
  store::OpenWait cursor;
  if (slash != std::string::npos) cursor = {ExecutionId(after.substr(0, slash)), after.substr(slash + 1)};
  const auto open = context.reader.open_waits(context.caller.tenant, cursor, limit);
  if (!open) return tl::unexpected(open.error());
  WaitPage page;
  if (open->size() == limit) page.next = open->back().execution.str() + "/" + open->back().path;
  std::optional<domain::ExecutionSnapshot> snapshot;  // several may wait in one
  for (const store::OpenWait& each : *open) {
    if (!snapshot || snapshot->execution.id != each.execution) {
      auto read = context.reader.execution(context.caller.tenant, each.execution);
      if (!read && read.error().kind == ErrorKind::kNotFound) continue;  // purged meanwhile
      if (!read) return tl::unexpected(read.error());
      snapshot = *std::move(read);
    }
    auto wait = wait_at(*snapshot, each.path);
    if (wait && wait->approval && wait->state == Wait::State::kOpen) page.waits.push_back(*std::move(wait));
  }
  std::vector<ExecutionId> asking;
  for (const Wait& wait : page.waits) asking.push_back(wait.execution);
  const auto masker = masker_for(context.reader, context.masker, context.caller.tenant, asking);
  if (!masker) return tl::unexpected(masker.error());
  for (Wait& wait : page.waits) wait.message = masker->mask(wait.message);
  return page;
}

void decide_approval(const Context& context, const std::string& id, const Decision& decision, Answered done) {
  const auto found = require(context.caller, security::Permission::kExecutionControl).and_then([&]() -> Result<Wait> {
    auto wait = find_approval(context, id);
    if (!wait) return wait;
    if (auto open = require_open(*wait); !open) return tl::unexpected(open.error());
    if (auto may = may_decide(context, *wait); !may) return tl::unexpected(may.error());
    return wait;
  });
  if (!found) {
    done(tl::unexpected(found.error()));
    return;
  }
  const Signal signal{found->path, decision.approve ? Signal::Kind::kApprove : Signal::Kind::kReject, context.caller.actor,
                      decision.comment, nullptr};
  auto audit = record_of(signal, *found, context.caller.actor, context.caller.tenant, context.clock.now());
  answer(context.runtime, context.caller.tenant, *found, signal, std::move(audit), std::move(done));
}

void signal_callback(const Context& context, const ExecutionId& execution, const std::string& path, Json data, Answered done) {
  const auto found = require(context.caller, security::Permission::kExecutionControl).and_then([&]() -> Result<Wait> {
    const auto snapshot = context.reader.execution(context.caller.tenant, execution);
    if (!snapshot) return tl::unexpected(snapshot.error());
    auto wait = wait_at(*snapshot, path);
    if (!wait) return tl::unexpected(no_wait(*snapshot, path));
    if (auto open = require_open(*wait); !open) return tl::unexpected(open.error());
    if (wait->approval) return fail(ErrorKind::kConflict, "the step waits for an approval, not for a callback", approve_command(*wait));
    return *std::move(wait);
  });
  if (!found) {
    done(tl::unexpected(found.error()));
    return;
  }
  const Signal signal{path, Signal::Kind::kCallback, context.caller.actor, {}, std::move(data)};
  auto audit = record_of(signal, *found, context.caller.actor, context.caller.tenant, context.clock.now());
  answer(context.runtime, context.caller.tenant, *found, signal, std::move(audit), std::move(done));
}

void answer_by_link(Runtime& runtime, const TenantId& tenant, const Wait& wait, Signal signal, Instant now, Answered done) {
  auto audit = record_of(signal, wait, signal.by, tenant, now);
  answer(runtime, tenant, wait, std::move(signal), std::move(audit), std::move(done));
}

}  // namespace ipaas::service
