// An execution becomes a test that its workflow passes.
#include "core/service/test_export.h"

#include "core/engine/local_runner.h"
#include "core/engine/testing/mock_error.h"
#include "core/engine/testing/run_case.h"
#include "core/language/workflow_parser.h"
#include "tests/unit/service/service_case.h"

using namespace ipaas;
using namespace ipaas::test;
using namespace std::chrono_literals;

namespace {

/// The world in which the execution ran: each step's answers in turn, the last one again and again.
class World final : public engine::Receiver {
 public:
  std::optional<engine::Answer> answer(const domain::Effect& call, Instant) override {
    auto& answers = script.contains(call.path) ? script[call.path] : script["*"];
    if (answers.empty()) return engine::Answer{Json{{"status", 200}, {"body", {{"path", call.path}}}}, Duration(20)};
    auto answer = answers.front();
    if (answers.size() > 1) answers.erase(answers.begin());
    return answer;
  }
  std::optional<engine::WaitAnswer> answer_wait(const domain::Step& step, Instant) override {
    const auto found = signals.find(step.path);
    if (found == signals.end()) return std::nullopt;
    return engine::WaitAnswer{found->second, 5min};
  }

  std::map<std::string, std::vector<engine::Answer>> script;
  std::map<std::string, engine::Signal> signals;
};

engine::Answer failing(std::string code, std::string message, engine::FailureClass kind, bool repeatable = true) {
  engine::CallFailed failure;
  failure.code = std::move(code);
  failure.message = std::move(message);
  failure.failure_class = kind;
  failure.repeatable = repeatable;
  failure.worth_retrying = kind != engine::FailureClass::kRejected;
  return {failure, 20ms};
}

engine::Answer giving(Json outputs) { return {std::move(outputs), 20ms}; }

/// As the command line has it, without what needs a signature.
class Connectors final : public engine::testing::Receivers {
 public:
  explicit Connectors(const connectors::Catalog& catalog) : catalog_(catalog) {}
  [[nodiscard]] std::optional<engine::CallFailed> refusal(const domain::CallRequest&) const override { return std::nullopt; }
  [[nodiscard]] bool repeatable(const domain::CallRequest& call) const override {
    return catalog_.find(call.connector)->repeatable(call);
  }
  [[nodiscard]] std::variant<Json, engine::CallFailed> interpret(const domain::CallRequest& call,
                                                                 const engine::testing::MockReply& reply,
                                                                 Instant now) const override {
    auto meaning = catalog_.find(call.connector)->interpret(call, {reply.status, reply.headers, reply.body}, now);
    if (meaning.outputs) return *std::move(meaning.outputs);
    engine::CallFailed failure;
    using Class = connectors::Interpretation::Class;
    failure.failure_class = meaning.failure_class == Class::kRejected   ? engine::FailureClass::kRejected
                            : meaning.failure_class == Class::kDeferred ? engine::FailureClass::kDeferred
                                                                        : engine::FailureClass::kUnknown;
    failure.code = meaning.code;
    failure.message = meaning.message;
    failure.retry_after = meaning.retry_after;
    failure.repeatable = repeatable(call);
    failure.worth_retrying = meaning.worth_retrying;
    return failure;
  }
  [[nodiscard]] std::string delivery_id(const std::string&, const Json&, const Json&) const override { return {}; }

 private:
  const connectors::Catalog& catalog_;
};

class ExportCase : public ServiceCase {
 public:
  /// Runs the workflow to its end in that world, keeps it as ex_1, and exports it.
  Json exported(const std::string& source, World world, Json payload = Json::object(), Json inputs = Json::object(),
                std::vector<engine::TimedFact> facts = {}, domain::TriggerKind trigger = domain::TriggerKind::kManual) {
    REQUIRE(apply({source}) == "created w");
    definition = language::parse_workflows(source, "w.yaml", catalog).value().front();
    domain::ExecutionSnapshot queued;
    queued.execution = make_execution("ex_1", domain::ExecutionStatus::kQueued);
    queued.execution.workflow = reader->workflow(kTenant, "w")->id;
    queued.execution.workflow_name = "w";
    queued.execution.revision = 0;
    queued.execution.trigger = trigger;
    queued.execution.inputs = std::move(inputs);
    queued.execution.vars = vars;
    queued.execution.started_at.reset();
    queued.payload = payload;
    auto run = engine::run_locally(*definition, queued, kNow, world, std::move(facts));
    REQUIRE(run.end == engine::LocalRun::End::kEnded);
    auto change = make_change(run.snapshot.execution);
    change.execution.revision = 1;
    change.steps = run.snapshot.steps;
    change.attempts = run.attempts;
    auto event = accept(change);
    event.event.workflow = change.execution.workflow;
    event.payload = dump_json(payload);
    REQUIRE(memory->commit({std::move(event)}).front());
    const auto result = service::export_test(owner(), ExecutionId("ex_1"));
    if (!result) FAIL(to_string(result.error()));
    masked = result->masked;
    return result->test;
  }

