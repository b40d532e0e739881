// What has been decided is carried out. Whatever is not a call is simply done again after a crash.
#include "tests/simulation/miniature.h"

#include <algorithm>

#include "core/engine/doubt.h"
#include "core/language/workflow_parser.h"

namespace ipaas::simulation {
namespace {

const TenantId kTenant{std::string(store::kDefaultTenantId)};

bool listens(const Definition& definition, const domain::Execution& ended) {
  const language::Workflow& listener = *definition.workflow;
  if (!listener.on_workflow || listener.name == ended.workflow_name) return false;
  const bool led = std::find(ended.led_by.begin(), ended.led_by.end(), definition.id) != ended.led_by.end();
  const auto& names = listener.on_workflow->names;
  const auto& when = listener.on_workflow->when;
  const bool named = std::any_of(names.begin(), names.end(), [&](const std::string& n) { return n == "*" ? !led : n == ended.workflow_name; });
  return named && std::find(when.begin(), when.end(), status_name(ended.status)) != when.end();
}

}  // namespace

void Miniature::carry_out(const domain::Effect& effect, bool orphaned) {
  if (effect.kind == domain::EffectKind::kCall && !orphaned) return begin_call(effect);
  parts_.witness.carried_out(effect, orphaned);
  switch (effect.kind) {
    case domain::EffectKind::kStart:
      return deliver(effect.execution, engine::Begin{});
    case domain::EffectKind::kCall: {
      engine::CallFailed unknown{.effect = effect.id, .code = "outcome_unknown", .message = "the daemon stopped while the call was under way", .retry_after = {}};
      unknown.repeatable = Receivers::repeatable(effect.call);
      if (parts_.mutation == Mutation::kOrphanTakenForUnsent) unknown.failure_class = engine::FailureClass::kNotSent;
      return deliver(effect.execution, std::move(unknown));
    }
    case domain::EffectKind::kTimer:
      return deliver(effect.execution, engine::TimerFired{effect.id});
    case domain::EffectKind::kChild:
      return post([this, effect] { start_child(effect); });
    case domain::EffectKind::kCancelChild:
      return post([this, effect] { cancel_child(effect); });
    case domain::EffectKind::kReport:
      return post([this, effect] { report(effect); });
    case domain::EffectKind::kAnnounce:
      return post([this, effect] { announce(effect, 0); });
  }
}

void Miniature::begin_call(const domain::Effect& effect) {
  mailboxes_[effect.execution].calls.insert(effect.id);
  post([this, effect] { send(effect); });
}

void Miniature::send(const domain::Effect& effect) {
  const auto mailbox = mailboxes_.find(effect.execution);
  if (mailbox == mailboxes_.end() || !mailbox->second.calls.contains(effect.id)) return;
  parts_.witness.carried_out(effect, false);
  parts_.trace.add([&] { return "send " + effect.id.str() + " " + dump_json(effect.call.inputs); });
  const auto [fact, after] = parts_.receivers.answer(effect);
  const auto arrives = [&](Duration when, auto&& then) {
    parts_.agenda.after(when, [alive = std::weak_ptr(alive_), then] {
      if (!alive.expired()) then();
    });
  };
  arrives(after, [this, effect, fact = fact] { answered(effect, fact); });
  if (parts_.mutation == Mutation::kCallSentTwice && parts_.dice.percent(5)) post([this, effect] { send(effect); });
  if (!parts_.adversity.stray_answers || !parts_.dice.percent(8)) return;
  const bool other = parts_.dice.percent(50);
  const engine::Fact stray = other ? engine::Fact(engine::CallSucceeded{effect.id, "late"}) : fact;
  if (std::holds_alternative<engine::Broke>(stray)) return;
  arrives(after + parts_.dice.millis(0, 5000), [this, effect, stray] {
    // Only what the mailbox has let through already can come a second time.
    const auto known = mailboxes_.find(effect.execution);
    if (known != mailboxes_.end() && known->second.calls.contains(effect.id)) return;
    deliver(effect.execution, stray);
  });
}

void Miniature::answered(const domain::Effect& effect, engine::Fact fact) {
  const auto mailbox = mailboxes_.find(effect.execution);
  if (mailbox == mailboxes_.end() || mailbox->second.calls.erase(effect.id) == 0) return;  // cancelled meanwhile
  parts_.witness.answered(effect.id, fact);
  deliver(effect.execution, std::move(fact));
}

void Miniature::start_child(const domain::Effect& effect) {
  const auto parent = read(effect.execution);
  if (!parent) return later([this, effect] { start_child(effect); });
  const auto refuse = [&](std::string code, std::string message) {
    deliver(effect.execution, engine::ChildRefused{effect.id, std::move(code), std::move(message)});
  };
  const Definition* definition = parts_.definitions.find(effect.child.workflow);
  if (definition == nullptr) return refuse("child_failed", "there is no workflow " + effect.child.workflow);
  if (parent->execution.depth >= domain::kDeepest) return refuse("child_failed", "calls are nested too deeply");
  auto inputs = language::bind_inputs(definition->workflow->inputs, effect.child.inputs);
  if (!inputs) return refuse("input_invalid", inputs.error().message);
  Arrival arrival{.definition = definition, .trigger = domain::TriggerKind::kCall, .inputs = *std::move(inputs)};
  arrival.parent = domain::Parent{effect.execution, effect.id};
  if (effect.child.wait) {
    arrival.held = parent->execution.held;
    if (parent->execution.group) arrival.held.push_back(*parent->execution.group);
  }
  arrival.depth = parent->execution.depth + 1;
  arrival.led_by = domain::led_by(parent->execution);
  accept(std::move(arrival), [this, effect](const Result<store::Outcome>& outcome, const ExecutionId& child) {
    child_accepted(effect, outcome, child);
  });
}

void Miniature::child_accepted(const domain::Effect& effect, const Result<store::Outcome>& outcome, const ExecutionId& child) {
  if (!outcome) return later([this, effect] { start_child(effect); });
  if (outcome->kind == store::Outcome::Kind::kStale) return;  // nobody waits for it any more
  const bool again = outcome->kind == store::Outcome::Kind::kDuplicate;
  deliver(effect.execution, engine::ChildStarted{effect.id, again ? outcome->duplicate_of : child, 1});
}

void Miniature::cancel_child(const domain::Effect& effect) {
  store::Reader* reader = parts_.disk.reader();
  if (reader == nullptr) return later([this, effect] { cancel_child(effect); });
  const auto child = reader->child(kTenant, {effect.execution, EffectId(effect.path)});
  if (!child) return finish(effect);
  deliver(*child, engine::Cancel{"its caller"}, [this, effect] { finish(effect); });
}

void Miniature::report(const domain::Effect& effect) {
  auto child = read(effect.execution);
  if (!child) return later([this, effect] { report(effect); });
  const domain::Execution& ended = child->execution;
  const engine::ChildEnded fact{ended.parent->effect, ended.id, ended.status, ended.outputs, ended.error, engine::in_doubt(ended)};
  const auto tell = [this, parent = ended.parent->execution, fact](Decided then) { deliver(parent, fact, std::move(then)); };
  if (parts_.mutation == Mutation::kReportForgotten) return finish(effect, [this, tell] { later([tell] { tell({}); }); });
  tell([this, effect] { finish(effect); });
}

/// One listener after the other; the store starts none of them twice.
void Miniature::announce(const domain::Effect& effect, std::size_t next) {
  const auto ended = read(effect.execution);
  if (!ended) return later([this, effect, next] { announce(effect, next); });
  const std::vector<Definition>& all = parts_.definitions.all();
  while (next < all.size() && !listens(all[next], ended->execution)) ++next;
  if (next == all.size() || ended->execution.depth >= domain::kDeepest) return finish(effect);
  Arrival arrival{.definition = &all[next], .trigger = domain::TriggerKind::kWorkflow};
  arrival.payload = {{"workflow", ended->execution.workflow_name}, {"execution", ended->execution.id.str()}, {"status", status_name(ended->execution.status)}, {"outputs", ended->execution.outputs}};
  arrival.inputs = language::default_inputs(all[next].workflow->inputs);
  arrival.end_of = ended->execution.id;
  arrival.depth = ended->execution.depth + 1;
  arrival.led_by = domain::led_by(ended->execution);
  accept(std::move(arrival), [this, effect, next](const Result<store::Outcome>& outcome, const ExecutionId&) {
    if (!outcome) return later([this, effect, next] { announce(effect, next); });
    post([this, effect, next] { announce(effect, next + 1); });
  });
}

void Miniature::finish(const domain::Effect& effect, Decided then) {
  submit({store::FinishEffects{kTenant, effect.execution, {effect.id}}}, [this, effect, then = std::move(then)](const Result<store::Outcome>& outcome) {
    if (!outcome) {
      later([this, effect, then] { finish(effect, then); });
    } else if (then) {
      then();
    }
  });
}

}  // namespace ipaas::simulation
