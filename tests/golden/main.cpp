// Replays recorded histories: today's engine decides, on the same facts, what the engine decided that recorded them.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "core/language/workflow_parser.h"
#include "tests/support/change_json.h"
#include "tests/support/fact_json.h"
#include "tests/support/fake_catalog.h"

namespace ipaas::test {
namespace {

const Instant kBegan = from_millis(1'767'225'600'000);

/// Links as an installation with a public address would make them.
class ExampleLinks final : public engine::WaitLinks {
 public:
  [[nodiscard]] std::string link(const domain::Execution& execution, std::string_view path) const override {
    return "https://ipaas.example/api/waits/" + execution.id.str() + "/" + std::string(path);
  }
};

domain::ExecutionSnapshot beginning_of(const language::Workflow& workflow, const Json& history) {
  domain::ExecutionSnapshot snapshot;
  domain::Execution& execution = snapshot.execution;
  execution.id = ExecutionId("ex_1");
  execution.tenant = TenantId("tn_1");
  execution.workflow = WorkflowId("wf_1");
  execution.workflow_name = workflow.name;
  execution.event = EventId("ev_1");
  execution.seed = 7;
  execution.engine_version = history.at("engine_version").get<int>();
  execution.created_at = kBegan;
  execution.inputs = history.value("inputs", Json::object());
  if (history.value("child", false)) execution.parent = domain::Parent{ExecutionId("ex_0"), EffectId("ex_0/call/1")};
  snapshot.event = {execution.event, execution.tenant, execution.workflow, execution.trigger, kBegan};
  snapshot.payload = history.value("payload", Json::object());
  engine::enrol(workflow, snapshot, kBegan);
  return snapshot;
}

/// What is decided on each fact; null where it is ignored.
Json decide_all(const Json& history) {
  static const FakeCatalog catalog;
  static const ExampleLinks links;
  std::string text;
  for (const Json& line : history.at("workflow")) text += line.get<std::string>() + "\n";
  const auto workflows = language::parse_workflows(text, "workflow.yaml", catalog);
  if (!workflows) throw std::runtime_error(to_string(workflows.error().front()));
  const language::Workflow& workflow = *workflows->front();
  domain::ExecutionSnapshot snapshot = beginning_of(workflow, history);
  engine::DecideLimits limits;
  limits.links = &links;
  Json changes = Json::array();
  for (const Json& entry : history.at("facts")) {
    const Instant now = kBegan + Duration(entry.at("at").get<std::int64_t>());
    const auto decision = engine::decide(workflow, snapshot, fact_from_json(entry), now, limits);
    changes.push_back(decision ? to_json(decision->change) : Json());
    if (decision) domain::apply(snapshot, decision->change);
  }
  if (!domain::has_ended(snapshot.execution)) throw std::runtime_error("the history does not lead to an end; the next fact may be about " +
      (snapshot.effects.empty() ? std::string("nothing") : snapshot.effects.front().id.str()));
  return changes;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string printed(const Json& history) { return history.dump(1) + "\n"; }

/// A record is made once for an engine, and stays: what began under it is decided by it to the end.
void record(const std::filesystem::path& path, Json history) {
  if (history.contains("changes") && history.at("engine_version") != engine::kEngineVersion) {
    throw std::runtime_error("it was recorded by engine " + history.at("engine_version").dump() + " and stays as it is");
  }
  history["engine_version"] = engine::kEngineVersion;
  history.erase("changes");
  history["changes"] = decide_all(history);
  std::ofstream(path) << printed(history);
}

void replay(const std::string& text, const Json& history) {
  if (printed(history) != text) throw std::runtime_error("it is not written as --record writes it");
  const Json again = decide_all(history);
  const Json& changes = history.at("changes");
  for (std::size_t i = 0; i < std::max(again.size(), changes.size()); ++i) {
    if (i < again.size() && i < changes.size() && dump_json(again[i]) == dump_json(changes[i])) continue;
    throw std::runtime_error("decides otherwise on fact " + std::to_string(i + 1) + "\n  now      " +
                             (i < again.size() ? again[i].dump() : "nothing") + "\n  recorded " + (i < changes.size() ? changes[i].dump() : "nothing"));
  }
}

int run(const std::filesystem::path& folder, bool recording) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  int wrong = 0;
  for (const auto& path : files) {
    try {
      const std::string text = read(path);
      const Json history = Json::parse(text);
      if (recording) {
        record(path, history);
      } else {
        replay(text, history);
      }
    } catch (const std::exception& error) {
      ++wrong;
      std::cout << path.filename().string() << ": " << error.what() << '\n';
    }
  }
  std::cout << files.size() << " histories, " << wrong << " wrong\n";
  return wrong == 0 && !files.empty() ? 0 : 1;
}

}  // namespace
}  // namespace ipaas::test

int main(int argc, char** argv) {
  std::string folder;
  bool recording = false;
  CLI::App app{"Replays the recorded histories of a folder"};
  app.add_option("folder", folder, "with one JSON file a history")->required()->check(CLI::ExistingDirectory);
  app.add_flag("--record", recording, "writes what is decided today into histories of today's engine");
  CLI11_PARSE(app, argc, argv);
  return ipaas::test::run(folder, recording);
}
