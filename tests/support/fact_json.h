// Facts as JSON and back, as a golden history and a trace write them.
#pragma once

#include <string>
#include <string_view>

#include "core/engine/decide.h"

namespace ipaas::test {

inline constexpr std::string_view kClassNames[] = {"not_sent", "rejected", "deferred", "unknown"};
inline constexpr std::string_view kSignalNames[] = {"approve", "reject", "callback"};

[[nodiscard]] inline std::string fact_name(const engine::Fact& fact) {
  static constexpr std::string_view kNames[] = {"Begin",        "GroupFull",  "CallSucceeded", "CallFailed",
                                                "TimerFired",   "ChildStarted", "ChildRefused",  "ChildEnded",
                                                "Signal",       "Cancel",     "Broke"};
  return std::string(kNames[fact.index()]);
}

/// The effect that a fact answers; empty where it answers none.
[[nodiscard]] inline EffectId effect_of(const engine::Fact& fact) {
  return std::visit(
      [](const auto& known) {
        if constexpr (requires { known.effect; }) {
          return known.effect;
        } else {
          return EffectId();
        }
      },
      fact);
}

namespace fact_json {

struct Write {
  Json& out;

  void operator()(const engine::Begin&) const {}
  void operator()(const engine::GroupFull& fact) const { out["queued_before"] = fact.queued_before; }
  void operator()(const engine::CallSucceeded& fact) const { out["outputs"] = fact.outputs; }
  void operator()(const engine::CallFailed& fact) const {
    out["class"] = kClassNames[static_cast<int>(fact.failure_class)];
    out["code"] = fact.code;
    out["message"] = fact.message;
    if (fact.retry_after) out["retry_after"] = fact.retry_after->count();
    if (fact.repeatable) out["repeatable"] = true;
    if (!fact.worth_retrying) out["worth_retrying"] = false;
  }
  void operator()(const engine::TimerFired&) const {}
  void operator()(const engine::ChildStarted& fact) const {
    out["child"] = fact.child.str();
    out["version"] = fact.version;
  }
  void operator()(const engine::ChildRefused& fact) const {
    out["code"] = fact.code;
    out["message"] = fact.message;
  }
  void operator()(const engine::ChildEnded& fact) const {
    out["child"] = fact.child.str();
    out["status"] = domain::status_name(fact.status);
    out["outputs"] = fact.outputs;
    if (fact.error) out["error"] = {{"code", fact.error->code}, {"message", fact.error->message}, {"step", fact.error->step}};
    if (fact.in_doubt) out["in_doubt"] = true;
  }
  void operator()(const engine::Signal& fact) const {
    out["path"] = fact.path;
    out["kind"] = kSignalNames[static_cast<int>(fact.kind)];
    out["by"] = fact.by;
    if (!fact.comment.empty()) out["comment"] = fact.comment;
    if (!fact.payload.is_null()) out["payload"] = fact.payload;
  }
  void operator()(const engine::Cancel& fact) const {
    out["by"] = fact.by;
    if (fact.finally) out["finally"] = true;
  }
  void operator()(const engine::Broke& fact) const {
    out["what"] = fact.what;
    out["code"] = fact.code;
  }
};

inline std::string text(const Json& json, const char* name) { return json.value(name, std::string()); }

template <typename Names>
int place_of(const Names& names, std::string_view name) {
  for (int place = 0; place < static_cast<int>(std::size(names)); ++place) {
    if (names[place] == name) return place;
  }
  throw std::runtime_error("unknown name: " + std::string(name));
}

inline engine::CallFailed call_failed(const Json& json, EffectId effect) {
  engine::CallFailed fact{.effect = std::move(effect), .code = text(json, "code"), .message = text(json, "message"), .retry_after = {}};
  fact.failure_class = static_cast<engine::FailureClass>(place_of(kClassNames, text(json, "class")));
  if (json.contains("retry_after")) fact.retry_after = Duration(json.at("retry_after").get<std::int64_t>());
  fact.repeatable = json.value("repeatable", false);
  fact.worth_retrying = json.value("worth_retrying", true);
  return fact;
}

inline engine::ChildEnded child_ended(const Json& json, EffectId effect) {
  engine::ChildEnded fact{.effect = std::move(effect), .child = ExecutionId(text(json, "child")), .outputs = json.value("outputs", Json()), .error = {}};
  fact.status = domain::execution_status_from_name(text(json, "status")).value();
  if (json.contains("error")) {
    const Json& error = json.at("error");
    fact.error = domain::Failure{text(error, "code"), text(error, "message"), text(error, "step")};
  }
  fact.in_doubt = json.value("in_doubt", false);
  return fact;
}

}  // namespace fact_json

[[nodiscard]] inline Json to_json(const engine::Fact& fact) {
  Json json{{"fact", fact_name(fact)}};
  if (const EffectId effect = effect_of(fact); !effect.empty()) json["effect"] = effect.str();
  std::visit(fact_json::Write{json}, fact);
  return json;
}

/// Throws where it is no fact.
[[nodiscard]] inline engine::Fact fact_from_json(const Json& json) {
  using fact_json::text;
  const std::string name = text(json, "fact");
  const EffectId effect(text(json, "effect"));
  if (name == "Begin") return engine::Begin{};
  if (name == "GroupFull") return engine::GroupFull{json.value("queued_before", 0)};
  if (name == "CallSucceeded") return engine::CallSucceeded{effect, json.value("outputs", Json())};
  if (name == "CallFailed") return fact_json::call_failed(json, effect);
  if (name == "TimerFired") return engine::TimerFired{effect};
  if (name == "ChildStarted") return engine::ChildStarted{effect, ExecutionId(text(json, "child")), json.value("version", 1)};
  if (name == "ChildRefused") return engine::ChildRefused{effect, text(json, "code"), text(json, "message")};
  if (name == "ChildEnded") return fact_json::child_ended(json, effect);
  if (name == "Cancel") return engine::Cancel{text(json, "by"), json.value("finally", false)};
  if (name == "Broke") return engine::Broke{text(json, "what"), text(json, "code")};
  if (name != "Signal") throw std::runtime_error("unknown fact: " + name);
  engine::Signal signal{.path = text(json, "path"), .by = text(json, "by"), .comment = text(json, "comment"), .payload = json.value("payload", Json())};
  signal.kind = static_cast<engine::Signal::Kind>(fact_json::place_of(kSignalNames, text(json, "kind")));
  return signal;
}

}  // namespace ipaas::test
