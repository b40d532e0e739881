// Defects of ours: what throws ends one execution, what brings the process down is told of, and not for ever.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "core/store/sqlite/sqlite_store.h"
#include "daemon/crash_report.h"
#include "tests/support/fake_sealer.h"
#include "tests/unit/daemon/runtime_kit.h"

using namespace ipaas;
using namespace ipaas::test;
using daemon::CrashMarks;

namespace {

/// A connector with a defect in its one action.
class Faulty final : public connectors::Connector {
 public:
  explicit Faulty(std::function<void()> defect) : defect_(std::move(defect)) {
    language::ActionInfo action;
    action.connector = "faulty";
    action.name = "act";
    actions_.push_back(std::move(action));
  }
  [[nodiscard]] std::string_view name() const override { return "faulty"; }
  [[nodiscard]] std::string_view description() const override { return "fails"; }
  [[nodiscard]] const std::vector<language::ActionInfo>& actions() const override { return actions_; }
  [[nodiscard]] Result<connectors::HttpCall> prepare(const domain::CallRequest&,
                                                     const std::optional<connectors::CredentialFields>&) const override {
    defect_();
    return fail(ErrorKind::kInvalid, "no defect");
  }
  [[nodiscard]] connectors::Interpretation interpret(const domain::CallRequest&, const connectors::HttpReply&,
                                                     Instant) const override {
    return {};
  }
  [[nodiscard]] bool repeatable(const domain::CallRequest&) const override { return true; }

 private:
  std::function<void()> defect_;
  std::vector<language::ActionInfo> actions_;
};

InstanceOptions with_defect(std::function<void()> defect) {
  InstanceOptions options;
  options.connector = [defect = std::move(defect)] { return std::make_unique<Faulty>(defect); };
  return options;
}

constexpr std::string_view kFaulty =
    "name: faulty\non: { manual: {} }\nsteps: [ { id: act, uses: faulty/act, with: { } } ]\n";

/// Frames that no compiler makes into a loop.
int overrun(volatile char* above, int depth) {
  volatile char frame[4096];
  frame[0] = above == nullptr ? '\0' : above[0];
  return depth < 0 ? 0 : overrun(frame, depth + 1) + frame[0];
}

std::string content_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// Runs it in a process of its own; the signal that ended it, or 0.
int signal_that_ends(const std::function<void()>& run) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::alarm(static_cast<unsigned>(kRuntimePatience.count()));
    run();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

const ExecutionId kSome("ex_some");

/// The sanitizers end a process that overruns its stack in a way of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

}  // namespace

TEST_CASE("a connector that throws fails its execution as internal, and the daemon goes on") {
  FlakyStore store(store::make_memory_store());
  const auto defect = GENERATE(0, 1);
  Instance with(store, with_defect([defect] {
    if (defect == 0) throw std::runtime_error("a defect");
    throw 42;
  }));
  with.apply(std::string(kFaulty));
  with.apply("name: good\non: { manual: {} }\nsteps: [ { set: 1 } ]\n");
  const auto snapshot = with.ended(with.run("faulty"));
  CHECK(snapshot.execution.error->code == "internal");
  CHECK(snapshot.execution.error->message.find("the connector faulty failed") != std::string::npos);
  CHECK(with.slots.used() == 0);
  CHECK(with.end_of(with.run("good")) == "succeeded");
}

