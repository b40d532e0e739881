#include "core/engine/scope.h"

#include <algorithm>

#include "core/base/letter_case.h"
#include "core/base/time_text.h"

namespace ipaas::engine {
namespace {

/// In the four words of GitHub Actions.
std::string_view outcome_of(domain::StepStatus status) {
  switch (status) {
    case domain::StepStatus::kSucceeded: return "success";
    case domain::StepStatus::kSkipped: return "skipped";
    case domain::StepStatus::kCancelled: return "cancelled";
    default: return "failure";
  }
}

std::string_view conclusion_of(const domain::Step& step) { return step.softened ? "success" : outcome_of(step.status); }

Json error_of(const domain::Step& step) {
  if (!step.error) return nullptr;
  return Json{{"code", step.error->code}, {"message", step.error->message}};
}

}  // namespace

void Scope::turn_to(std::string_view path) {
  path_ = path;
  made_.clear();
}

const domain::Step* Scope::seen(std::string_view id) const {
  // A step is seen by what stands in the same round as itself, or deeper; so its prefix is one of those around here.
  std::string_view prefix = route_.empty() ? std::string_view() : std::string_view(route_.back().prefix);
  for (;;) {
    std::string path(prefix);
    path += id;
    if (const domain::Step* step = draft_.step(path)) return step;
    if (prefix.empty()) return nullptr;
    const std::size_t outer = prefix.substr(0, prefix.size() - 1).rfind('.');
    prefix = outer == std::string_view::npos ? std::string_view() : prefix.substr(0, outer + 1);
  }
}

const domain::Step* Scope::ended(std::string_view id) const {
  const domain::Step* step = seen(id);
  if (step == nullptr) {
    // Names compare without letter case, and paths do not.
    for (const language::Step* known : language::all_steps(workflow_)) {
      if (known->id != id && equal_letters(known->id, id)) step = seen(known->id);
    }
  }
  return step != nullptr && domain::is_final(step->status) ? step : nullptr;
}

const Json* Scope::part(const domain::Step& step, std::string_view property) const {
  if (equal_letters(property, "outputs")) return &step.outputs;
  if (equal_letters(property, "outcome")) return keep(outcome_of(step.status));
  if (equal_letters(property, "conclusion")) return keep(conclusion_of(step));
  if (equal_letters(property, "attempts")) return keep(step.attempts);
  if (equal_letters(property, "error")) return keep(error_of(step));
  return nullptr;
}

std::optional<const Json*> Scope::property(std::string_view context, std::string_view key,
                                           std::string_view property) const {
  if (context != "steps") return std::nullopt;
  const domain::Step* step = ended(key);
  return step == nullptr ? nullptr : part(*step, property);
}

Json Scope::all_steps() const {
  Json whole = Json::object();
  for (const language::Step* known : language::all_steps(workflow_)) {
    const domain::Step* step = seen(known->id);
    if (step == nullptr || !domain::is_final(step->status)) continue;
    whole[known->id] = Json{{"outputs", step->outputs},
                            {"outcome", outcome_of(step->status)},
                            {"conclusion", conclusion_of(*step)},
                            {"attempts", step->attempts},
                            {"error", error_of(*step)}};
  }
  return whole;
}

template <typename Kind>
const Place* Scope::around() const {
  for (auto place = route_.rbegin(); place != route_.rend(); ++place) {
    if (place != route_.rbegin() && std::holds_alternative<Kind>(place->step().action)) return &*place;
  }
  return nullptr;
}

const Json* Scope::item() const {
  const Place* loop = around<language::ForEachStep>();
  const domain::Step* record = loop == nullptr ? nullptr : draft_.step(loop->path());
  if (record == nullptr || !record->items) return nullptr;
  const std::size_t round = round_of(route_.back().prefix);
  return round < record->items->size() ? &(*record->items)[round] : nullptr;
}

const Json* Scope::index() const {
  if (around<language::ForEachStep>() == nullptr) return nullptr;
  return keep(round_of(route_.back().prefix));
}

const Json* Scope::wait() const {
  const Place* waiting = around<language::WaitForStep>();
  if (waiting == nullptr) return nullptr;
  const std::string path = waiting->path();
  const std::string link = links_ == nullptr ? "" : links_->link(draft_.change.execution, path);
  const domain::Step* record = draft_.step(path);
  return keep(Json{{"url", link.empty() ? Json() : Json(link)},
                   {"expires_at", record != nullptr && record->due_at ? Json(format_instant(*record->due_at)) : Json()}});
}

const Json* Scope::context(std::string_view name) const {
  if (name == "event") return &draft_.before.payload;
  if (name == "inputs") return &draft_.change.execution.inputs;
  if (name == "vars") return &draft_.change.execution.vars;
  if (name == "item") return item();
  if (name == "index") return index();
  if (name == "wait") return wait();
  if (name == "steps") return keep(all_steps());
  if (name == "execution") return keep(execution());
  if (name == "failure") return keep(failure());
  return nullptr;
}

Json Scope::execution() const {
  const domain::Execution& execution = draft_.change.execution;
  return Json{{"id", execution.id.str()},
              {"workflow", execution.workflow_name},
              {"version", execution.version},
              {"started_at", format_instant(execution.started_at.value_or(now_))},
              {"trigger", domain::trigger_name(execution.trigger)}};
}

Json Scope::failure() const {
  const auto& error = draft_.change.execution.error;
  if (!error) return nullptr;
  return Json{{"step", error->step}, {"code", error->code}, {"message", error->message}};
}

bool Scope::failed_before(const Place& place) const {
  if (place.alone) return false;
  for (std::size_t i = 0; i < place.index; ++i) {
    const domain::Step* step = draft_.step(place.prefix + (*place.block)[i].id);
    if (step != nullptr && failed_hard(*step)) return true;
  }
  return false;
}

/// In the main part they speak of the steps in front, those of the lists around included; in the handlers, of the result.
bool Scope::status_function(std::string_view name) const {
  const domain::Execution& execution = draft_.change.execution;
  const bool cancelled = execution.status == domain::ExecutionStatus::kCancelled;
  if (name == "always") return true;
  if (name == "cancelled") return cancelled;
  bool failed = execution.error.has_value() && !cancelled;
  if (execution.phase == domain::Phase::kMain) {
    failed = std::any_of(route_.begin(), route_.end(),
                         [this](const Place& place) { return place.failed.value_or(false) || failed_before(place); });
  }
  return name == "failure" ? failed : !failed && !cancelled;
}

std::optional<std::string> Scope::uuid_seed() const {
  const domain::Execution& execution = draft_.change.execution;
  return execution.id.str() + "/" + std::to_string(execution.seed) + "/" + path_;
}

bool Scope::mask(std::string_view text) const {
  masked_.emplace_back(text);
  return true;
}

}  // namespace ipaas::engine
