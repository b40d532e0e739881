#include "tests/e2e/crash/workloads.h"

#include <stdexcept>

namespace ipaas::test {
namespace {

/// Repeated until it is known to have arrived, within any fault that a test makes.
constexpr std::string_view kPatientRetry =
    "    timeout: 2s\n    retry:\n      max-attempts: 20\n      delay: 100ms\n      max-delay: 500ms\n";

std::string workflow(std::string_view name, std::string_view trigger, std::string_view steps) {
  return "---\nname: " + std::string(name) + "\non:\n  " + std::string(trigger) + "\n" + std::string(steps);
}

std::string webhook_workflow(Kind kind, const std::string& steps) {
  return workflow(workload(kind).name, "webhook:\n    verify:\n      scheme: none", "steps:\n" + steps);
}

struct Call {
  std::string method = "PUT";
  std::string id = "${{ event.body.id }}";
  std::string execution = "${{ execution.id }}";
  std::string part = "only";
};

std::string call_step(std::uint16_t sink, const Call& call) {
  return "  - id: call\n    uses: http/request\n    with:\n      method: " + call.method +
         "\n      url: http://127.0.0.1:" + std::to_string(sink) + "/\n      json:\n        id: " + call.id +
         "\n        execution: " + call.execution + "\n        part: " + call.part + "\n";
}

std::string put_step(std::uint16_t sink, const Call& call = {}) {
  return call_step(sink, call) + std::string(kPatientRetry);
}

std::string indented(const std::string& lines) {
  std::string result = "    ";
  for (const char c : lines) {
    result += c;
    if (c == '\n') result += "    ";
  }
  result.resize(result.find_last_not_of(' ') + 1);
  return result;
}

std::string called_workflow(std::uint16_t sink) {
  return workflow("load-called", "manual: {}",
                  "inputs:\n  id:\n    type: string\n  caller:\n    type: string\nsteps:\n" +
                      put_step(sink, {.id = "${{ inputs.id }}", .execution = "${{ inputs.caller }}"}));
}

std::string workflow_calling(std::uint16_t sink, Kind kind) {
  switch (kind) {
    case Kind::kSet:
      return webhook_workflow(kind,
                              "  - id: keep\n    set: ${{ event.body.id }}\n  - log: kept ${{ event.body.id }}\n");
    case Kind::kPost:
      return webhook_workflow(kind, call_step(sink, {.method = "POST"}));
    case Kind::kPut:
      return webhook_workflow(kind, put_step(sink));
    case Kind::kLoop:
      return webhook_workflow(kind,
                              "  - id: each\n    for-each: ${{ range(0, 3) }}\n    max-parallel: 2\n    steps:\n" +
                                  indented(put_step(sink, {.part = "${{ index }}"})));
    case Kind::kSleep:
      return webhook_workflow(kind, "  - sleep: 300ms\n" + put_step(sink));
    case Kind::kChild:
      break;
  }
  return called_workflow(sink) +
         webhook_workflow(kind,
                          "  - id: child\n    call: load-called\n    with:\n      id: ${{ event.body.id }}\n"
                          "      caller: ${{ execution.id }}\n");
}

}  // namespace

const std::vector<Workload>& all_workloads() {
  static const std::vector<Workload> kAll = {
      {Kind::kSet, "load-set", 0, true},   {Kind::kPost, "load-post", 1, false},  {Kind::kPut, "load-put", 1, true},
      {Kind::kLoop, "load-loop", 3, true}, {Kind::kSleep, "load-sleep", 1, true}, {Kind::kChild, "load-child", 1, true},
  };
  return kAll;
}

const Workload& workload(Kind kind) {
  return all_workloads().at(static_cast<std::size_t>(kind));
}

const Workload& workload(std::string_view name) {
  for (const Workload& each : all_workloads()) {
    if (each.name.substr(each.name.find('-') + 1) == name) return each;
  }
  throw std::invalid_argument("there is no workload '" + std::string(name) + "'");
}

std::string workflows_calling(std::uint16_t sink, const std::vector<Kind>& kinds) {
  std::string all;
  for (const Kind kind : kinds) all += workflow_calling(sink, kind);
  return all;
}

std::string schedule_calling(std::uint16_t sink) {
  return workflow(
      "load-tick", "schedule:\n    - cron: \"* * * * * *\"",
      "steps:\n" + put_step(sink, {.id = "\"" + std::string(kTickPrefix) + "${{ event.scheduled_for }}\""}));
}

}  // namespace ipaas::test