TEST_CASE("a worker that overruns its stack leaves a report without a word of the payload, and dies by the signal") {
  if (kSanitized) return;
  const TemporaryFolder folder;
  const auto report = folder.path() / "crash.log";
  const int signal = signal_that_ends([&] {
    if (!daemon::report_crashes(report)) return;
    static_cast<void>(::freopen("/dev/null", "w", stderr));
    std::thread worker([] {
      const daemon::FaultStack stack;
      overrun(nullptr, 0);
    });
    worker.join();
  });
  CHECK(signal == SIGSEGV);
  const std::string text = content_of(report);
  CHECK(text.starts_with("ipaasd "));
  CHECK(text.find("by SIGSEGV; it was at:\n") != std::string::npos);
  CHECK(text.find("[0x") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') <= 70);
  CHECK((std::filesystem::status(report).permissions() & std::filesystem::perms::mask) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("whoever brings the daemon down is known to the next one") {
  if (kSanitized) return;
  const TemporaryFolder folder;
  const auto marks = folder.path() / "crash.marks";
  FakeSealer sealer;
  const auto open = [&] { return FlakyStore(store::open_sqlite(folder.path() / "store.db", sealer).value()); };
  const auto only_one = [](FlakyStore& store) { return store.open_reader().value()->executions(kTenant, {}).value().at(0).id; };
  for (domain::BootId boot = 1; boot <= 3; ++boot) {
    const int signal = signal_that_ends([&] {
      static_cast<void>(::freopen("/dev/null", "w", stderr));
      if (!daemon::report_crashes(folder.path() / "crash.log")) return;
      FlakyStore store = open();
      static_cast<void>(store.release_orphans(boot));
      InstanceOptions options = with_defect([] { overrun(nullptr, 0); });
      options.boot = boot * 1000;
      options.marks = marks;
      Instance with(store, options);
      if (boot == 1) {
        with.apply(std::string(kFaulty));
        with.run("faulty");
      }
      // What was under way counts as a try, and is repeated after its pause. Time does not run away with the timeout.
      const ExecutionId id = only_one(store);
      const auto tries = static_cast<int>(boot) - 1;
      static_cast<void>(with.eventually([&] { return boot > 1 && with.look(id).steps.at(0).attempts == tries; }));
      with.advance(std::chrono::seconds(10));
      static_cast<void>(with.eventually([] { return false; }));
    });
    REQUIRE(signal == SIGSEGV);
    // The daemon counts at its start whom the last one died for.
    CrashMarks left;
    const auto found = left.open(marks).value();
    REQUIRE(found.size() == 1);
    FlakyStore store = open();
    CHECK(found.front().execution == only_one(store));
    CHECK(found.front().tenant == kTenant);
    CHECK(found.front().crashes == 1);
  }
}

TEST_CASE("an execution that is set aside fails as poisoned and is not called again") {
  FlakyStore store(store::make_memory_store());
  std::atomic<int> calls{0};
  Instance with(store, with_defect([&] {
    ++calls;
    throw std::runtime_error("a defect");
  }));
  with.apply("name: sleepy\non: { manual: {} }\nsteps: [ { sleep: 1h }, { uses: faulty/act, with: { } } ]\n");
  const auto id = with.run("sleepy");
  with.dispatcher.deliver(kTenant, id, engine::Broke{"set aside", "poisoned"});
  const auto snapshot = with.ended(id);
  CHECK(status_name(snapshot.execution.status) == "failed");
  CHECK(snapshot.execution.error->code == "poisoned");
  with.advance(std::chrono::hours(2));
  CHECK(with.eventually([&] { return with.dispatcher.idle(); }));
  CHECK(calls == 0);
}

TEST_CASE("work that is over leaves no mark") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "marks";
  CrashMarks first;
  CHECK(first.open(file)->empty());
  { const CrashMarks::Mark mark(first, kTenant, kSome, 1); }
  CrashMarks second;
  CHECK(second.open(file)->empty());
}

TEST_CASE("who was being worked on at a kill is to blame only when the next kill finds it at the same place") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "marks";
  /// A life that blames whom it finds, counted, and is then killed while it works at the place.
  const auto blamed_by_life_at = [&](std::int64_t place) {
    const pid_t life = ::fork();
    REQUIRE(life >= 0);
    if (life == 0) {
      CrashMarks marks;
      const auto found = marks.open(file);
      const CrashMarks::Mark mark(marks, kTenant, kSome, place);
      ::_exit(!found || found->empty() ? 0 : found->front().crashes);
    }
    int status = 0;
    REQUIRE(::waitpid(life, &status, 0) == life);
    return WEXITSTATUS(status);
  };
  CHECK(blamed_by_life_at(5) == 0);
  CHECK(blamed_by_life_at(6) == 0);  // killed at 5
  CHECK(blamed_by_life_at(6) == 0);  // at 6, for the first time
  CHECK(blamed_by_life_at(6) == 2);  // and again
  CHECK(blamed_by_life_at(7) == 1);
  CHECK(blamed_by_life_at(8) == 0);
}

TEST_CASE("a file of marks that is none, or is in the way, is no reason to crash") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "marks";
  std::ofstream(file) << std::string(100'000, 'x');
  CrashMarks marks;
  CHECK(marks.open(file)->empty());
  std::filesystem::create_directory(folder.path() / "folder");
  CHECK(marks.open(folder.path() / "folder").error().message.find("cannot open") != std::string::npos);
  // More at once than there is room for: some are not marked.
  std::vector<std::thread> threads;
  for (int i = 0; i < 200; ++i) {
    threads.emplace_back([&] { const CrashMarks::Mark mark(marks, kTenant, kSome, 1); });
  }
  for (auto& thread : threads) thread.join();
}
