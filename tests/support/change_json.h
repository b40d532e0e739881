// A change and a snapshot as canonical JSON: every member that is not at its default, in a fixed order.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/domain/execution.h"

namespace ipaas::test {

inline Json to_json(const EffectId& id) { return id.str(); }
inline Json to_json(const std::string& text) { return text; }
inline Json to_json(const domain::Step& step);
inline Json to_json(const domain::Effect& effect);
inline Json to_json(const domain::Attempt& attempt);
inline Json to_json(const domain::LogEntry& line);

namespace change_json {

/// Appends the members of one object; what says nothing is left out.
class Object {
 public:
  Object& text(const char* name, std::string_view value) {
    if (!value.empty()) json_[name] = value;
    return *this;
  }
  Object& number(const char* name, std::int64_t value, std::int64_t usual = 0) {
    if (value != usual) json_[name] = value;
    return *this;
  }
  Object& flag(const char* name, bool value) {
    if (value) json_[name] = true;
    return *this;
  }
  Object& time(const char* name, const std::optional<Instant>& value) {
    if (value) json_[name] = to_millis(*value);
    return *this;
  }
  Object& value(const char* name, const Json& value) {
    if (!value.is_null()) json_[name] = value;
    return *this;
  }
  Object& failure(const char* name, const std::optional<domain::Failure>& failure) {
    if (failure) json_[name] = {{"code", failure->code}, {"message", failure->message}, {"step", failure->step}};
    return *this;
  }
  template <typename List>
  Object& list(const char* name, const List& items) {
    if (items.empty()) return *this;
    Json& array = json_[name] = Json::array();
    for (const auto& item : items) array.push_back(to_json(item));
    return *this;
  }
  [[nodiscard]] Json take() { return std::move(json_); }

 private:
  Json json_ = Json::object();
};

inline constexpr std::string_view name_of(domain::Phase phase) {
  switch (phase) {
    case domain::Phase::kMain: return "main";
    case domain::Phase::kOnFailure: return "on-failure";
    case domain::Phase::kFinally: break;
  }
  return "finally";
}

}  // namespace change_json

inline Json to_json(const domain::Execution& execution) {
  change_json::Object out;
  out.text("id", execution.id.str()).text("workflow", execution.workflow_name).number("version", execution.version, 1);
  out.text("trigger", domain::trigger_name(execution.trigger)).text("status", domain::status_name(execution.status));
  out.text("phase", change_json::name_of(execution.phase)).number("revision", execution.revision);
  out.number("seed", static_cast<std::int64_t>(execution.seed));
  out.number("engine_version", execution.engine_version);
  out.number("priority", static_cast<int>(execution.priority), static_cast<int>(domain::Priority::kNormal));
  out.time("created_at", execution.created_at).time("started_at", execution.started_at);
  out.time("ended_at", execution.ended_at).number("active", execution.active.count());
  out.time("active_since", execution.active_since).value("inputs", execution.inputs);
  out.value("outputs", execution.outputs).failure("error", execution.error);
  if (execution.group) out.value("group", *execution.group);
  out.number("group_limit", execution.group_limit, 1).list("held", execution.held);
  out.number("depth", execution.depth).text("starter", execution.starter).text("retry_of", execution.retry_of.str());
  if (execution.parent) {
    out.value("parent", {{"execution", execution.parent->execution.str()}, {"effect", execution.parent->effect.str()}});
  }
  for (const auto& [path, key] : execution.idempotency_keys) out.text(("key of " + path).c_str(), key);
  if (!execution.vars.empty()) out.value("vars", execution.vars);
  return out.take();
}

inline Json to_json(const domain::Step& step) {
  change_json::Object out;
  out.text("path", step.path).text("kind", step.kind).text("status", domain::status_name(step.status));
  out.flag("softened", step.softened).flag("sensitive", step.sensitive);
  out.number("attempts", step.attempts).number("sends", step.sends);
  out.time("started_at", step.started_at).time("ended_at", step.ended_at);
  out.time("deferred_since", step.deferred_since).time("due_at", step.due_at);
  out.value("outputs", step.outputs).failure("error", step.error).value("items", step.items ? *step.items : Json());
  out.number("begun", step.begun).number("open", step.open).text("child", step.child.str());
  return out.take();
}

inline Json to_json(const domain::Effect& effect) {
  change_json::Object out;
  out.text("id", effect.id.str()).text("kind", domain::effect_name(effect.kind)).text("path", effect.path);
  out.time("due_at", effect.due_at);
  if (effect.kind == domain::EffectKind::kCall) {
    change_json::Object call;
    call.text("action", effect.call.connector + "/" + effect.call.action).text("credential", effect.call.credential);
    call.value("inputs", effect.call.inputs).text("idempotency_key", effect.call.idempotency_key);
    call.flag("keyed", effect.call.keyed).number("timeout", effect.call.timeout.count());
    if (effect.call.rate) {
      const domain::CallRate& rate = *effect.call.rate;
      call.value("rate", {{"key", rate.key}, {"count", rate.count}, {"per", rate.per.count()}});
    }
    out.value("call", call.take());
  }
  if (effect.kind == domain::EffectKind::kChild) {
    out.value("child", {{"workflow", effect.child.workflow}, {"inputs", effect.child.inputs}, {"wait", effect.child.wait}});
  }
  return out.take();
}

inline Json to_json(const domain::Attempt& attempt) {
  change_json::Object out;
  out.text("path", attempt.path).number("number", attempt.number);
  out.time("started_at", attempt.started_at).time("ended_at", attempt.ended_at);
  out.text("outcome", attempt.outcome).text("message", attempt.message);
  return out.take();
}

inline Json to_json(const domain::LogEntry& line) {
  change_json::Object out;
  out.time("at", line.at).text("level", domain::level_name(line.level)).text("path", line.path).text("text", line.text);
  return out.take();
}

inline Json to_json(const domain::ExecutionChange& change) {
  change_json::Object out;
  out.value("execution", to_json(change.execution)).list("steps", change.steps).list("attempts", change.attempts);
  out.list("effects", change.effects).list("finished", change.finished).list("logs", change.logs);
  return out.take();
}

/// Effects by their id, as a store keeps no order among them.
inline Json to_json(const domain::ExecutionSnapshot& snapshot) {
  std::map<std::string, Json> effects;
  for (const domain::Effect& effect : snapshot.effects) effects[effect.id.str()] = to_json(effect);
  change_json::Object out;
  out.value("execution", to_json(snapshot.execution)).value("payload", snapshot.payload).list("steps", snapshot.steps);
  Json ordered = Json::array();
  for (auto& [id, effect] : effects) ordered.push_back(std::move(effect));
  return out.value("effects", ordered).take();
}

}  // namespace ipaas::test