  /// What the test comes to; empty where it passes.
  std::string outcome_of(const Json& test) {
    const auto no_files = [](const std::string&) -> Result<std::string> { return fail(ErrorKind::kInvalid, "no"); };
    const auto tests = engine::testing::read_tests(dump_json(test), "w.test.yaml", no_files);
    if (!tests) return to_string(tests.error().front());
    const auto wrong = engine::testing::check_tests(*tests, {definition});
    if (!wrong.empty()) return to_string(wrong.front());
    const auto result = engine::testing::run_case(tests->cases.front(), *definition, Connectors(catalog));
    std::string text;
    for (const auto& difference : result.differences) {
      text += difference.path + " " + difference.message + " " + (difference.actual ? dump_json(*difference.actual) : "-") + "\n";
    }
    return text;
  }

  Json vars = Json::object();
  language::WorkflowPtr definition;
  std::vector<std::string> masked;
};

std::string call(const std::string& id, const std::string& method = "GET", const std::string& more = "") {
  return "{ id: " + id + ", uses: http/request, with: { method: " + method + ", url: 'https://x.example/" + id + "' }" + more + " }";
}

std::string workflow(const std::string& rest, const std::string& on = "{ manual: {} }") { return "name: w\non: " + on + "\n" + rest; }

}  // namespace

TEST_CASE("an execution that went well passes as a test") {
  ExportCase with;
  const Json test = with.exported(workflow("inputs: { n: { type: number } }\nsteps: [ " + call("a") +
                                           ", { id: b, set: '${{ steps.a.outputs.body.path }}' }, " + call("c", "GET", ", if: 'false'") +
                                           " ]\noutputs: { b: '${{ steps.b.outputs }}' }\n"),
                                  {}, Json::object(), {{"n", 3}});
  CHECK(test["cases"][0]["inputs"] == Json{{"n", 3}});
  CHECK(test["cases"][0]["expect"]["outputs"] == Json{{"b", "a"}});
  CHECK(with.outcome_of(test).empty());
  CHECK(with.masked.empty());
}

TEST_CASE("a failure is found again, with its code and its step") {
  ExportCase with;
  World world;
  world.script["a"] = {failing("rejected", "x.example answered 404: no such order", engine::FailureClass::kRejected)};
  const Json test = with.exported(workflow("steps: [ " + call("a", "POST") + ", " + call("b") + " ]\non-failure: [ " + call("tell") + " ]\n"), world);
  CHECK(test["cases"][0]["mocks"]["a"]["reply"] == Json{{"status", 404}, {"body", "no such order"}});
  CHECK(test["cases"][0]["expect"]["error"] == Json{{"code", "rejected"}, {"step", "a"}});
  CHECK(with.outcome_of(test).empty());
}

TEST_CASE("failed tries stand before the one that succeeded") {
  ExportCase with;
  World world;
  world.script["a"] = {failing("connect_failed", "refused", engine::FailureClass::kNotSent),
                       failing("rejected", "x.example answered 500", engine::FailureClass::kUnknown),
                       giving({{"status", 200}, {"body", "ok"}})};
  const Json test = with.exported(workflow("steps: [ " + call("a") + " ]\noutputs: { n: '${{ steps.a.attempts }}' }\n"), world);
  REQUIRE(test["cases"][0]["mocks"]["a"].size() == 3);
  CHECK(test["cases"][0]["mocks"]["a"][0]["error"]["code"] == "connect_failed");
  CHECK(test["cases"][0]["mocks"]["a"][1]["reply"]["status"] == 500);
  CHECK(with.outcome_of(test).empty());
}

TEST_CASE("what was not known to have happened is still not known") {
  ExportCase with;
  World world;
  world.script["a"] = {failing("timeout", "no answer within 30s", engine::FailureClass::kUnknown, false)};
  const Json test = with.exported(workflow("steps: [ " + call("a", "POST") + " ]\n"), world);
  CHECK(test["cases"][0]["expect"]["error"]["code"] == "outcome_unknown");
  CHECK(with.outcome_of(test).empty());
}

