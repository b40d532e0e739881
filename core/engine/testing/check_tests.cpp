// What a test says of a workflow, held against the workflow.
#include <algorithm>
#include <array>

#include "core/engine/route.h"
#include "core/engine/testing/test_file.h"
#include "core/language/parser/report.h"

namespace ipaas::engine::testing {
namespace {

using domain::TriggerKind;

constexpr std::array<std::string_view, 3> kScheduleKeys = {"scheduled_for", "cron", "timezone"};

constexpr std::array<std::string_view, 4> kEndKeys = {"workflow", "execution", "status", "outputs"};

bool is_schedule_key(std::string_view key) {
  return std::find(kScheduleKeys.begin(), kScheduleKeys.end(), key) != kScheduleKeys.end();
}

bool is_end_key(std::string_view key) { return std::find(kEndKeys.begin(), kEndKeys.end(), key) != kEndKeys.end(); }

/// Whose event has such a member.
TriggerKind owner_of(std::string_view key) {
  if (is_schedule_key(key)) return TriggerKind::kSchedule;
  return is_end_key(key) ? TriggerKind::kWorkflow : TriggerKind::kWebhook;
}

bool takes_inputs(TriggerKind kind) { return kind == TriggerKind::kManual || kind == TriggerKind::kCall; }


std::vector<TriggerKind> triggers_of(const language::Workflow& workflow) {
  std::vector<TriggerKind> kinds;
  if (workflow.webhook) kinds.push_back(TriggerKind::kWebhook);
  if (!workflow.schedules.empty()) kinds.push_back(TriggerKind::kSchedule);
  if (workflow.manual) kinds.push_back(TriggerKind::kManual);
  if (workflow.on_workflow) kinds.push_back(TriggerKind::kWorkflow);
  kinds.push_back(TriggerKind::kCall);  // any workflow may be called
  return kinds;
}

class Check {
 public:
  Check(const TestCase& test, const language::Workflow& workflow, language::Report& report)
      : test_(test), workflow_(workflow), report_(report) {}

  void run() {
    check_trigger();
    for (const Mock& mock : test_.mocks) check_mock(mock);
    if (const PlacedValue* steps = test_.expect.find("steps"); steps != nullptr && steps->members() != nullptr) {
      for (const PlacedMember& step : *steps->members()) step_named(step.key, step.position);
    }
    if (const PlacedValue* calls = test_.expect.find("calls"); calls != nullptr && calls->items() != nullptr) {
      for (const PlacedValue& call : *calls->items()) check_call(call);
    }
  }

 private:
  void check_trigger() {
    const auto kind = trigger_of(test_, workflow_);
    const std::vector<TriggerKind> kinds = triggers_of(workflow_);
    std::vector<std::string_view> names;
    for (const TriggerKind known : kinds) names.push_back(domain::trigger_name(known));
    if (!kind) {
      return report_.add(test_.position, "missing_key", "the case does not say what starts it",
                         "write `trigger: " + std::string(names.front()) + "`");
    }
    const SourcePosition place = test_.trigger ? test_.trigger_position
                                 : test_.event ? test_.event->position
                                               : test_.position;
    const std::string name(domain::trigger_name(*kind));
    if (std::find(kinds.begin(), kinds.end(), *kind) == kinds.end()) {
      return report_.add(place, "unknown_trigger",
                         "the workflow " + language::shown(workflow_.name) + " has no trigger `" + name + "`",
                         "it has " + language::any_of(names));
    }
    check_event(*kind, name);
    if (test_.inputs && !takes_inputs(*kind)) {
      report_.add(test_.inputs->position, "unexpected_inputs", "a " + name + " start is given no inputs",
                  "remove them; the defaults hold");
    }
  }

  void check_event(TriggerKind kind, const std::string& name) {
    if (!test_.event) return;
    for (const auto& [key, value] : test_.event->members.items()) {
      if (owner_of(key) == kind) continue;
      report_.add(test_.event->position, "unknown_key", "the event of a " + name + " start has no `" + key + "`",
                  takes_inputs(kind) ? "remove the event; a " + name + " start takes `inputs`" : "");
    }
  }

  void check_mock(const Mock& mock) {
    const language::Step* step = step_named(mock.step, mock.position);
    if (step == nullptr) return;
    const bool uses = std::holds_alternative<language::UsesStep>(step->action);
    const bool call = std::holds_alternative<language::CallStep>(step->action);
    const auto* wait = std::get_if<language::WaitForStep>(&step->action);
    if (!uses && !call && wait == nullptr) {
      return report_.add(mock.position, "no_call",
                         "the step " + language::shown(mock.step) + " is `" + std::string(step->kind()) +
                             "`, which neither calls nor waits for anybody",
                         "remove the mock");
    }
    for (const MockAnswer& answer : mock.answers) {
      const std::string wrong = uses ? unfit_for_call(answer) : wait != nullptr ? unfit_for_wait(*wait, answer) : unfit_for_child(answer);
      if (!wrong.empty()) report_.add(mock.position, "unfit_mock", "the step " + language::shown(mock.step) + " " + wrong, "");
    }
  }

