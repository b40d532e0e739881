#include "daemon/runtime/errands.h"

#include <algorithm>

#include "core/engine/doubt.h"
#include "core/language/workflow_parser.h"

namespace ipaas::daemon {
namespace {

/// What became of starting several executions.
struct Round {
  explicit Round(std::size_t count) : left(count) {}
  std::atomic<std::size_t> left;
  std::mutex mutex;  ///< guards worst
  std::optional<Error> worst;
};

/// So many starts that waited for room go on at once; more may after the next pause.
constexpr std::int64_t kAtOnce = 1000;

/// Whether the same may go well another time.
bool passes(const Error& error) {
  return error.kind == ErrorKind::kUnavailable || error.kind == ErrorKind::kDraining || error.kind == ErrorKind::kBacklogFull;
}

engine::ChildEnded end_of(const EffectId& effect, const domain::Execution& child) {
  return {.effect = effect,
          .child = child.id,
          .status = child.status,
          .outputs = child.outputs,
          .error = child.error,
          .in_doubt = engine::in_doubt(child)};
}

/// The step has called the workflow before, in this execution or in the one that this one repeats: what those children sent
/// and nobody knows the outcome of is sent under the same keys.
Result<std::map<std::string, std::string>> predecessors_keys(store::Reader& reader, const domain::Effect& effect,
                                                             const domain::Execution& parent) {
  std::map<std::string, std::string> keys;
  for (const domain::Parent& noted : engine::noted_children(parent, effect.path)) {
    const auto child = reader.child(effect.tenant, noted);
    const auto snapshot = child.and_then([&](const ExecutionId& id) { return reader.execution(effect.tenant, id); });
    if (!snapshot && snapshot.error().kind == ErrorKind::kNotFound) continue;  // it was never started, or was purged
    if (!snapshot) return tl::unexpected(snapshot.error());
    keys.merge(engine::keys_for_successor(*snapshot));
  }
  return keys;
}

}  // namespace

void Errands::run(const EffectPtr& effect, const ExecutionPtr& execution) {
  parts_.workers.post([this, effect, execution] { carry_out(effect, execution); });
}

void Errands::carry_out(const EffectPtr& effect, ExecutionPtr execution) {
  if (effect->kind == domain::EffectKind::kCancelChild) {
    cancel_child(effect);
    return;
  }
  if (!execution) {
    auto found = read(effect->tenant, effect->execution);
    if (!found) {
      give_up(effect, execution, found.error());
      return;
    }
    execution = *std::move(found);
  }
  switch (effect->kind) {
    case domain::EffectKind::kChild: start_child(effect, execution); break;
    case domain::EffectKind::kReport: report(effect, *execution); break;
    default: announce(effect, execution); break;
  }
}

Result<Errands::ExecutionPtr> Errands::read(const TenantId& tenant, const ExecutionId& execution) {
  auto reader = parts_.readers.borrow();
  if (!reader) return tl::unexpected(reader.error());
  auto found = (*reader)->execution(tenant, execution);
  if (!found) return tl::unexpected(found.error());
  return std::make_shared<domain::Execution>(std::move(found->execution));
}

Result<service::Arrival> Errands::called(const domain::Effect& effect, const domain::Execution& parent) {
  const std::string& name = effect.child.workflow;
  if (parent.depth >= domain::kDeepest) {
    return fail(ErrorKind::kInvalid, "the workflow '" + name + "' is not started: " + std::to_string(domain::kDeepest) +
                                         " calls and ends led to this one already, and no more may follow");
  }
  auto reader = parts_.readers.borrow();
  if (!reader) return tl::unexpected(reader.error());
  const auto workflow = (*reader)->workflow(effect.tenant, name);
  if (!workflow && workflow.error().kind == ErrorKind::kNotFound) {
    return fail(ErrorKind::kInvalid, "there is no workflow '" + name + "': apply it, or correct the name after `call`");
  }
  if (!workflow) return tl::unexpected(workflow.error());
  service::Arrival arrival;
  auto definition = parts_.definitions.get(**reader, effect.tenant, workflow->id, workflow->version);
  if (!definition) return tl::unexpected(definition.error());
  auto keys = predecessors_keys(**reader, effect, parent);
  if (!keys) return tl::unexpected(keys.error());
  auto inputs = language::bind_inputs((*definition)->inputs, effect.child.inputs);
  if (!inputs) {
    return fail(ErrorKind::kInvalid, "the workflow '" + name + "' does not take this `with`: " + inputs.error().message, {},
                "input_invalid");
  }
  arrival.tenant = effect.tenant;
  arrival.workflow = workflow->id;
  arrival.workflow_name = workflow->name;
  arrival.version = workflow->version;
  arrival.definition = *std::move(definition);
  arrival.trigger = domain::TriggerKind::kCall;
  arrival.payload = JsonDocument(Json::object());
  arrival.inputs = *std::move(inputs);
  arrival.starter = parent.starter;
  arrival.parent = domain::Parent{parent.id, effect.id};
  arrival.depth = parent.depth + 1;
  arrival.idempotency_keys = *std::move(keys);
  arrival.led_by = domain::led_by(parent);
  // What nobody waits for may outlive them all, and takes a slot of its own.
  if (effect.child.wait) {
    arrival.held = parent.held;
    if (parent.group) arrival.held.push_back(*parent.group);
  }
  return arrival;
}

void Errands::start_child(const EffectPtr& effect, const ExecutionPtr& parent) {
  auto arrival = called(*effect, *parent);
  if (!arrival) {
    accepted(effect, parent, 0, tl::unexpected(arrival.error()));
    return;
  }
  const int version = arrival->version;
  parts_.intake.accept(*std::move(arrival), {}, [this, effect, parent, version](const Result<service::Acceptance>& acceptance) {
    accepted(effect, parent, version, acceptance);
  });
}

void Errands::accepted(const EffectPtr& effect, const ExecutionPtr& parent, int version,
                       const Result<service::Acceptance>& acceptance) {
  if (!acceptance && passes(acceptance.error())) {
    give_up(effect, parent, acceptance.error());
  } else if (!acceptance) {
    const Error& error = acceptance.error();
    const std::string code = error.code == "input_invalid" ? error.code : "child_failed";
    parts_.dispatcher.deliver(effect->tenant, effect->execution, engine::ChildRefused{effect->id, code, error.message});
  } else if (acceptance->stale) {
    return;  // nobody waits for it any more: it was cancelled meanwhile
  } else if (acceptance->duplicate) {
    parts_.workers.post([this, effect, parent, child = acceptance->execution] { repeat_child(effect, parent, child); });
  } else {
    parts_.dispatcher.deliver(effect->tenant, effect->execution,
                              engine::ChildStarted{effect->id, acceptance->execution, version});
  }
}

/// It was started already, by a daemon that may have died before it could say so.
void Errands::repeat_child(const EffectPtr& effect, const ExecutionPtr& parent, const ExecutionId& child) {
  const auto found = read(effect->tenant, child);
  if (!found) {
    give_up(effect, parent, found.error());
    return;
  }
  parts_.dispatcher.deliver(effect->tenant, effect->execution, engine::ChildStarted{effect->id, child, (*found)->version});
  if (domain::has_ended(**found)) {
    parts_.dispatcher.deliver(effect->tenant, effect->execution, end_of(effect->id, **found));
  }
}

void Errands::report(const EffectPtr& effect, const domain::Execution& child) {
  if (!child.parent) {
    finish(effect);
    return;
  }
  parts_.dispatcher.deliver(effect->tenant, child.parent->execution, end_of(child.parent->effect, child),
                            [this, effect](const Result<domain::ExecutionStatus>& decided) {
                              if (decided || decided.error().kind == ErrorKind::kNotFound) finish(effect);
                            });
}

void Errands::cancel_child(const EffectPtr& effect) {
  auto reader = parts_.readers.borrow();
  const auto child = reader ? (*reader)->child(effect->tenant, {effect->execution, EffectId(effect->path)})
                            : tl::unexpected(reader.error());
  if (!child && child.error().kind == ErrorKind::kNotFound) {
    finish(effect);
  } else if (!child) {
    give_up(effect, nullptr, child.error());
  } else {
    parts_.dispatcher.deliver(effect->tenant, *child,
                              engine::Cancel{"the execution " + effect->execution.str() + " that had called it"},
                              [this, effect](const Result<domain::ExecutionStatus>& decided) {
                                if (decided || decided.error().kind == ErrorKind::kNotFound) finish(effect);
                              });
  }
}

Result<service::Arrival> Errands::announcement(const domain::EndListener& listener, const domain::Execution& ended) {
  auto reader = parts_.readers.borrow();
  if (!reader) return tl::unexpected(reader.error());
  auto definition = parts_.definitions.get(**reader, listener.tenant, listener.workflow, listener.version);
  if (!definition) return tl::unexpected(definition.error());
  service::Arrival arrival;
  arrival.tenant = ended.tenant;
  arrival.workflow = listener.workflow;
  arrival.workflow_name = listener.workflow_name;
  arrival.version = listener.version;
  arrival.inputs = language::default_inputs((*definition)->inputs);
  arrival.definition = *std::move(definition);
  arrival.trigger = domain::TriggerKind::kWorkflow;
  arrival.payload = JsonDocument(Json{{"workflow", ended.workflow_name},
                                      {"execution", ended.id.str()},
                                      {"status", domain::status_name(ended.status)},
                                      {"outputs", ended.outputs}});
  arrival.end_of = ended.id;
  arrival.depth = ended.depth + 1;
  arrival.led_by = domain::led_by(ended);
  return arrival;
}

void Errands::announce(const EffectPtr& effect, const ExecutionPtr& ended) {
  std::vector<domain::EndListener> listeners = parts_.listeners.listeners(*ended);
  if (listeners.empty()) {
    finish(effect);
    return;
  }
  // Where there is room for a few only, those who have been started already must not stand in front every time.
  std::rotate(listeners.begin(), listeners.begin() + static_cast<std::ptrdiff_t>(turns_++ % listeners.size()), listeners.end());
  const auto round = std::make_shared<Round>(listeners.size());
  const auto told = [this, effect, ended, round](const Result<service::Acceptance>& acceptance) {
    // A listener that was deleted meanwhile is nobody's loss.
    if (!acceptance && acceptance.error().kind != ErrorKind::kNotFound) {
      const std::lock_guard lock(round->mutex);
      if (!round->worst || passes(acceptance.error())) round->worst = acceptance.error();
    }
    if (--round->left > 0) return;
    if (round->worst) {
      give_up(effect, ended, *round->worst);
    } else {
      finish(effect);
    }
  };
  for (const domain::EndListener& listener : listeners) {
    if (auto arrival = announcement(listener, *ended)) {
      parts_.intake.accept(*std::move(arrival), {}, told);
    } else {
      told(tl::unexpected(arrival.error()));
    }
  }
}

void Errands::finish(const EffectPtr& effect) {
  parts_.writer.submit(store::FinishEffects{effect->tenant, effect->execution, {effect->id}},
                       [this, effect](const Result<store::Outcome>& outcome) {
                         if (outcome) return;
                         if (outcome.error().kind == ErrorKind::kUnavailable) {
                           parts_.later([this, effect] { finish(effect); });
                         } else if (outcome.error().kind != ErrorKind::kNotFound) {
                           parts_.failed(*effect, outcome.error());
                         }
                       });
}

void Errands::give_up(const EffectPtr& effect, const ExecutionPtr& execution, const Error& error) {
  switch (error.kind) {
    case ErrorKind::kUnavailable:
      parts_.later([this, effect, execution] { run(effect, execution); });
      break;
    case ErrorKind::kBacklogFull: wait_for_room(effect, execution->depth + 1); break;
    case ErrorKind::kDraining: break;  // it stays in the outbox for the next start
    case ErrorKind::kNotFound: break;  // the execution is gone, and its outbox with it
    default: parts_.failed(*effect, error); break;
  }
}

void Errands::wait_for_room(const EffectPtr& effect, int depth) {
  {
    const std::lock_guard lock(mutex_);
    const bool looking = !waiting_.empty();
    waiting_[depth].push_back(effect);
    if (looking) return;
  }
  parts_.later([this] { look_for_room(); });
}

void Errands::look_for_room() {
  if (parts_.intake.draining()) return;  // they are leased: the next start finds them
  std::vector<EffectPtr> ready;
  bool more = false;
  {
    const std::lock_guard lock(mutex_);
    for (auto depth = waiting_.begin(); depth != waiting_.end();) {
      auto& effects = depth->second;
      const std::int64_t room = std::min(parts_.intake.room(depth->first), kAtOnce) - std::ssize(ready);
      for (std::int64_t i = 0; i < room && !effects.empty(); ++i) {
        ready.push_back(std::move(effects.front()));
        effects.pop_front();
      }
      depth = effects.empty() ? waiting_.erase(depth) : std::next(depth);
    }
    more = !waiting_.empty();
  }
  for (const EffectPtr& effect : ready) run(effect, nullptr);
  if (more) parts_.later([this] { look_for_room(); });
}

}  // namespace ipaas::daemon