TEST_CASE("the variables that it saw are those of the test") {
  ExportCase with;
  with.vars = {{"Region", "eu"}};
  const Json test = with.exported(workflow("steps: [ { id: a, set: '${{ vars.region }}' } ]\noutputs: { a: '${{ steps.a.outputs }}' }\n"), {});
  CHECK(test["cases"][0]["vars"] == Json{{"Region", "eu"}});
  CHECK(test["cases"][0]["expect"]["outputs"] == Json{{"a", "eu"}});
  CHECK(with.outcome_of(test).empty());
}

TEST_CASE("rounds of a loop have answers of their own") {
  ExportCase with;
  World world;
  world.script["all[1].one"] = {failing("rejected", "x.example answered 422: bad", engine::FailureClass::kRejected)};
  const Json test = with.exported(workflow("steps:\n  - id: all\n    for-each: '${{ fromJSON(''[1, 2, 3]'') }}'\n    max-parallel: 3\n"
                                           "    steps: [ " + call("one", "POST") + " ]\n"), world);
  CHECK(test["cases"][0]["mocks"].contains("all[1].one"));
  CHECK(with.outcome_of(test).empty());
}

TEST_CASE("called workflows and people answer as they did") {
  ExportCase with;
  World world;
  world.script["ship"] = {giving({{"count", 3}})};
  world.signals["ok"] = {.path = "ok", .kind = engine::Signal::Kind::kApprove, .by = "uid:1", .comment = "fine", .payload = {}};
  const Json test = with.exported(workflow("steps: [ { id: ok, wait-for: { approval: { message: 'Ship?' }, timeout: 1h } }, "
                                           "{ id: ship, call: other } ]\noutputs: { n: '${{ steps.ship.outputs.count }}', by: '${{ steps.ok.outputs.by }}' }\n"),
                                  world);
  CHECK(test["cases"][0]["expect"]["outputs"] == Json{{"n", 3}, {"by", "uid:1"}});
  CHECK(with.outcome_of(test).empty());
}

TEST_CASE("nobody answered, and it failed for that") {
  ExportCase with;
  const Json test = with.exported(workflow("steps: [ { id: ok, wait-for: { callback: {}, timeout: 1h } } ]\n"), {});
  CHECK(test["cases"][0]["expect"]["error"]["code"] == "wait_timed_out");
  CHECK(with.outcome_of(test).empty());
}

TEST_CASE("a cancelled execution is cancelled at the same time") {
  ExportCase with;
  const Json test = with.exported(workflow("steps: [ " + call("a") + ", { id: nap, sleep: 1h }, " + call("b") + " ]\nfinally: [ " + call("end") + " ]\n"),
                                  {}, Json::object(), Json::object(), {{kNow + 10min, engine::Cancel{"uid:0"}}});
  CHECK(test["cases"][0]["expect"]["status"] == "cancelled");
  CHECK(test["cases"][0]["cancel-after"] == "10m");
  CHECK(with.outcome_of(test).empty());
}

TEST_CASE("secrets and what is sensitive are masked, and it is said where") {
  ExportCase with;
  World world;
  world.script["a"] = {giving({{"status", 200}, {"body", {{"note", "it is hunter2-hunter2"}, {"n", 1}}}})};
  world.script["b"] = {giving({{"status", 200}, {"body", "DE00"}})};
  const Json test = with.exported(workflow("steps: [ " + call("a") + ", " + call("b", "GET", ", sensitive: true") + " ]\n",
                                           "{ webhook: { verify: { scheme: none } } }"),
                                  world, {{"body", {{"password", "4711"}, {"city", "Paris"}}}, {"id", nullptr}}, Json::object(), {},
                                  domain::TriggerKind::kWebhook);
  const std::string text = dump_json(test);
  for (const char* secret : {"hunter2", "4711", "DE00"}) CHECK(text.find(secret) == std::string::npos);
  CHECK(text.find("Paris") != std::string::npos);
  CHECK(with.masked == std::vector<std::string>{"event.body.password", "mocks.a.outputs.body.note", "mocks.b.outputs"});
  CHECK_FALSE(test["cases"][0]["event"].contains("id"));
  CHECK(with.outcome_of(test).empty());
}

TEST_CASE("what cannot be a test says why") {
  ServiceCase with;
  with.apply({workflow_text("greet")});
  auto running = accept("ex_1", domain::ExecutionStatus::kRunning);
  running.event.workflow = running.first->execution.workflow = with.reader->workflow(kTenant, "greet")->id;
  REQUIRE(with.memory->commit({running}).front());
  CHECK(service::export_test(with.owner(), ExecutionId("ex_1")).error().kind == ErrorKind::kConflict);
  CHECK(service::export_test(with.owner(), ExecutionId("ex_none")).error().kind == ErrorKind::kNotFound);
}