  static std::string_view code_of(const MockAnswer& answer) {
    const auto* error = std::get_if<MockError>(&answer.answer);
    return error == nullptr ? std::string_view() : std::string_view(error->code);
  }

  static std::string unfit_for_call(const MockAnswer& answer) {
    const std::string_view code = code_of(answer);
    const bool foreign = code == "child_failed" || code == "approval_rejected";
    return foreign ? "calls a connector, which cannot fail as " + std::string(code) : "";
  }

  static std::string unfit_for_child(const MockAnswer& answer) {
    const bool reply = std::holds_alternative<MockReply>(answer.answer);
    return reply ? "calls a workflow, which answers with `outputs` or an `error`" : "";
  }

  static std::string unfit_for_wait(const language::WaitForStep& wait, const MockAnswer& answer) {
    const bool approval = wait.kind == language::WaitForStep::Kind::kApproval;
    const std::string_view code = code_of(answer);
    const bool fits = std::holds_alternative<Json>(answer.answer) || code == "timeout" || (approval && code == "approval_rejected");
    if (fits) return "";
    return approval ? "waits for an approval: answer with `outputs: { by, comment }`, or with the error approval_rejected or timeout"
                    : "waits for a callback: answer with the `outputs` that come with it, or with the error timeout";
  }

  void check_call(const PlacedValue& call) {
    const PlacedValue* const step = call.find("step");
    if (step == nullptr) return;
    const Json* const id = std::get_if<Json>(&step->content);
    if (id != nullptr && id->is_string()) step_named(id->get<std::string>(), step->position);
  }

  const language::Step* step_named(const std::string& path, SourcePosition position) {
    const std::string id = std::string(id_of_path(path));
    if (id.size() != path.size() && !find_route(workflow_, path)) {
      report_.add(position, "unknown_step",
                  "the workflow " + language::shown(workflow_.name) + " has no step at " + language::shown(path),
                  "name the rounds of all loops around it, as in notify[3].send, or only the id of the step");
      return nullptr;
    }
    const auto steps = language::all_steps(workflow_);
    const auto found = std::find_if(steps.begin(), steps.end(), [&](const language::Step* step) { return step->id == id; });
    if (found != steps.end()) return *found;
    std::vector<std::string_view> ids;
    for (const language::Step* step : steps) ids.push_back(step->id);
    report_.add(position, "unknown_step",
                "the workflow " + language::shown(workflow_.name) + " has no step " + language::shown(id),
                language::suggestion(id, ids));
    return nullptr;
  }

  const TestCase& test_;
  const language::Workflow& workflow_;
  language::Report& report_;
};

void report_unknown_workflow(const TestCase& test, const std::vector<language::WorkflowPtr>& workflows,
                             language::Report& report) {
  std::vector<std::string_view> names;
  for (const auto& workflow : workflows) names.push_back(workflow->name);
  if (test.workflow.empty()) {
    return report.add(test.position, "missing_key", "the file has several workflows, and the case does not say which",
                      "write `workflow:` with " + language::any_of(names));
  }
  report.add(test.workflow_position, "unknown_workflow", "the file has no workflow " + language::shown(test.workflow),
             language::suggestion(test.workflow, names));
}

}  // namespace

const language::Workflow* workflow_of(const TestCase& test, const std::vector<language::WorkflowPtr>& workflows) {
  if (test.workflow.empty()) return workflows.size() == 1 ? workflows.front().get() : nullptr;
  const auto found = std::find_if(workflows.begin(), workflows.end(),
                                  [&](const auto& workflow) { return workflow->name == test.workflow; });
  return found == workflows.end() ? nullptr : found->get();
}

std::optional<TriggerKind> trigger_of(const TestCase& test, const language::Workflow& workflow) {
  if (test.trigger) return test.trigger;
  const std::vector<TriggerKind> kinds = triggers_of(workflow);
  if (test.event && !test.event->members.empty()) {
    const auto& members = test.event->members.get_ref<const Json::object_t&>();
    const TriggerKind owner = owner_of(members.front().first);
    const bool same =
        std::all_of(members.begin(), members.end(), [&](const auto& member) { return owner_of(member.first) == owner; });
    return same ? owner : TriggerKind::kWebhook;
  }
  // A call is the last of them, and what is left where nothing else starts it.
  if (workflow.manual && (test.inputs || kinds.size() > 2)) return TriggerKind::kManual;
  if (test.inputs || kinds.size() == 1) return TriggerKind::kCall;
  if (kinds.size() == 2) return kinds.front();
  return std::nullopt;
}

std::vector<Error> check_tests(const TestFile& tests, const std::vector<language::WorkflowPtr>& workflows) {
  language::Report report;
  for (const TestCase& test : tests.cases) {
    if (const language::Workflow* workflow = workflow_of(test, workflows)) {
      Check(test, *workflow, report).run();
    } else {
      report_unknown_workflow(test, workflows, report);
    }
  }
  return report.take(tests.file);
}

}  // namespace ipaas::engine::testing
