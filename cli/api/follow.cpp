#include "cli/api/follow.h"

#include <algorithm>
#include <optional>
#include <ostream>

#include "cli/output/fields.h"
#include "core/base/time_text.h"

namespace ipaas::cli {
namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(100);
constexpr Duration kLongestPause = std::chrono::seconds(2);
constexpr Duration kPatience = std::chrono::minutes(10);
constexpr Duration kLongestPoll = std::chrono::seconds(30);

/// The daemon is away or on its way out: it may come back.
bool may_come_back(const Error& error) {
  return error.code == kUnreachableCode || error.kind == ErrorKind::kDraining || error.kind == ErrorKind::kBacklogFull;
}

/// How long to wait before the next try, and when to stop trying.
class Patience {
 public:
  explicit Patience(const Context& context) : context_(context) {}

  void restored() {
    pause_ = kFirstPause;
    away_since_.reset();
  }

  /// Waits; false once the daemon has been away too long.
  [[nodiscard]] bool wait() {
    const Instant now = context_.world.clock.now();
    if (!away_since_) {
      away_since_ = now;
      context_.print.note("the daemon is away: waiting for it (Ctrl-C ends)");
    }
    if (now - *away_since_ > kPatience) return false;
    nap();
    return true;
  }

  void nap() {
    context_.world.pause(pause_);
    pause_ = std::min(pause_ * 2, kLongestPause);
  }

 private:
  const Context& context_;
  Duration pause_ = kFirstPause;
  std::optional<Instant> away_since_;
};

}  // namespace

ResultOrErrors<void> follow(const Context& context, const Client& client, const std::string& path, const Query& query,
                            std::string last_event_id, const EventStreamParser::Receiver& receiver) {
  Patience patience(context);
  bool connected_once = false;
  const auto receive = [&](const StreamEvent& event) {
    patience.restored();
    if (!event.id.empty()) last_event_id = event.id;
    return receiver(event);
  };
  while (true) {
    const auto end = client.stream(path, query, last_event_id, receive);
    if (!end) {
      if (!connected_once || !may_come_back(end.error().front()) || !patience.wait())
        return tl::unexpected(end.error());
      continue;
    }
    connected_once = true;
    if (*end == Client::StreamEnd::kReceiverDone || !context.world.out.good()) return {};
    patience.nap();
  }
}

bool has_ended(const Json& execution) { return !text_of(execution, "ended_at").empty(); }

ExitCode exit_code_of_execution(const Json& execution) {
  if (!has_ended(execution)) return ExitCode::kTimedOut;
  return text_of(execution, "status") == "succeeded" ? ExitCode::kOk : ExitCode::kExecutionFailed;
}

ResultOrErrors<Json> await_end(const Context& context, const Client& client, const std::string& id, Duration timeout) {
  const Clock& clock = context.world.clock;
  const Instant begin = clock.now();
  Patience patience(context);
  std::optional<Json> seen;
  while (true) {
    const Instant asked = clock.now();
    const Duration left =
        timeout == Duration::zero() ? kLongestPoll : std::max(Duration::zero(), begin + timeout - asked);
    const auto poll = std::chrono::duration_cast<Duration>(std::min(left, kLongestPoll));
    auto answer = client.get(api_path("/api/v1/executions", id), {{"wait", format_duration(poll)}});
    if (!answer) {
      if (!seen || !may_come_back(answer.error().front()) || !patience.wait()) return tl::unexpected(answer.error());
      continue;
    }
    seen = std::move(answer->data);
    if (has_ended(*seen) || (timeout != Duration::zero() && clock.now() >= begin + timeout)) return std::move(*seen);
    // An answer before its time means that the daemon does not wait now (it drains): do not ask it in a tight loop.
    if (clock.now() - asked < poll) {
      patience.nap();
    } else {
      patience.restored();
    }
  }
}

}  // namespace ipaas::cli
